//! `.ptau` files taken apart, changed and put together again, or made from a tau of one's choice.

use ff::{Field, PrimeField};
use group::Curve;
use halo2_proofs::halo2curves::{
    bn256::{Fr, G1Affine, G2Affine},
    serde::SerdeObject,
};
use pacioli_attestation::setup::FileDigest;

/// The sections of a file: id and contents.
pub struct Ptau {
    pub sections: Vec<(u32, Vec<u8>)>,
}

impl Ptau {
    /// The sections of a well-formed file.
    pub fn parse(file: &[u8]) -> Self {
        let (mut rest, mut sections) = (&file[12..], Vec::new());
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(12);
            let id = u32::from_le_bytes(head[..4].try_into().unwrap());
            let length = u64::from_le_bytes(head[4..].try_into().unwrap()) as usize;
            sections.push((id, tail[..length].to_vec()));
            rest = &tail[length..];
        }
        Self { sections }
    }

    /// What snarkjs would have written had the ceremony ended with this tau, less the sections that
    /// nobody keeps.
    pub fn with_tau(tau: Fr, power: u32) -> Self {
        let header = Self::parse(super::FILE).section(1).clone();
        let header = [&header[..36], &power.to_le_bytes(), &power.to_le_bytes()].concat();
        let powers = || std::iter::successors(Some(Fr::ONE), |last| Some(last * tau));
        let tau_g1 = powers().take((2 << power) - 1).flat_map(g1);
        let tau_g2 = powers()
            .take(1 << power)
            .flat_map(|scalar| (G2Affine::generator() * scalar).to_affine().to_raw_bytes());
        let lagrange = (0..=power).flat_map(|power| lagrange_at(tau, power)).flat_map(g1);
        let sections = vec![
            (1, header),
            (2, tau_g1.collect()),
            (3, tau_g2.collect()),
            (12, lagrange.collect()),
        ];
        Self { sections }
    }

    /// The first section with this id.
    pub fn section(&mut self, id: u32) -> &mut Vec<u8> {
        let found = self.sections.iter_mut().find(|(section, _)| *section == id);
        &mut found.expect("the file has the section").1
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let count = self.sections.len() as u32;
        let mut bytes = [b"ptau".as_slice(), &1u32.to_le_bytes(), &count.to_le_bytes()].concat();
        for (id, contents) in &self.sections {
            bytes.extend(id.to_le_bytes());
            bytes.extend((contents.len() as u64).to_le_bytes());
            bytes.extend(contents);
        }
        bytes
    }
}

/// The digest `b2sum` prints.
pub fn digest_of(bytes: &[u8]) -> FileDigest {
    FileDigest(*blake2b_simd::blake2b(bytes).as_array())
}

/// Swaps two points of `size` bytes.
pub fn swap(points: &mut [u8], size: usize, a: usize, b: usize) {
    for byte in 0..size {
        points.swap(a * size + byte, b * size + byte);
    }
}

/// Replaces a point of G1 by the one of opposite y: still on the curve.
pub fn negate_g1(points: &mut [u8], index: usize) {
    let point = &mut points[index * 64..][..64];
    let negated = -G1Affine::from_raw_bytes(point).expect("a point of an honest file");
    point.copy_from_slice(&negated.to_raw_bytes());
}

fn g1(scalar: Fr) -> Vec<u8> {
    (G1Affine::generator() * scalar).to_affine().to_raw_bytes()
}

/// `L_j(tau)` from the definition, a product over the other roots, in the order of snarkjs's roots
/// of unity: powers of 5^((r - 1) / n).
fn lagrange_at(tau: Fr, power: u32) -> Vec<Fr> {
    let exponent = -Fr::ONE * Fr::from(1 << power).invert().unwrap();
    let limbs = exponent.to_repr();
    let limbs = limbs.chunks(8).map(|limb| u64::from_le_bytes(limb.try_into().unwrap()));
    let root = Fr::from(5).pow_vartime(limbs.collect::<Vec<_>>());
    let roots: Vec<Fr> =
        std::iter::successors(Some(Fr::ONE), |last| Some(last * root)).take(1 << power).collect();
    let basis = |at: &Fr| {
        let others = roots.iter().filter(|root| *root != at);
        others.map(|other| (tau - other) * (at - other).invert().unwrap()).product()
    };
    roots.iter().map(basis).collect()
}

//! Proving and verifying keys, always made from the shape and a setup, never taken from a proof.

use halo2_proofs::{
    SerdeFormat,
    halo2curves::bn256::{Bn256, Fr, G1Affine, G2Affine},
    plonk::{self, keygen_pk, keygen_vk},
    poly::kzg::commitment::ParamsKZG,
};
use pacioli_circuits::{Circuit, Shape};
use sha3::{Digest, Keccak256};

/// What a prover needs besides the setup.
#[derive(Debug)]
pub struct ProvingKey {
    /// The circuit's sizes.
    pub shape: Shape,
    pub(crate) key: plonk::ProvingKey<G1Affine>,
}

/// What a verifier needs: commitments to the fixed columns, and `[tau]_2`.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    /// The circuit's sizes.
    pub shape: Shape,
    pub(crate) key: plonk::VerifyingKey<G1Affine>,
    pub(crate) params: ParamsKZG<Bn256>,
}

impl ProvingKey {
    /// The key for circuits of `shape` under a setup of the same size.
    ///
    /// # Panics
    /// Where the setup is of another size.
    pub fn new(params: &ParamsKZG<Bn256>, shape: Shape) -> Self {
        let circuit = Circuit::of(shape);
        let key = keygen_vk(params, &circuit).expect("the circuit fits its own shape");
        let key = keygen_pk(params, key, &circuit).expect("the circuit fits its own shape");
        Self { shape, key }
    }

    /// The verifying key that belongs to it.
    pub fn verifying_key(&self, s_g2: G2Affine) -> VerifyingKey {
        VerifyingKey {
            shape: self.shape,
            key: self.key.get_vk().clone(),
            params: verifier_params(self.shape.k(), s_g2),
        }
    }
}

impl VerifyingKey {
    /// The key from commitments to the circuit's fixed columns, made by whoever calls this.
    pub fn from_commitments(shape: Shape, fixed: &[G1Affine; 5], s_g2: G2Affine) -> Self {
        // The form that `plonk::VerifyingKey::read` takes: version, k, no compression, the points.
        let mut bytes = vec![2];
        bytes.extend(shape.k().to_le_bytes());
        bytes.push(0);
        bytes.extend((fixed.len() as u32).to_le_bytes());
        for point in fixed {
            use halo2_proofs::halo2curves::serde::SerdeObject;
            bytes.extend(point.to_raw_bytes());
        }
        let key =
            plonk::VerifyingKey::from_bytes::<Circuit>(&bytes, SerdeFormat::RawBytes, Some(shape));
        let key = key.expect("the bytes were just written");
        Self { shape, key, params: verifier_params(shape.k(), s_g2) }
    }

    /// The key's name: Keccak-256 of the shape's transcript word and `[tau]_2`.
    pub fn digest(&self) -> [u8; 32] {
        use halo2_proofs::halo2curves::serde::SerdeObject;
        let representative: Fr = self.key.transcript_repr();
        let mut hasher = Keccak256::new();
        hasher.update(b"pacioli.key.v1");
        hasher.update(crate::transcript::big_endian(&representative));
        hasher.update(self.params.s_g2().to_raw_bytes());
        hasher.finalize().into()
    }
}

/// The part of a setup that checking a proof needs: the generators and `[tau]_2`.
fn verifier_params(k: u32, s_g2: G2Affine) -> ParamsKZG<Bn256> {
    let smallest = ParamsKZG::<Bn256>::setup(1, rand_core::OsRng);
    let generator = G1Affine::generator();
    smallest.from_parts(k, vec![generator], Some(vec![generator]), G2Affine::generator(), s_g2)
}

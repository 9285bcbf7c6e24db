//! A [`PageOpener`] in a file, since making one takes longer than opening a volume.
//!
//! The file is the points that the opener made, 64 bytes each ([`point_bytes`]), and nothing else.
//! Reading does not trust it. With `y_i` the points of the transform and `S_j` the columns of the
//! setup, the file claims `T_ij = sum_a y_i^(m-1-a) S_j[a]`; for random `u_i` and `v_j` both sides of
//! `sum_ij u_i v_j T_ij = sum_aj (sum_i u_i y_i^(m-1-a)) v_j S_j[a]` are one multi-exponentiation,
//! and a false file passes with a chance of `2/p`.

use std::io::{self, Read, Write};

use halo2_proofs::{
    arithmetic::best_multiexp,
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    poly::{commitment::ParamsProver, kzg::commitment::ParamsKZG},
};
use pacioli_attestation::{
    encoding::{parse_point, point_bytes},
    opening::{OpeningError, Pages},
};
use rand_core::{OsRng, RngCore};
use rayon::prelude::*;
use thiserror::Error;

use super::{
    PageOpener,
    page::require_setup,
    transform::{evaluate, reversed, turn},
};

/// Why a file is not an opener for these pages.
#[derive(Debug, Error)]
pub enum OpenerFileError {
    /// The file cannot be read.
    #[error("cannot read the page opener's file: {0}")]
    Io(#[from] io::Error),
    /// The setup does not fit the pages, or 64 bytes are not a valid point.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The file is longer than its points.
    #[error("the page opener's file continues after its {0} points")]
    TooLong(usize),
    /// The points are not those of the setup and the page size.
    #[error(
        "the page opener's file was made for another setup or page size, or by an earlier version: \
         delete it, and it is made again"
    )]
    Foreign,
}

impl PageOpener {
    /// Writes the file that [`Self::read`] reads: `64 * 2^k` bytes.
    ///
    /// # Errors
    /// If `writer` fails.
    pub fn write(&self, writer: &mut impl Write) -> io::Result<()> {
        self.turned.iter().try_for_each(|point| writer.write_all(&point_bytes(point)))
    }

    /// Reads the opener of `pages` over a setup, and checks that it is: two multi-exponentiations
    /// in place of a transform.
    ///
    /// # Errors
    /// If the setup is not for `2^k` rows, or the file is damaged, of another length, or made for
    /// another setup or page size.
    pub fn read(
        params: &ParamsKZG<Bn256>,
        pages: Pages,
        reader: &mut impl Read,
    ) -> Result<Self, OpenerFileError> {
        require_setup(params, pages)?;
        let mut bytes = vec![0; 64 * pages.rows()];
        reader.read_exact(&mut bytes)?;
        if reader.read(&mut [0])? != 0 {
            return Err(OpenerFileError::TooLong(pages.rows()));
        }
        let (points, _) = bytes.as_chunks::<64>();
        let turned = points
            .par_iter()
            .map(parse_point)
            .collect::<Result<Vec<_>, _>>()
            .map_err(OpeningError::from)?;
        if !belongs(params, pages, &turned)? {
            return Err(OpenerFileError::Foreign);
        }
        Ok(Self::from_points(params, pages, turned))
    }
}

/// Whether the points are the transform of the setup's.
fn belongs(params: &ParamsKZG<Bn256>, pages: Pages, turned: &[G1Affine]) -> io::Result<bool> {
    let mut seed = [0; 64];
    let mut random = || {
        OsRng.try_fill_bytes(&mut seed)?;
        Ok::<_, io::Error>(ff::FromUniformBytes::from_uniform_bytes(&seed))
    };
    let weights = (0..pages.count()).map(|_| random()).collect::<io::Result<Vec<Fr>>>()?;
    let columns = (0..pages.page_size()).map(|_| random()).collect::<io::Result<Vec<Fr>>>()?;
    let spread = |rows: &[Fr]| -> Vec<Fr> {
        rows.par_iter().flat_map_iter(|row| columns.iter().map(move |v| row * v)).collect()
    };
    // With y_i = lambda w^j, where w has order m and j is i reversed, a transform over j leaves the
    // sums of u_i w^(jb), and row a of the setup wants that of u_i y_i^b for b = m - 1 - a.
    let count = pages.count();
    let mut powers: Vec<_> = (0..count).map(|j| weights[reversed(j, count)]).collect();
    evaluate(&mut powers, 1);
    let mut powers: Vec<_> = (0..count).map(|b| powers[reversed(b, count)]).collect();
    turn(&mut powers, 1);
    powers.reverse();
    Ok(best_multiexp(&spread(&weights), turned) == best_multiexp(&spread(&powers), params.get_g()))
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::encoding::EncodingError;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    const K: u32 = 6;

    fn setup(seed: u64) -> ParamsKZG<Bn256> {
        ParamsKZG::setup(K, ChaCha20Rng::seed_from_u64(seed))
    }

    fn file(params: &ParamsKZG<Bn256>, pages: Pages) -> Vec<u8> {
        let mut bytes = Vec::new();
        PageOpener::new(params, pages).unwrap().write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn an_opener_comes_back_from_its_file() {
        let params = setup(0);
        let f: Vec<_> = (0..1 << K).map(Fr::from).collect();
        for page_size in [2, 8, 64] {
            let pages = Pages::new(K, page_size).unwrap();
            let read = PageOpener::read(&params, pages, &mut &file(&params, pages)[..]).unwrap();
            let made = PageOpener::new(&params, pages).unwrap();
            assert_eq!(read.open_all(&f), made.open_all(&f));
        }
    }

    #[test]
    fn a_foreign_or_damaged_file_is_refused() {
        let (params, pages) = (setup(0), Pages::new(K, 8).unwrap());
        let read = |bytes: &[u8]| PageOpener::read(&params, pages, &mut &bytes[..]).map(|_| ());
        let honest = file(&params, pages);
        assert!(read(&honest).is_ok());
        assert!(matches!(read(&honest[1..]), Err(OpenerFileError::Io(_))));
        let longer = [&honest[..], &[0]].concat();
        assert!(matches!(read(&longer), Err(OpenerFileError::TooLong(64))));
        let foreign = [file(&setup(1), pages), file(&params, Pages::new(K, 16).unwrap())];
        let (mut swapped, mut zeroed, mut off_curve) =
            (honest.clone(), honest.clone(), honest.clone());
        swapped.rotate_left(64);
        zeroed[64..128].fill(0);
        for bytes in foreign.iter().chain([&swapped, &zeroed]) {
            assert!(matches!(read(bytes), Err(OpenerFileError::Foreign)));
        }
        off_curve[127] ^= 1;
        assert!(matches!(
            read(&off_curve),
            Err(OpenerFileError::Opening(OpeningError::Encoding(EncodingError::Point)))
        ));
    }
}

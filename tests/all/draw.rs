//! Draws theta for provers who do not go the product's way.

use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params},
        kzg::commitment::ParamsKZG,
    },
};
use pacioli_attestation::{Digest, encoding::point_bytes, theta};
use pacioli_circuits::{LineColumns, PublicInputs, UNUSABLE_ROWS};
use rand_core::RngCore;

/// The theta of a proof with these lines, hidden by what halo2's prover draws first from `rng`.
pub fn draw(
    params: &ParamsKZG<Bn256>,
    key: Digest,
    public: &PublicInputs<'_>,
    lines: &LineColumns,
    mut rng: impl RngCore,
) -> Fr {
    let domain = EvaluationDomain::new(1, params.k());
    let commitments = lines.in_order().flat_map(|column| {
        let mut column = column.to_vec();
        let usable = column.len() - UNUSABLE_ROWS;
        column[usable..].fill_with(|| Fr::random(&mut rng));
        let column = domain.lagrange_from_vec(column);
        let commitment: G1Affine = params.commit_lagrange(&column, Blind::default()).into();
        point_bytes(&commitment)
    });
    theta(key, public, &commitments.collect::<Vec<u8>>())
}

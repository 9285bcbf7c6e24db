//! A sender who knows how the page's polynomial is shown, and gives points of its own.

use alloy_primitives::U256;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    VolumeId,
    encoding::{parse_value, point_bytes},
    opening::Opened,
};
use pacioli_verifier_contract::statement::{
    OnChain, Statement,
    StatementVerifier::{NotAPoint, OpeningDoesNotHold},
    challenge,
};

use crate::statement::fixture::{ALICE, Chain, Venue, error, id};

struct Forger {
    honest: OnChain,
    gamma: Fr,
    refused: alloy_primitives::Bytes,
}

fn forger(venue: &Venue) -> Forger {
    let attestation = &venue.first().verified.attestation;
    let word = attestation.context().word(VolumeId::new(0));
    let proof = &attestation.volumes[0].proof;
    let gamma = Opened::of(&venue.key.shape(), word, proof).unwrap().gamma;
    let honest = venue.encoded(&id(ALICE));
    let refused = error(OpeningDoesNotHold { page: honest.statement.page });
    Forger { honest, gamma, refused }
}

/// Opens the polynomial of `of`'s values where `statement` is asked to open its own.
fn open_as(venue: &Venue, gamma: Fr, of: &OnChain, encoded: &mut OnChain) {
    let (of, statement) = (&of.statement, &mut encoded.statement);
    let values = of.pageValues.iter().map(|word| parse_value(&word.to_be_bytes()).unwrap());
    let values: Vec<Fr> = values.collect();
    let polynomial = venue.key.opening().interpolate(of.page.to(), &values).unwrap();
    statement.interpolation = words(&point_bytes(&polynomial.commitment()));
    let (_, shown) = polynomial.open(challenge(statement, gamma));
    statement.evaluation = words(&point_bytes(&shown));
}

fn words(point: &[u8; 64]) -> [U256; 2] {
    [&point[..32], &point[32..]].map(U256::from_be_slice)
}

#[test]
fn the_true_polynomial_does_not_show_other_values() {
    let venue = Venue::get();
    let (mut chain, Forger { honest, gamma, refused }) = (Chain::of(venue), forger(venue));
    let mut again = honest.clone();
    open_as(venue, gamma, &honest, &mut again);
    assert_eq!(again, honest);
    let mut changed = honest.clone();
    changed.statement.pageValues[5] ^= U256::from(1);
    // With the points as they were, and with the true polynomial opened where it is asked to be.
    assert_eq!(chain.refusal(&changed), refused);
    open_as(venue, gamma, &honest, &mut changed);
    assert_eq!(changed.statement.interpolation, honest.statement.interpolation);
    assert_ne!(changed.statement.evaluation, honest.statement.evaluation);
    assert_eq!(chain.refusal(&changed), refused);
}

#[test]
fn another_polynomial_shows_its_values_and_is_not_the_pages() {
    let venue = Venue::get();
    let (mut chain, Forger { honest, gamma, refused }) = (Chain::of(venue), forger(venue));
    let mut changed = honest.clone();
    changed.statement.pageValues[5] ^= U256::from(1);
    let values = changed.clone();
    open_as(venue, gamma, &values, &mut changed);
    assert_eq!(chain.refusal(&changed), refused);
    // Beside the true values its opening does not hold either.
    let mut mixed = honest.clone();
    open_as(venue, gamma, &values, &mut mixed);
    assert_eq!(chain.refusal(&mixed), refused);
}

#[test]
fn every_point_is_needed_and_has_one_encoding() {
    let venue = Venue::get();
    let (mut chain, Forger { honest, refused, .. }) = (Chain::of(venue), forger(venue));
    let q: U256 =
        "0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47".parse().unwrap();
    type Field = fn(&mut Statement) -> &mut [U256; 2];
    let fields: [Field; 2] = [|s| &mut s.interpolation, |s| &mut s.evaluation];
    for field in fields {
        let with = |edit: &dyn Fn(&mut [U256; 2])| {
            let mut statement = honest.clone();
            edit(field(&mut statement.statement));
            statement
        };
        assert_eq!(chain.refusal(&with(&|p| *p = [U256::ZERO; 2])), refused);
        assert_eq!(chain.refusal(&with(&|p| *p = [U256::from(1), U256::from(2)])), refused);
        assert_eq!(chain.refusal(&with(&|p| p[1] = q - p[1])), refused);
        for edit in [
            &|p: &mut [U256; 2]| p[0] += q,
            &|p: &mut [U256; 2]| p[1] += q,
            &|p: &mut [U256; 2]| p[1] ^= U256::from(1),
        ] as [&dyn Fn(&mut [U256; 2]); 3]
        {
            assert_eq!(chain.refusal(&with(edit)), error(NotAPoint {}));
        }
    }
    let mut swapped = honest.clone();
    let Statement { interpolation, evaluation, .. } = &mut swapped.statement;
    std::mem::swap(interpolation, evaluation);
    assert_eq!(chain.refusal(&swapped), refused);
}

#[test]
fn too_little_gas_never_accepts() {
    use alloy_primitives::Address;
    use alloy_sol_types::SolCall;
    use pacioli_verifier_contract::statement::StatementVerifier::checkCall;

    let venue = Venue::get();
    let (mut chain, Forger { honest, .. }) = (Chain::of(venue), forger(venue));
    let needed = chain.check(&honest).unwrap().gas_used;
    let mut changed = honest.clone();
    changed.statement.pageValues[5] ^= U256::from(1);
    for OnChain { volume, statement } in [honest, changed] {
        let call = checkCall { volume, statement };
        let call = call.abi_encode();
        for part in 14..20 {
            let limit = needed * part / 20;
            let got = chain.evm.view_within(Address::ZERO, chain.contract, call.clone(), limit);
            assert!(got.is_err(), "{limit}");
        }
    }
}

//! What an honest venue gives checks, however it was made.

use pacioli_attestation::{
    VerifyingKey, VolumeId,
    statement::{Statement, check},
};
use pacioli_prover::OperatorSecret;

use crate::statements::fixture::{ACCOUNTS, ALICE, Proved, Venue, setup, verify_with};

#[test]
fn every_account_of_two_volumes_has_a_statement_that_checks() {
    let venue = Venue::get();
    assert_eq!((venue.given.len(), venue.attestation.volumes.len()), (ACCOUNTS, 2));
    for (id, given) in &venue.given {
        let bytes = given.statement.to_bytes();
        let statement = Statement::parse(&bytes).unwrap();
        assert!(statement.to_bytes() == bytes && bytes.len() < 10_000);
        let checked = venue.check(&statement, Some(id)).unwrap();
        assert_eq!(checked.balances.len(), 3);
        for index in 0..statement.lines.len() {
            let value = statement.page_values[statement.slot + index];
            assert_eq!(value, venue.sealed_value(id, index));
        }
    }
}

#[test]
fn a_key_from_its_file_checks_the_same() {
    let venue = Venue::get();
    let read = VerifyingKey::from_bytes(&venue.key.to_bytes(), venue.key.digest()).unwrap();
    assert_eq!(read.to_bytes(), venue.key.to_bytes());
    let verified = verify_with(&read, &venue.attestation);
    for given in venue.given.values() {
        check(&given.statement, &verified, None).unwrap();
    }
    let mut broken = venue.statement(ALICE);
    broken.page_values[7][31] ^= 1;
    let refusal = check(&broken, &verified, None).unwrap_err();
    assert_eq!(refusal, venue.check(&broken, None).unwrap_err());
}

#[test]
fn a_page_opened_alone_is_the_page_opened_with_all_others() {
    let mut proved = Proved::with(&OperatorSecret::generate().unwrap());
    let ids = proved.store.ids().unwrap();
    let few: Vec<_> = ids.iter().step_by(50).collect();
    let alone: Vec<_> = {
        let run = proved.run();
        assert_eq!(run.unopened().unwrap(), [0, 1].map(VolumeId::new));
        few.iter().map(|id| run.statement(id, Some(setup())).unwrap()).collect()
    };
    let mut run = proved.run();
    run.open_all(setup(), crate::statements::fixture::opener(), &()).unwrap();
    for (id, alone) in few.iter().zip(alone) {
        assert_eq!(run.statement(id, None).unwrap().to_bytes(), alone.to_bytes());
    }
}

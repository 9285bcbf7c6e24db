//! Statements of one volume together, and volumes that were prepared.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use pacioli_verifier_contract::{
    bindings::Worth,
    evm::{Output, Revert},
    statement::{
        OnChain, Statement,
        StatementVerifier::{
            CommitmentsMissing, NotPrepared, OpeningsDoNotHold, OtherLine, PageValueCount,
            checkManyCall, isPreparedCall, prepareVolumeCall,
        },
    },
};

use crate::statement::fixture::{ALICE, Chain, DESK, TWIN, Venue, error, id};

fn check_many(
    chain: &mut Chain,
    of: &OnChain,
    statements: Vec<Statement>,
) -> Result<Output, Revert> {
    let call = checkManyCall { volume: of.volume.clone(), statements };
    chain.evm.view(Address::ZERO, chain.contract, call.abi_encode())
}

/// Statements of four accounts, on more than one page.
fn statements(venue: &Venue) -> Vec<Statement> {
    let holders = [id(ALICE), id(TWIN), id(ALICE) + DESK, id(Address::repeat_byte(9))];
    let statements = holders.map(|id| venue.encoded(&id).statement).to_vec();
    assert!(statements.iter().any(|other| other.page != statements[0].page));
    statements
}

#[test]
fn statements_are_checked_together_as_they_are_alone() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let of = venue.encoded(&id(ALICE));
    let all = statements(venue);
    for count in 0..=all.len() {
        let output = check_many(&mut chain, &of, all[..count].to_vec()).unwrap();
        let answer = checkManyCall::abi_decode_returns(&output.bytes).unwrap();
        assert!(!answer.revoked);
        let alone: Vec<Worth> = all[..count]
            .iter()
            .map(|statement| OnChain { volume: of.volume.clone(), statement: statement.clone() })
            .map(|encoded| chain.worth(&encoded).0)
            .collect();
        assert_eq!(answer.worths, alone);
    }
    chain.revoke(0);
    let output = check_many(&mut chain, &of, all).unwrap();
    assert!(checkManyCall::abi_decode_returns(&output.bytes).unwrap().revoked);
}

#[test]
fn one_that_does_not_hold_among_others_is_refused() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let of = venue.encoded(&id(ALICE));
    let all = statements(venue);
    let refused = error(OpeningsDoNotHold {});
    let q: U256 =
        "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001".parse().unwrap();
    for at in 0..all.len() {
        // A value of the page, not one of the account's own lines.
        let mut changed = all.clone();
        let slot = changed[at].slot.to::<usize>() + changed[at].lines.len();
        let slot = if slot < 64 { slot } else { 0 };
        changed[at].pageValues[slot] = (changed[at].pageValues[slot] + U256::from(1)) % q;
        assert_eq!(check_many(&mut chain, &of, changed).unwrap_err().data, refused);
        // Points of another page.
        let mut swapped = all.clone();
        let other = (0..all.len()).find(|&other| all[other].page != all[at].page).unwrap();
        swapped[at].opening = all[other].opening;
        assert_eq!(check_many(&mut chain, &of, swapped).unwrap_err().data, refused);
        let mut short = all.clone();
        short[at].pageValues.pop();
        let refused = PageValueCount { expected: U256::from(64), got: U256::from(63) };
        assert_eq!(check_many(&mut chain, &of, short).unwrap_err().data, error(refused));
        // The lines are each account's own.
        let mut renamed = all.clone();
        renamed[at].id += "x";
        let refused = OtherLine { line: U256::ZERO };
        assert_eq!(check_many(&mut chain, &of, renamed).unwrap_err().data, error(refused));
    }
}

#[test]
fn errors_that_cancel_out_under_equal_weights_do_not_under_drawn_ones() {
    // Two openings of one page, one too large by a point and the other too small by the same.
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let of = venue.encoded(&id(ALICE));
    let one = of.statement.clone();
    let q: U256 =
        "0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47".parse().unwrap();
    let [mut plus, mut minus] = [one.clone(), one.clone()];
    plus.opening = [U256::from(1), U256::from(2)];
    minus.opening = [U256::from(1), q - U256::from(2)];
    for encoded in [&mut plus, &mut minus] {
        let mut whole = OnChain { volume: of.volume.clone(), statement: encoded.clone() };
        venue.show(&mut whole);
        *encoded = whole.statement;
    }
    let refused = error(OpeningsDoNotHold {});
    let mut of_none = one;
    of_none.opening = [U256::ZERO; 2];
    for all in [vec![plus.clone(), minus.clone()], vec![plus, minus, of_none]] {
        assert_eq!(check_many(&mut chain, &of, all).unwrap_err().data, refused);
    }
}

#[test]
fn a_prepared_volume_needs_no_commitments() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let full = venue.encoded(&id(ALICE));
    let commitments = full.volume.commitments.clone();
    let mut encoded = full.clone();
    encoded.volume.commitments = Bytes::new();
    let phase1 = keccak256(&commitments);
    assert_eq!(chain.refusal(&encoded), error(NotPrepared { phase1 }));

    let prepare = |chain: &mut Chain, word, commitments: Bytes| {
        let call = prepareVolumeCall { word, commitments }.abi_encode();
        chain.evm.call(TWIN, chain.contract, call)
    };
    // What somebody else prepares is of another volume.
    prepare(&mut chain, venue.word(1), commitments.clone()).unwrap();
    let mut swapped = commitments.to_vec();
    swapped.rotate_left(64);
    prepare(&mut chain, venue.word(0), swapped.into()).unwrap();
    assert_eq!(chain.refusal(&encoded), error(NotPrepared { phase1 }));
    let short = prepare(&mut chain, venue.word(0), commitments.slice(..64)).unwrap_err();
    assert!(short.is(<CommitmentsMissing as alloy_sol_types::SolError>::SELECTOR));

    let call = isPreparedCall { word: venue.word(0), phase1 };
    let is_prepared = |chain: &mut Chain| {
        let output = chain.evm.view(TWIN, chain.contract, call.abi_encode()).unwrap();
        isPreparedCall::abi_decode_returns(&output.bytes).unwrap()
    };
    assert!(!is_prepared(&mut chain));
    prepare(&mut chain, venue.word(0), commitments).unwrap();
    assert!(is_prepared(&mut chain));
    assert_eq!(chain.worth(&encoded), chain.worth(&full));
    // It is checked as strictly.
    encoded.statement.pageValues[63] ^= U256::from(1);
    assert!(chain.check(&encoded).is_err());
}

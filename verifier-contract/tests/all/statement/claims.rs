//! Whose statement it is, and what is kept of it.

use alloy_primitives::{Address, B256, Bytes, Log, U256};
use alloy_sol_types::{SolCall, SolEvent, SolValue};
use pacioli_circuits::Owner;
use pacioli_verifier_contract::{
    bindings::Claim,
    evm::{Output, Revert},
    statement::{
        OnChain,
        StatementVerifier::{
            AlreadyClaimed, AttestationRevoked, Claimed, NotTheCallersId, OtherLine, claimCall,
            claimOfCall, ownerOfCall,
        },
    },
};

use crate::statement::fixture::{ALICE, Chain, DESK, TWIN, VENUE_ID, Venue, error, id};

fn claim(chain: &mut Chain, from: Address, encoded: &OnChain) -> Result<Output, Revert> {
    let OnChain { volume, statement } = encoded.clone();
    let call = claimCall { volume, statement };
    chain.evm.call(from, chain.contract, call.abi_encode())
}

fn refusal(chain: &mut Chain, from: Address, encoded: &OnChain) -> Bytes {
    claim(chain, from, encoded).unwrap_err().data
}

fn claimed(chain: &mut Chain, round: u64, id: &str) -> Claim {
    let owner = Owner::new(id).bytes().into();
    let call = claimOfCall { venue: VENUE_ID, round, owner };
    let output = chain.evm.view(Address::ZERO, chain.contract, call.abi_encode()).unwrap();
    Claim::abi_decode(&output.bytes).unwrap()
}

/// What the venue owes [`ALICE`] at mark: 7.5 BTC and 1037.25 USDC, in units of 1e-16 dollars.
fn owed() -> U256 {
    U256::from(91_250_500_u128 * 75 / 10 + 1_037_250) * U256::from(10_u128.pow(13))
}

#[test]
fn a_holder_claims_once_for_each_attestation_and_account() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let alice = id(ALICE);
    let statement = venue.encoded(&alice);
    assert_eq!(claimed(&mut chain, 0, &alice).claimant, Address::ZERO);

    let output = claim(&mut chain, ALICE, &statement).unwrap();
    assert_eq!(<(U256, U256)>::abi_decode(&output.bytes).unwrap(), (owed(), U256::ZERO));
    let owner: B256 = Owner::new(&alice).bytes().into();
    let event = Claimed {
        venue: VENUE_ID,
        round: 0,
        claimant: ALICE,
        owner,
        id: alice.clone(),
        equity: owed(),
        shortfall: U256::ZERO,
    };
    assert_eq!(output.logs, [Log { address: chain.contract, data: event.encode_log_data() }]);
    let kept = Claim { claimant: ALICE, equity: owed().to(), shortfall: 0 };
    assert_eq!(claimed(&mut chain, 0, &alice), kept);
    assert_eq!(refusal(&mut chain, ALICE, &statement), error(AlreadyClaimed { owner }));

    // The sub-account is another one, and so is the account in the next attestation.
    let desk = alice.clone() + DESK;
    claim(&mut chain, ALICE, &venue.encoded(&desk)).unwrap();
    assert_eq!(claimed(&mut chain, 0, &desk), kept);
    assert_eq!(claimed(&mut chain, 1, &alice).claimant, Address::ZERO);
    claim(&mut chain, ALICE, &venue.encoded_of(1, &alice)).unwrap();
    assert_eq!(claimed(&mut chain, 1, &alice), kept);
}

#[test]
fn nobody_claims_for_another() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let (alice, refused) = (id(ALICE), error(NotTheCallersId {}));
    let statement = venue.encoded(&alice);
    assert_eq!(refusal(&mut chain, TWIN, &statement), refused);
    let desk = venue.encoded(&(alice.clone() + DESK));
    assert_eq!(refusal(&mut chain, TWIN, &desk), refused);
    // Under the caller's own id the lines are not sealed.
    let mut renamed = statement;
    renamed.statement.id = id(TWIN);
    assert_eq!(refusal(&mut chain, TWIN, &renamed), error(OtherLine { line: U256::ZERO }));
    assert_eq!(claimed(&mut chain, 0, &alice).claimant, Address::ZERO);
}

#[test]
fn an_address_has_one_spelling() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let alice = id(ALICE);
    let refused = error(NotTheCallersId {});
    let spelled = |name: String| {
        let mut encoded = venue.encoded(&alice);
        encoded.statement.id = name;
        encoded
    };
    for name in [
        String::new(),
        "0x".to_owned(),
        alice[2..].to_owned(),
        alice[..41].to_owned(),
        alice.clone() + "/",
        alice.clone() + ".desk",
        alice.clone() + "0/desk",
        alice.to_uppercase(),
        format!("0X{}", &alice[2..]),
        format!("1x{}", &alice[2..]),
        format!("0x{}", alice[2..].to_uppercase()),
        format!("{}2", &alice[..41]),
        format!("0xb{}", &alice[3..]),
        format!(" {alice}"),
    ] {
        assert_eq!(refusal(&mut chain, ALICE, &spelled(name.clone())), refused, "{name}");
    }
    // Names of sub-accounts are free: these are the caller's, and are not in the book.
    for name in ["/a", "/Łukasz", "//"] {
        let other = spelled(alice.clone() + name);
        assert_eq!(refusal(&mut chain, ALICE, &other), error(OtherLine { line: U256::ZERO }));
    }
}

#[test]
fn an_owner_is_the_one_that_seals_hash() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    for id in ["", "alice", "Łukasz", &id(ALICE)] {
        let call = ownerOfCall { id: id.to_owned() }.abi_encode();
        let output = chain.evm.view(Address::ZERO, chain.contract, call).unwrap();
        assert_eq!(output.bytes[..], Owner::new(id).bytes()[..]);
    }
}

#[test]
fn a_revoked_attestation_is_checked_and_not_claimed() {
    let venue = Venue::get();
    let mut chain = Chain::of(venue);
    let statement = venue.encoded(&id(ALICE));
    assert!(!chain.worth(&statement).1);
    chain.revoke(0);
    let (worth, revoked) = chain.worth(&statement);
    assert_eq!((worth.equity, revoked), (owed(), true));
    assert_eq!(refusal(&mut chain, ALICE, &statement), error(AttestationRevoked { round: 0 }));
    // The other one is as it was.
    claim(&mut chain, ALICE, &venue.encoded_of(1, &id(ALICE))).unwrap();
}

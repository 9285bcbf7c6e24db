//! The types in Rust are those of the compiled contracts: what `generated/bindings.sol` generates has
//! every function, error and event of `generated/artifacts.json`, and nothing else.

use std::collections::BTreeSet;

use alloy_sol_types::{SolEventInterface, SolInterface};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{
        Compensation::{CompensationCalls, CompensationErrors, CompensationEvents},
        Elsewhere::{ElsewhereCalls, ElsewhereErrors, ElsewhereEvents},
        Feeds::{FeedsCalls, FeedsErrors, FeedsEvents},
        Observers::{ObserversCalls, ObserversErrors, ObserversEvents},
        Repricer::{RepricerCalls, RepricerErrors},
        Reserves::{ReservesCalls, ReservesErrors, ReservesEvents},
        SolvencyRegistry::{SolvencyRegistryCalls, SolvencyRegistryErrors, SolvencyRegistryEvents},
        StatementVerifier::{
            StatementVerifierCalls, StatementVerifierErrors, StatementVerifierEvents,
        },
        Venues::{VenuesCalls, VenuesErrors, VenuesEvents},
    },
};

use crate::registry::world::{selector, signature};

fn compiled(contract: &str, kind: &str) -> BTreeSet<[u8; 4]> {
    let abi = artifacts::get(contract).abi.as_array().unwrap();
    abi.iter().filter(|entry| entry["type"] == kind).map(selector).collect()
}

#[track_caller]
fn functions_and_errors_agree<Calls: SolInterface, Errors: SolInterface>(contract: &str) {
    assert_eq!(Calls::selectors().collect::<BTreeSet<_>>(), compiled(contract, "function"));
    assert_eq!(Errors::selectors().collect::<BTreeSet<_>>(), compiled(contract, "error"));
}

#[track_caller]
fn events_agree<Events: SolEventInterface>(contract: &str, bound: &[[u8; 32]]) {
    let abi = artifacts::get(contract).abi.as_array().unwrap();
    let events = abi.iter().filter(|entry| entry["type"] == "event");
    let compiled: BTreeSet<_> = events.map(|e| alloy_primitives::keccak256(signature(e))).collect();
    let bound = bound.iter().map(|selector| (*selector).into());
    assert_eq!(bound.collect::<BTreeSet<_>>(), compiled);
    assert_eq!(Events::COUNT, compiled.len());
}

#[test]
fn functions_errors_and_events_are_those_of_the_contract() {
    functions_and_errors_agree::<RepricerCalls, RepricerErrors>("Repricer");
    functions_and_errors_agree::<SolvencyRegistryCalls, SolvencyRegistryErrors>("SolvencyRegistry");
    functions_and_errors_agree::<StatementVerifierCalls, StatementVerifierErrors>(
        "StatementVerifier",
    );
    functions_and_errors_agree::<VenuesCalls, VenuesErrors>("Venues");
    functions_and_errors_agree::<ReservesCalls, ReservesErrors>("Reserves");
    functions_and_errors_agree::<ObserversCalls, ObserversErrors>("Observers");
    functions_and_errors_agree::<FeedsCalls, FeedsErrors>("Feeds");
    functions_and_errors_agree::<ElsewhereCalls, ElsewhereErrors>("Elsewhere");
    functions_and_errors_agree::<CompensationCalls, CompensationErrors>("Compensation");
    events_agree::<SolvencyRegistryEvents>("SolvencyRegistry", SolvencyRegistryEvents::SELECTORS);
    events_agree::<VenuesEvents>("Venues", VenuesEvents::SELECTORS);
    events_agree::<ReservesEvents>("Reserves", ReservesEvents::SELECTORS);
    events_agree::<ObserversEvents>("Observers", ObserversEvents::SELECTORS);
    events_agree::<FeedsEvents>("Feeds", FeedsEvents::SELECTORS);
    events_agree::<ElsewhereEvents>("Elsewhere", ElsewhereEvents::SELECTORS);
    events_agree::<CompensationEvents>("Compensation", CompensationEvents::SELECTORS);
    events_agree::<StatementVerifierEvents>(
        "StatementVerifier",
        StatementVerifierEvents::SELECTORS,
    );
}

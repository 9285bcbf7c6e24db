//! The types in Rust are those of the compiled contracts: what `generated/bindings.sol` generates has
//! every function, error and event of `generated/artifacts.json`, and nothing else.

use std::collections::BTreeSet;

use alloy_sol_types::{SolEventInterface, SolInterface};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{
        Repricer::{RepricerCalls, RepricerErrors},
        SolvencyRegistry::{SolvencyRegistryCalls, SolvencyRegistryErrors, SolvencyRegistryEvents},
        StatementVerifier::{
            StatementVerifierCalls, StatementVerifierErrors, StatementVerifierEvents,
        },
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
fn functions_and_errors_are_those_of_the_contract() {
    functions_and_errors_agree::<RepricerCalls, RepricerErrors>("Repricer");
    functions_and_errors_agree::<SolvencyRegistryCalls, SolvencyRegistryErrors>("SolvencyRegistry");
    functions_and_errors_agree::<StatementVerifierCalls, StatementVerifierErrors>(
        "StatementVerifier",
    );
}

#[test]
fn events_are_those_of_the_contract() {
    events_agree::<SolvencyRegistryEvents>("SolvencyRegistry", SolvencyRegistryEvents::SELECTORS);
    events_agree::<StatementVerifierEvents>(
        "StatementVerifier",
        StatementVerifierEvents::SELECTORS,
    );
}

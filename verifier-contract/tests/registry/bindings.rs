//! The types in Rust are those of the compiled contract.

use std::collections::BTreeSet;

use alloy_sol_types::{SolEventInterface, SolInterface};
use pacioli_verifier_contract::{
    artifacts,
    bindings::SolvencyRegistry::{
        SolvencyRegistryCalls, SolvencyRegistryErrors, SolvencyRegistryEvents,
    },
};

use crate::world::{selector, signature};

fn compiled(kind: &str) -> BTreeSet<[u8; 4]> {
    let abi = artifacts::get("SolvencyRegistry").abi.as_array().unwrap();
    abi.iter().filter(|entry| entry["type"] == kind).map(selector).collect()
}

#[test]
fn functions_and_errors_are_those_of_the_contract() {
    assert_eq!(SolvencyRegistryCalls::selectors().collect::<BTreeSet<_>>(), compiled("function"));
    assert_eq!(SolvencyRegistryErrors::selectors().collect::<BTreeSet<_>>(), compiled("error"));
}

#[test]
fn events_are_those_of_the_contract() {
    let abi = artifacts::get("SolvencyRegistry").abi.as_array().unwrap();
    let events = abi.iter().filter(|entry| entry["type"] == "event");
    let compiled: BTreeSet<_> = events.map(|e| alloy_primitives::keccak256(signature(e))).collect();
    let bound = SolvencyRegistryEvents::SELECTORS.iter().map(|selector| (*selector).into());
    assert_eq!(bound.collect::<BTreeSet<_>>(), compiled);
    assert_eq!(SolvencyRegistryEvents::COUNT, compiled.len());
}

//! Makes a registry, a venue, its reserves and its verifier.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolConstructor, SolValue};
use pacioli_attestation::program::Program;
use pacioli_verifier_contract::{
    artifacts,
    bindings::{Limits, NewReserve, Purpose, Registration, Reserves as S, Venues as V},
    evm::Evm,
    submission,
    system::{self, System},
};

use crate::registry::world::*;

/// The contracts of a registry, where they are on every chain.
pub fn deploy_system(evm: &mut Evm) -> System {
    evm.set_code(system::DEPLOYER, system::DEPLOYER_CODE);
    let system = System::of_release();
    for part in system.parts() {
        create(evm, &part.creation);
    }
    system
}

/// A contract made through the deterministic deployment proxy.
fn create(evm: &mut Evm, creation: &[u8]) {
    let data = [system::SALT.as_slice(), creation].concat();
    evm.call(STRANGER, system::DEPLOYER, data).unwrap();
}

/// Registers the venue of the owner, with rules and a verifier; it settles a minute later.
pub fn register(
    evm: &mut Evm,
    system: &System,
    names: &[B256],
    program: &Program,
    rules: B256,
    verifier: Address,
) {
    register_as((PUBLISHER, limits(), MAX_LAG), evm, system, names, program, rules, verifier);
}

/// The limits of a venue, without a band.
pub fn limits() -> Limits {
    Limits {
        maxAge: 25 * 3_600,
        minDistance: 0,
        markWithin: 3_600,
        toleranceBps: 100,
        ..Default::default()
    }
}

/// The same with another publisher, other limits and another lag.
pub fn register_as(
    (publisher, limits, max_lag): (Address, Limits, u64),
    evm: &mut Evm,
    system: &System,
    names: &[B256],
    program: &Program,
    rules: B256,
    verifier: Address,
) {
    let registration = Registration {
        name: VENUE.to_owned(),
        publisher,
        guardian: GUARDIAN,
        delay: DAY,
        maxLag: max_lag,
        settledFrom: evm.time() + 60,
        limits,
    };
    let venue = venue_of(OWNER, VENUE);
    let mut send = |call: Vec<u8>| evm.call(OWNER, system.venues, call).map(drop);
    send(V::registerCall { registration }.abi_encode()).unwrap();
    send(V::announceVerifierCall { venue, verifier }.abi_encode()).unwrap();
    let pieces = submission::code(names, program.to_bytes()).unwrap();
    let pieces: Vec<_> = pieces.iter().map(|piece| submission::creation_code(piece)).collect();
    let chunks = pieces.iter().map(|piece| system::part("", piece.clone()).at).collect();
    pieces.iter().for_each(|piece| create(evm, piece));
    let program = program.hash().0.into();
    let call = V::announceRulesCall { venue, rules, program, chunks }.abi_encode();
    evm.call(OWNER, system.venues, call).unwrap();
}

/// Lists a reserve that its custodian accepts.
pub fn list(evm: &mut Evm, system: &System, venue: B256, reserve: NewReserve) {
    let NewReserve { token, custodian, .. } = reserve;
    let announce = S::announceCall { venue, reserve };
    evm.call(OWNER, system.reserves, announce.abi_encode()).unwrap();
    let accept = S::acceptCall { venue, token, custodian };
    evm.call(custodian, system.reserves, accept.abi_encode()).unwrap();
}

pub fn mock_verifier(evm: &mut Evm, key: B256, k: u64, page: u64) -> Address {
    let [k, page_size] = [k, page].map(U256::from);
    let arguments = MockVerifier::constructorCall { key, k, pageSize: page_size };
    deploy(evm, "MockVerifier", &arguments.abi_encode())
}

/// A token of so many digits.
pub fn token(evm: &mut Evm, decimals: u8) -> Address {
    deploy(evm, "MockToken", &MockToken::constructorCall { decimals }.abi_encode())
}

/// A contract with these encoded constructor arguments.
pub fn deploy(evm: &mut Evm, name: &str, arguments: &[u8]) -> Address {
    let code = [&artifacts::get(name).bytecode[..], arguments].concat();
    evm.deploy(code).unwrap().0
}

pub fn venue_of(registrant: Address, name: &str) -> B256 {
    keccak256((registrant, keccak256(name)).abi_encode())
}

pub fn rules_hash() -> B256 {
    keccak256(RULES)
}

pub fn new_reserve(
    asset: &str,
    token: Address,
    custodian: Address,
    purpose: Purpose,
) -> NewReserve {
    NewReserve { asset: asset.to_owned(), token, custodian, purpose }
}

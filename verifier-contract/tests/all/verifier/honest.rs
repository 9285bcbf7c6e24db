//! What holds is accepted.

use alloy_primitives::{U256, keccak256};
use alloy_sol_types::SolCall;
use pacioli_attestation::proof_layout;

use crate::verifier::fixture::{Contract, Keys, Proved, VolumeVerifier, shape};

#[test]
fn an_honest_proof_holds_natively_and_on_chain() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    proved.native(&Keys::shared().verifying).unwrap();
    let phase1 = contract.verify(&proved.instance(), &proved.proof).unwrap();
    let commitments = &proved.proof[..proof_layout(&shape()).phase1];
    assert_eq!(phase1, keccak256(commitments));
}

#[test]
fn the_contract_names_its_key_and_sizes() {
    let mut contract = Contract::new();
    let mut ask = |call: Vec<u8>| contract.ask(&call).unwrap().bytes;
    let key = ask(VolumeVerifier::KEYCall {}.abi_encode());
    assert_eq!(key[..], Keys::shared().verifying.digest().0[..]);
    let number = |bytes: &[u8]| U256::from_be_slice(bytes);
    assert_eq!(number(&ask(VolumeVerifier::KCall {}.abi_encode())), U256::from(12));
    assert_eq!(number(&ask(VolumeVerifier::PAGE_SIZECall {}.abi_encode())), U256::from(64));
}

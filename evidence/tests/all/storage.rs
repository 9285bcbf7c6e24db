//! A node's proofs hold, and nothing that differs from them does.

use alloy_primitives::{Address, Bytes, U256};
use pacioli_evidence::{AccountProof, StorageError, balance_slot, read_header};

use crate::recorded::{ABSENT, HOLDER, TOKEN, coin, recorded, rules, storage, usdc};

fn holder() -> Address {
    HOLDER.parse().unwrap()
}

#[test]
fn a_balance_is_proved_under_the_header_s_hash() {
    let (recorded, rules) = (recorded(), rules());
    let proven = storage("COIN", &recorded.coin).check(holder(), coin(&rules)).unwrap();
    assert_eq!((proven.hash, proven.number, proven.absent), (recorded.hash, 1, false));
    assert_eq!(proven.units.to_string(), "10000000000000000000000");
    let proven = storage("USDC", &recorded.token).check(holder(), usdc(&rules)).unwrap();
    assert_eq!(
        (proven.hash, proven.units, proven.absent),
        (recorded.hash, U256::from(2_500_000), false)
    );
    assert_eq!(recorded.token.storage_proof[0].key.to_be_bytes(), balance_slot(holder(), 0).0);
}

#[test]
fn what_is_proved_not_to_be_there_is_nothing() {
    let (recorded, rules) = (recorded(), rules());
    let absent: Address = ABSENT.parse().unwrap();
    let proven = storage("COIN", &recorded.none).check(absent, coin(&rules)).unwrap();
    assert_eq!((proven.units, proven.absent), (U256::ZERO, true));
    let proven = storage("USDC", &recorded.token_none).check(absent, usdc(&rules)).unwrap();
    assert_eq!((proven.units, proven.absent), (U256::ZERO, true));
    // The proof of what is there shows of nothing that it is not.
    let mut emptied = recorded.coin.clone();
    (emptied.balance, emptied.nonce) = (U256::ZERO, U256::ZERO);
    assert!(storage("COIN", &emptied).check(holder(), coin(&rules)).is_err());
    let mut emptied = recorded.token.clone();
    emptied.storage_proof[0].value = U256::ZERO;
    assert!(storage("USDC", &emptied).check(holder(), usdc(&rules)).is_err());
}

#[test]
fn every_field_of_a_proof_is_bound() {
    let (recorded, rules) = (recorded(), rules());
    type Change = fn(&mut AccountProof);
    let changes: [(&str, Change); 9] = [
        ("balance", |p| p.balance += U256::from(1)),
        ("nonce", |p| p.nonce += U256::from(1)),
        ("large nonce", |p| p.nonce = U256::MAX),
        ("storage", |p| p.storage_hash.0[0] ^= 1),
        ("no proof", |p| p.account_proof.clear()),
        ("half a proof", |p| drop(p.account_proof.pop())),
        ("one node twice", |p| p.account_proof.push(p.account_proof[0].clone())),
        ("reversed", |p| p.account_proof.reverse()),
        ("address", |p| p.address.0[0] ^= 1),
    ];
    for (what, change) in changes {
        for (token, whole) in [("COIN", &recorded.coin), ("USDC", &recorded.token)] {
            let mut changed = whole.clone();
            change(&mut changed);
            let known = if token == "COIN" { coin(&rules) } else { usdc(&rules) };
            assert!(storage(token, &changed).check(holder(), known).is_err(), "{what} of {token}");
        }
    }
    let slots: [(&str, Change); 6] = [
        ("value", |p| p.storage_proof[0].value += U256::from(1)),
        ("slot", |p| p.storage_proof[0].key += U256::from(1)),
        ("no slot", |p| p.storage_proof.clear()),
        ("slot twice", |p| p.storage_proof.push(p.storage_proof[0].clone())),
        ("no nodes", |p| p.storage_proof[0].proof.clear()),
        ("code", |p| p.code_hash.0[0] ^= 1),
    ];
    for (what, change) in slots {
        let mut changed = recorded.token.clone();
        change(&mut changed);
        assert!(storage("USDC", &changed).check(holder(), usdc(&rules)).is_err(), "{what}");
    }
    for (index, node) in recorded.token.account_proof.iter().enumerate() {
        for byte in 0..node.len() {
            let mut changed = recorded.token.clone();
            let mut bytes = node.to_vec();
            bytes[byte] ^= 1;
            changed.account_proof[index] = bytes.into();
            assert!(storage("USDC", &changed).check(holder(), usdc(&rules)).is_err());
        }
    }
}

#[test]
fn a_proof_is_about_one_holder_and_one_token() {
    let (recorded, rules) = (recorded(), rules());
    let other: Address = ABSENT.parse().unwrap();
    let refused = |token: &str, proof: &AccountProof, who: Address| {
        let known = if token == "COIN" { coin(&rules) } else { usdc(&rules) };
        storage(token, proof).check(who, known).unwrap_err().to_string()
    };
    assert!(refused("COIN", &recorded.coin, other).contains("another account"));
    assert!(refused("COIN", &recorded.token, TOKEN.parse().unwrap()).contains("a coin is in none"));
    assert!(refused("USDC", &recorded.token, other).contains("another slot"));
    assert!(refused("USDC", &recorded.coin, holder()).contains("another contract"));
    let mut proxy = usdc(&rules).clone();
    proxy.code_hash = Some(format!("0x{}", "11".repeat(32)));
    let error = storage("USDC", &recorded.token).check(holder(), &proxy).unwrap_err();
    assert!(matches!(error, StorageError::Code { .. }), "{error}");
    let mut unknown = usdc(&rules).clone();
    unknown.balances_slot = None;
    let error = storage("USDC", &recorded.token).check(holder(), &unknown).unwrap_err();
    assert_eq!(error, StorageError::NoSlot);
    unknown.balances_slot = Some(1);
    assert!(storage("USDC", &recorded.token).check(holder(), &unknown).is_err());
}

#[test]
fn a_header_has_one_encoding() {
    let recorded = recorded();
    assert_eq!(read_header(&recorded.header).unwrap().1, recorded.hash);
    for length in 0..recorded.header.len() {
        assert!(read_header(&recorded.header[..length]).is_err());
    }
    let longer = [&recorded.header[..], &[0]].concat();
    assert!(read_header(&longer).is_err());
    let mut other = storage("COIN", &recorded.coin);
    let mut bytes = other.header.to_vec();
    // A byte of the state's root.
    bytes[3 + 33 + 33 + 21 + 5] ^= 1;
    other.header = Bytes::from(bytes);
    let error = other.check(holder(), coin(&rules())).unwrap_err();
    assert_eq!(error, StorageError::Forged("the account"));
}

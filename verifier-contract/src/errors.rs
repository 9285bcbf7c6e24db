//! Errors of the contracts as text: name and arguments, from the ABI.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::{Address, B256, I256, U256, keccak256};
use alloy_sol_types::{Panic, Revert, SolError};
use serde::Deserialize;

use crate::artifacts;

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    inputs: Vec<Argument>,
}

#[derive(Clone, Deserialize)]
struct Argument {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

struct Named {
    name: String,
    arguments: Vec<Argument>,
}

/// The errors of all contracts, by selector.
static ERRORS: LazyLock<BTreeMap<[u8; 4], Named>> = LazyLock::new(|| {
    let abis = artifacts::names().map(|name| artifacts::get(name).abi.clone());
    let items = abis.flat_map(|abi| {
        serde_json::from_value::<Vec<Item>>(abi).expect("the compiler writes this form")
    });
    let errors = items.filter(|item| item.kind == "error");
    errors
        .map(|Item { name, inputs, .. }| {
            let kinds: Vec<&str> = inputs.iter().map(|input| input.kind.as_str()).collect();
            let signature = format!("{name}({})", kinds.join(","));
            let selector = keccak256(signature)[..4].try_into().expect("four bytes");
            (selector, Named { name, arguments: inputs })
        })
        .collect()
});

/// The error as text, such as `Stale(age: 172800, maxAge: 90000)`. An unknown error is printed in
/// hexadecimal digits.
pub fn explain(data: &[u8]) -> String {
    if data.is_empty() {
        return "no reason given".to_owned();
    }
    if let Ok(Revert { reason }) = Revert::abi_decode(data) {
        return reason.escape_debug().to_string();
    }
    if let Ok(panic) = Panic::abi_decode(data) {
        return panic.to_string();
    }
    known(data).unwrap_or_else(|| format!("an error of another contract, {}", hex(data)))
}

/// The error's name, if it is of one of these contracts.
pub fn name(data: &[u8]) -> Option<&'static str> {
    Some(&ERRORS.get(data.get(..4)?)?.name)
}

fn known(data: &[u8]) -> Option<String> {
    let (selector, words) = data.split_at_checked(4)?;
    let Named { name, arguments } = ERRORS.get(selector)?;
    if !arguments.iter().all(is_word) {
        return Some(name.clone());
    }
    if words.len() != 32 * arguments.len() {
        return None;
    }
    let arguments = arguments.iter().zip(words.chunks_exact(32));
    let arguments = arguments.map(|(argument, word)| {
        let value = match argument.kind.as_str() {
            "address" => Address::from_slice(&word[12..]).to_string(),
            "bytes32" => B256::from_slice(word).to_string(),
            "int256" => I256::from_raw(U256::from_be_slice(word)).to_string(),
            _ => U256::from_be_slice(word).to_string(),
        };
        format!("{}: {value}", argument.name)
    });
    Some(format!("{name}({})", arguments.collect::<Vec<_>>().join(", ")))
}

/// Whether an argument is encoded as one word.
fn is_word(argument: &Argument) -> bool {
    let kind = &argument.kind;
    !(kind.contains('[') || kind.starts_with("tuple") || kind == "string" || kind == "bytes")
}

fn hex(data: &[u8]) -> String {
    alloy_primitives::hex::encode_prefixed(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::{
        SolvencyRegistry::TooOld,
        Venues::{NoVenueName, NotOwner},
    };

    #[test]
    fn errors_have_their_names_and_arguments() {
        let caller = Address::repeat_byte(0xab);
        let error = NotOwner { caller }.abi_encode();
        assert_eq!(explain(&error), format!("NotOwner(caller: {caller})"));
        assert_eq!(name(&error), Some("NotOwner"));
        let error = TooOld { time: 7, maxLag: 60 }.abi_encode();
        assert_eq!(explain(&error), "TooOld(time: 7, maxLag: 60)");
        assert_eq!(explain(&NoVenueName {}.abi_encode()), "NoVenueName()");
    }

    #[test]
    fn what_solidity_itself_says_is_words() {
        let error = Revert { reason: "too\nlate".to_owned() }.abi_encode();
        assert_eq!(explain(&error), "too\\nlate");
        let error = Panic { code: U256::from(0x11) }.abi_encode();
        assert!(explain(&error).contains("underflow or overflow"), "{}", explain(&error));
    }

    #[test]
    fn what_is_not_understood_is_given_as_it_came() {
        assert_eq!(explain(&[]), "no reason given");
        for data in [&[1, 2, 3][..], &[1, 2, 3, 4]] {
            assert!(explain(data).ends_with(&hex(data)));
        }
        let mut long = NoVenueName {}.abi_encode();
        long.push(0);
        assert!(explain(&long).starts_with("an error of another contract"));
    }
}

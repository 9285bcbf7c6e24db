//! Which token of which chain stands for which asset: what evidence of reserves may be about.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::decimal::Decimal;

/// The tokens that the rules know: by chain (CAIP-2, such as `eip155:1`), then by name.
pub type KnownTokens = BTreeMap<String, BTreeMap<String, KnownToken>>;

/// One token, or a chain's own coin.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct KnownToken {
    /// What kind of balance it is.
    pub kind: TokenKind,
    /// The asset of the rules that it stands for.
    pub stands_for: String,
    /// Decimals of one unit on the chain.
    pub decimals: u32,
    /// The contract: 40 lower-case hexadecimal digits behind `0x`. For `erc20` alone.
    pub address: Option<String>,
    /// The Keccak-256 hash of the contract's code: 64 lower-case digits behind `0x`. For `erc20` alone.
    pub code_hash: Option<String>,
    /// The storage slot of the contract's `mapping(address => uint256)` of balances, as Solidity lays
    /// it out; without it no storage proof of the token is accepted. For `erc20` alone.
    pub balances_slot: Option<u64>,
    /// The part of each unit that counts, for tokens that stand behind a bridge: above 0, at most 1,
    /// and 1 if left out.
    pub counts_for: Option<Decimal>,
}

/// What kind of balance a token is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// The chain's own coin.
    Native,
    /// A contract with `balanceOf(address)`, whose balances change by transfers alone.
    Erc20,
}

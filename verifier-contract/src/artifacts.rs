//! The compiled contracts, as `npm run compile` left them: no compiler is needed to use them.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::Bytes;
use serde::Deserialize;

/// One compiled contract.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Artifact {
    /// The interface in the compiler's JSON.
    pub abi: serde_json::Value,
    /// What creates the contract; encoded constructor arguments follow it.
    pub bytecode: Bytes,
    /// Bytes of the code that is then on chain.
    pub runtime_bytes: usize,
    /// The source file, within this crate.
    pub file: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Artifacts {
    contracts: BTreeMap<String, Artifact>,
    solc: String,
}

static ARTIFACTS: LazyLock<Artifacts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../generated/artifacts.json"))
        .expect("compile.mjs writes this form")
});

/// The contract named `name`.
///
/// # Panics
/// Where there is none: names are written in the code that asks.
pub fn get(name: &str) -> &'static Artifact {
    ARTIFACTS.contracts.get(name).unwrap_or_else(|| panic!("no contract is named {name}"))
}

/// The names of all contracts.
pub fn names() -> impl Iterator<Item = &'static str> {
    ARTIFACTS.contracts.keys().map(String::as_str)
}

/// The compiler's full version.
pub fn compiler() -> &'static str {
    &ARTIFACTS.solc
}

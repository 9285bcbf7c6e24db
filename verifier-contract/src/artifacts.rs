//! The compiled contracts as `npm run compile` wrote them, so that no Solidity compiler is needed.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::Bytes;
use serde::Deserialize;

/// One compiled contract.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Artifact {
    /// The interface in the compiler's JSON.
    pub abi: serde_json::Value,
    /// The creation code, which encoded constructor arguments must follow.
    pub bytecode: Bytes,
    /// The size in bytes of the code that is then on chain.
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
/// If there is no such contract: callers use constant names.
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

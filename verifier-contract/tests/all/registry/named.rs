//! Errors by their names, and the signatures of interfaces.

use alloy_primitives::keccak256;
use pacioli_verifier_contract::{artifacts, evm::Revert};

/// The name of the error that the registry reverted with.
#[track_caller]
pub fn error_name(revert: &Revert) -> String {
    error_of("SolvencyRegistry", revert)
}

/// The name of the error of `contract` that stands in the revert.
#[track_caller]
pub fn error_of(contract: &str, revert: &Revert) -> String {
    let names = errors_of(contract);
    let selector = revert.data.get(..4).unwrap_or_else(|| panic!("no error: {revert}"));
    let found = names.into_iter().find(|(_, known)| known == selector);
    found.unwrap_or_else(|| panic!("an unknown error: {revert}")).0
}

/// The errors in a contract's interface, by name, with their selectors.
pub fn errors_of(contract: &str) -> Vec<(String, [u8; 4])> {
    let abi = artifacts::get(contract).abi.as_array().unwrap();
    let errors = abi.iter().filter(|entry| entry["type"] == "error");
    errors.map(|error| (error["name"].as_str().unwrap().to_owned(), selector(error))).collect()
}

/// The selector of an entry of an interface.
pub fn selector(entry: &serde_json::Value) -> [u8; 4] {
    let hash = keccak256(signature(entry));
    hash[..4].try_into().unwrap()
}

pub fn signature(entry: &serde_json::Value) -> String {
    fn types(inputs: &serde_json::Value) -> String {
        let inputs = inputs.as_array().unwrap().iter().map(|input| {
            let kind = input["type"].as_str().unwrap();
            match kind.strip_prefix("tuple") {
                Some(rest) => format!("({}){rest}", types(&input["components"])),
                None => kind.to_owned(),
            }
        });
        inputs.collect::<Vec<_>>().join(",")
    }
    format!("{}({})", entry["name"].as_str().unwrap(), types(&entry["inputs"]))
}

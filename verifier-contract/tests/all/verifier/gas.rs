//! What the verifier costs, as committed in `gas.json`.

use std::{collections::BTreeMap, fs, path::Path};

use pacioli_attestation::proof_layout;
use pacioli_circuits::Shape;
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::{artifacts, evm::Evm, generate};
use serde_json::{Value, json};

use crate::verifier::fixture::{Contract, Keys, Proved, SCENARIOS};

/// Gas of every transaction.
const TRANSACTION: u64 = 21_000;

/// What calldata costs.
pub struct CalldataGas {
    /// By EIP-2028: 16 a byte, 4 where it is zero.
    pub normal: u64,
    /// The least that a transaction with it costs, by EIP-7623: 40 a byte, 10 where it is zero.
    pub least: u64,
}

pub fn calldata_gas(calldata: &[u8]) -> CalldataGas {
    let zeros = calldata.iter().filter(|byte| **byte == 0).count() as u64;
    let tokens = zeros + 4 * (calldata.len() as u64 - zeros);
    let least = (TRANSACTION + 10 * tokens).max(TRANSACTION + 4 * tokens);
    CalldataGas { normal: 4 * tokens, least }
}

/// The gas of one verification. A proof's bytes are counted as if none were zero: every proof is
/// another, and the report is to stay the same.
fn verification(contract: &mut Contract, proved: &Proved) -> Value {
    let output = contract.ask(&proved.calldata()).unwrap();
    let counted = calldata_gas(&proved.calldata());
    let execution = output.gas_spent - TRANSACTION - counted.normal;
    assert_eq!(output.gas_used, output.gas_spent.max(counted.least));

    let proof = proved.proof.len() as u64;
    let of_proof = calldata_gas(&proved.proof);
    let calldata = counted.normal - of_proof.normal + 16 * proof;
    let least = counted.least + TRANSACTION - of_proof.least + 40 * proof;
    json!({
        "instruments": proved.table.instruments().len(),
        "public_values": proved.instance().len(),
        "execution": execution,
        "calldata": calldata,
        "transaction": (TRANSACTION + execution + calldata).max(least),
        "least_by_eip_7623": least,
    })
}

fn report(contract: &mut Contract, keys: &Keys, runtime_bytes: usize, sizes: &[usize]) -> Value {
    let shape = &keys.verifying.shape();
    let layout = proof_layout(shape);
    let verifications: Vec<Value> =
        sizes.iter().map(|&size| verification(contract, &Proved::new(keys, size))).collect();
    json!({
        "shape": { "k": shape.k(), "page_size": shape.page_size() },
        "scenarios": SCENARIOS,
        "proof_bytes": layout.length,
        "runtime_bytes": runtime_bytes,
        "deployment": contract.deployment,
        "verification": verifications,
    })
}

#[test]
fn gas_is_as_committed() {
    let mut contract = Contract::new();
    let bytes = artifacts::get("VolumeVerifier").runtime_bytes;
    let report = report(&mut contract, Keys::shared(), bytes, &[20, 60, 200]);
    let text = serde_json::to_string_pretty(&report).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("gas.json");
    bless(path, text);
}

#[test]
#[ignore = "proves nine books: a minute"]
fn gas_in_many_scenarios() {
    let mut contract = Contract::new();
    let mut report = BTreeMap::new();
    for scenarios in [4, 16, 64] {
        let mut of = |instruments| {
            let proved = Proved::of_pairs(Keys::shared(), instruments, scenarios);
            verification(&mut contract, &proved)
        };
        report.insert(format!("{scenarios:2} scenarios"), [20, 60, 200].map(&mut of));
    }
    let text = serde_json::to_string_pretty(&json!(report)).unwrap() + "\n";
    bless(Path::new(env!("CARGO_MANIFEST_DIR")).join("gas-scenarios.json"), text);
}

#[test]
#[ignore = "proves at 2^16 and needs node with the compiler: a minute"]
fn gas_at_a_size_for_real_books() {
    let keys = Keys::of(Shape::new(16, 64).unwrap());
    let source = generate::verifier(&keys.verifying);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let compiled = std::process::Command::new("node")
        .args(["compile.mjs", "--verifier", "/dev/stdin"])
        .current_dir(folder)
        .stdin(file_of(&source))
        .output()
        .unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let artifact: Value = serde_json::from_slice(&compiled.stdout).unwrap();
    let artifact: artifacts::Artifact =
        serde_json::from_value(artifact["contracts"]["VolumeVerifier"].clone()).unwrap();
    let mut contract = Contract::of(Evm::new(), &artifact.bytecode);
    let report = report(&mut contract, &keys, artifact.runtime_bytes, &[20, 60, 200]);
    let path = folder.join("gas-16.json");
    let text = serde_json::to_string_pretty(&report).unwrap() + "\n";
    bless(path, text);
}

/// A file that holds the text, at its beginning.
fn file_of(text: &str) -> fs::File {
    use std::io::{Seek, Write};
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.rewind().unwrap();
    file
}

//! What a statement of five lines costs, by the size of the table: `gas-statement.json`, written
//! anew where `PACIOLI_BLESS` is set.

use std::path::Path;

use alloy_primitives::Bytes;
use alloy_sol_types::SolCall;
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::{
    artifacts,
    statement::{
        AppendedVolume, OnChain,
        StatementVerifier::{checkCall, checkManyCall, claimCall, prepareVolumeCall},
    },
};
use serde_json::{Map, Value, json};

use crate::statement::{
    fixture::ALICE,
    made::{Made, book_of},
};

/// What a transaction pays for its calldata.
fn calldata_gas(calldata: &[u8]) -> u64 {
    calldata.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum()
}

#[test]
fn gas_is_as_it_was() {
    let mut measured = Map::new();
    for instruments in [20, 60, 200] {
        let (table, lines) = book_of(instruments);
        assert_eq!(lines.len(), 5);
        let made = Made::new(&table, lines);
        let mut chain = made.chain();
        let OnChain { volume, statement } = made.encoded.clone();
        let check = checkCall { volume: volume.clone(), statement: statement.clone() };
        let check = check.abi_encode();
        let checked = chain.evm.view(ALICE, chain.contract, check.clone()).unwrap();
        let many = |count: usize| {
            let statements = vec![statement.clone(); count];
            checkManyCall { volume: volume.clone(), statements }.abi_encode()
        };
        let [one, two] = [1, 2]
            .map(|count| chain.evm.view(ALICE, chain.contract, many(count)).unwrap().gas_used);
        let claim = claimCall { volume: volume.clone(), statement: statement.clone() };
        let claimed = chain.evm.call(ALICE, chain.contract, claim.abi_encode()).unwrap();
        measured.insert("deployment".to_owned(), chain.deployment_gas.into());

        let mut chain = made.chain();
        let prepare =
            prepareVolumeCall { word: made.word(), commitments: volume.commitments.clone() };
        let prepared = chain.evm.call(ALICE, chain.contract, prepare.abi_encode()).unwrap();
        let volume = AppendedVolume { commitments: Bytes::new(), ..volume };
        let claim = claimCall { volume: volume.clone(), statement: statement.clone() };
        let claimed_prepared = chain.evm.call(ALICE, chain.contract, claim.abi_encode()).unwrap();
        let row = json!({
            "calldata": calldata_gas(&check),
            "check": checked.gas_used,
            "each further statement of checkMany": two - one,
            "claim": claimed.gas_used,
            "claim of a prepared volume": claimed_prepared.gas_used,
            "prepareVolume": prepared.gas_used,
        });
        measured.insert(format!("{instruments} instruments"), row);
    }
    let size = artifacts::get("StatementVerifier").runtime_bytes;
    measured.insert("runtime bytes".to_owned(), size.into());
    let measured = Value::Object(measured);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("gas-statement.json");
    let text = serde_json::to_string_pretty(&measured).unwrap() + "\n";
    bless(path, text);
}

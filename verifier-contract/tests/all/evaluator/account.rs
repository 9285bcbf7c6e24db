//! Where the gas of a submission goes, to the unit, with real proofs: `gas-account.json`.
//!
//! The transaction here is the question that a registry asks the evaluator, sent to it at once. What a
//! registry itself adds stands beside it.

use std::{collections::BTreeMap, path::Path};

use alloy_primitives::{Address, B256, Bytes, address};
use alloy_sol_types::SolCall;
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::{
    artifacts,
    evm::{Evm, MAX_CODE_SIZE},
};
use serde_json::{Value, json};

use crate::{evaluator::fixture::Stand, verifier::gas::calldata_gas};

/// Gas of every transaction.
const BASE: u64 = 21_000;

const PRECOMPILED: [(&str, Address); 4] = [
    ("modexp", address!("0000000000000000000000000000000000000005")),
    ("ecAdd", address!("0000000000000000000000000000000000000006")),
    ("ecMul", address!("0000000000000000000000000000000000000007")),
    ("pairing", address!("0000000000000000000000000000000000000008")),
];

/// The account of one transaction. `parts` are named pieces of its calldata. The bytes of the first
/// `others` of them are counted as if none were zero: proofs are others each time, and so are totals of
/// several volumes, among which accounts are dealt.
pub fn account(
    evm: &mut Evm,
    from: Address,
    to: Address,
    calldata: &[u8],
    contracts: &[(&str, Address)],
    parts: &[(&str, Vec<Bytes>)],
    others: usize,
) -> Value {
    let (output, frames) = evm.traced(from, to, calldata.to_vec()).unwrap();
    let all = calldata_gas(calldata);
    assert_eq!(output.gas_spent, BASE + all.normal + frames[0].gas);

    let mut execution = BTreeMap::<String, (u64, u64)>::new();
    for frame in &frames {
        let known = contracts.iter().chain(&PRECOMPILED);
        let mut names = known.filter(|(_, address)| *address == frame.contract);
        let name = names.next().map_or("other contracts", |(name, _)| name);
        let (calls, gas) = execution.entry(name.to_owned()).or_default();
        (*calls, *gas) = (*calls + 1, *gas + frame.own);
    }
    let spent: u64 = execution.values().map(|(_, gas)| gas).sum();
    assert_eq!(spent, frames[0].gas);

    let (mut named, mut rest, mut rest_bytes) = (BTreeMap::new(), all.normal, calldata.len());
    let mut as_counted = 0;
    for (number, (name, pieces)) in parts.iter().enumerate() {
        let bytes: usize = pieces.iter().map(|piece| piece.len()).sum();
        let gas: u64 = pieces.iter().map(|piece| calldata_gas(piece).normal).sum();
        let counted = if number < others { 16 * bytes as u64 } else { gas };
        (rest, rest_bytes) = (rest - gas, rest_bytes - bytes);
        as_counted += counted;
        named.insert((*name).to_owned(), json!({ "bytes": bytes, "gas": counted }));
    }
    named.insert("rest".to_owned(), json!({ "bytes": rest_bytes, "gas": rest }));
    let calls =
        |(name, (calls, gas)): (String, (u64, u64))| (name, json!({ "calls": calls, "gas": gas }));
    json!({
        "transaction": BASE + as_counted + rest + spent,
        "base": BASE,
        "calldata": named,
        "execution": execution.into_iter().map(calls).collect::<BTreeMap<_, _>>(),
        "least_by_eip_7976": BASE + 64 * calldata.len() as u64,
    })
}

/// The account of a book.
fn of(stand: &mut Stand) -> Value {
    let mut call = stand.all();
    // The digest of a file with a proof is another each time, and so are its zeros.
    call.submission.attestation = B256::repeat_byte(1);
    let proofs = call.volumes.iter().map(|volume| volume.proof.clone()).collect();
    let totals = call.volumes.iter().map(|volume| volume.totals.clone()).collect();
    let parts = [
        ("proofs", proofs),
        ("totals", totals),
        ("prices", vec![call.submission.prices.list.clone()]),
    ];
    let contracts = [
        ("Tables", stand.tables),
        ("Evaluator", stand.evaluator),
        ("VolumeVerifier", stand.verifier),
    ];
    let (calldata, to) = (call.abi_encode(), stand.evaluator);
    let others = if call.volumes.len() > 1 { 2 } else { 1 };
    account(&mut stand.evm, Address::ZERO, to, &calldata, &contracts, &parts, others)
}

#[test]
fn gas_is_accounted_for_to_the_unit() {
    let mut figures = BTreeMap::new();
    for (rows, volumes) in [(20, 1), (200, 1), (20, 3)] {
        let name = format!("{rows:3} rows, {volumes} volumes");
        figures.insert(name, of(&mut Stand::new(rows, volumes)));
    }
    let text = serde_json::to_string_pretty(&json!(figures)).unwrap() + "\n";
    bless(Path::new(env!("CARGO_MANIFEST_DIR")).join("gas-account.json"), text);
}

#[test]
fn the_evaluator_and_tables_fit_a_chain_with_room_for_more() {
    for name in ["Evaluator", "Tables"] {
        assert!(artifacts::get(name).runtime_bytes < MAX_CODE_SIZE - 3072);
    }
}

//! How large a table fits a transaction, with the generated verifier: `gas-largest.json`.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::{
    bindings::{Continuation, SolvencyRegistry as R, Submission},
    errors::name,
};
use serde_json::{Value, json};

use crate::registry::{
    whole::{Registered, proved},
    world::*,
};

/// A table's sizes, and the gas of what it fits in.
struct Measured {
    rows: usize,
    scenarios: usize,
    /// One transaction for all.
    submit: Option<u64>,
    /// The largest of several.
    staged: Option<u64>,
}

/// An attestation of one volume under rules with so many more stresses and assets. Everybody has
/// deposits alone, in one form.
fn measure(stresses: usize, assets: usize) -> Measured {
    let as_of = "2026-01-01T00:00:00Z";
    let mut rules = String::new();
    for number in 0..stresses {
        // Each has a factor of its own.
        let falls = format!("default_move = \"-0.{:04}\"", 1 + number * 9);
        writeln!(rules, "[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\n{falls}").unwrap();
    }
    let mut prices = String::new();
    for asset in 0..assets {
        let rule = "decimals = 6\nmaintenance = \"0.75\"\nborrow = false";
        writeln!(rules, "[assets.A{asset:03}]\n{rule}").unwrap();
        write!(prices, "\"A{asset:03}\": \"{}.25\", ", 100 + asset * 37).unwrap();
    }
    let rules = RULES.replacen("[assets.USDC]", &format!("{rules}\n[assets.USDC]"), 1);
    let prices = PRICES.replacen("\"BTC\"", &format!("{prices}\"BTC\""), 1);
    let mut csv = String::from("account,instrument,quantity\n");
    (0..900).for_each(|id| writeln!(csv, "{id},deposit BTC,1.5").unwrap());
    let attestation = proved(&rules, &prices, as_of, &csv);
    let Registered { mut evm, registry, submission, volumes, .. } = Registered::new(&attestation);
    let (rows, scenarios) =
        (volumes[0].totals.len() / 19, usize::from(submission.header.scenarios));

    let mut gas = |call: Vec<u8>, stays: bool| {
        let call = Bytes::from(call);
        let used = match evm.view(PUBLISHER, registry, call.clone()) {
            Ok(done) => done.gas_used,
            // The gas ran out, here or in a call, and nothing else went wrong.
            Err(revert) => {
                let is_told = revert.halt.is_some() || revert.data.is_empty();
                let is_told = is_told || name(&revert.data) == Some("PrecompileFailed");
                assert!(is_told && revert.is_out_of_gas(), "{revert}");
                return None;
            }
        };
        if stays {
            evm.call(PUBLISHER, registry, call).unwrap();
        }
        Some(used)
    };
    let call = R::submitCall {
        submission: submission.clone(),
        volumes: volumes.clone(),
        signatures: vec![],
    };
    let submit = gas(call.abi_encode(), false);
    let Submission { venue, header, prices, rounds, .. } = submission.clone();
    let continuation = Continuation { venue, header, prices, rounds };
    let proved = volumes[0].clone();
    let totals = vec![proved.totals.clone()];
    let index = U256::ZERO;
    let steps = [
        R::beginSubmissionCall { submission, volumes: 1 }.abi_encode(),
        R::addVolumeCall { continuation: continuation.clone(), index, proved }.abi_encode(),
        R::finishSubmissionCall { continuation, totals, signatures: vec![] }.abi_encode(),
    ];
    let staged = steps.into_iter().map(|call| gas(call, true)).collect::<Option<Vec<_>>>();
    let staged = staged.map(|steps| steps.into_iter().max().expect("there are three"));
    Measured { rows, scenarios, submit, staged }
}

/// The largest table of a family that fits, by bisection: `of` makes one of a size.
fn largest(
    mut most: usize,
    of: impl Fn(usize) -> Measured,
    gas: impl Fn(&Measured) -> Option<u64>,
) -> Value {
    let mut least = 0;
    let mut found = of(0);
    while most - least > 1 {
        let middle = (least + most) / 2;
        let measured = of(middle);
        if gas(&measured).is_some() {
            (least, found) = (middle, measured);
        } else {
            most = middle;
        }
    }
    let cells = found.rows * found.scenarios;
    // Proofs differ from run to run, and a byte of calldata is dearer where it is not zero.
    let gas = gas(&found).map(|gas| gas.next_multiple_of(10_000));
    json!({ "rows": found.rows, "scenarios": found.scenarios, "values": cells, "gas": gas })
}

#[test]
#[ignore = "proves some thirty books: some minutes"]
fn the_largest_tables_are_as_stored() {
    let mut figures = BTreeMap::new();
    type Gas = fn(&Measured) -> Option<u64>;
    let ways: [(&str, Gas); 2] =
        [("submit", |table| table.submit), ("several transactions", |table| table.staged)];
    for (way, gas) in ways {
        let of = |stresses| measure(stresses, 0);
        figures.insert(format!("{way}, the fewest rows"), largest(200, of, gas));
        // Mark, maintenance, the crash and the cover besides.
        let of = |assets| measure(60, assets);
        figures.insert(format!("{way}, 64 scenarios"), largest(110, of, gas));
    }
    let text = serde_json::to_string_pretty(&json!(figures)).unwrap() + "\n";
    bless(Path::new(env!("CARGO_MANIFEST_DIR")).join("gas-largest.json"), text);
}

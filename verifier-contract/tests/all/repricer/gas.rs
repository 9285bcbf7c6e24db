//! What figures and clauses at other prices cost, as a transaction with its calldata:
//! `gas-repricing.json`, written anew where `PACIOLI_BLESS` is set.

use std::path::Path;

use alloy_sol_types::SolCall;
use pacioli_circuits::{ScenarioId, Total};
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::artifacts;
use serde_json::{Map, Value, json};

use crate::{
    registry::{gas::rules_and_prices, world::*},
    repricer::{
        expected,
        fixture::{Asked, alone, moved, priced},
    },
};

#[test]
fn gas_is_as_stored() {
    let mut measured = Map::new();
    for (rows, has_cover) in
        [20, 60, 200].into_iter().flat_map(|rows| [(rows, false), (rows, true)])
    {
        let (rules, prices) = rules_and_prices(rows, has_cover);
        let world = World::of(&rules, &prices);
        let all = world.compiled.rows.len();
        // Somebody has some of everything.
        let mut book = world.book();
        for (row, total) in world.compiled.rows.iter().zip(&mut book.0).skip(1) {
            let closes = row.name.contains(':') || row.name == "headroom";
            if total.quantity == 0 && !closes {
                *total = Total { count: 1, quantity: 1_000 };
            }
        }
        let book = world.completed(book);
        let mut asked = Asked::new(world, book);
        let there = moved(&asked.world.prices, &[1_050, 990, 970]);
        let found = expected::found(asked.attested(), &there, ScenarioId::MARK).unwrap();
        let bound = asked.bound_call(&there, ScenarioId::MARK, &found);
        let compiled = &asked.world.compiled;
        let certificates = priced(compiled);
        let certificates: Vec<_> =
            certificates.into_iter().map(|of| (of, alone(compiled, of))).collect();
        let standing = asked.standing_call(&there, &certificates);
        let mut gas = |call: Vec<u8>| {
            let used = asked.world.evm.view(STRANGER, asked.contract, call.clone()).unwrap();
            json!({ "transaction": used.gas_used, "bytes of calldata": call.len() })
        };
        let row = json!({
            "boundAt": gas(bound.abi_encode()),
            "standingAt": gas(standing.abi_encode()),
        });
        let name =
            if has_cover { format!("{rows} rows and forms, {all}") } else { rows.to_string() };
        measured.insert(format!("{name} rows"), row);
    }
    let size = artifacts::get("Repricer").runtime_bytes;
    measured.insert("runtime bytes".to_owned(), size.into());
    let text = serde_json::to_string_pretty(&Value::Object(measured)).unwrap() + "\n";
    bless(Path::new(env!("CARGO_MANIFEST_DIR")).join("gas-repricing.json"), text);
}

//! The files for OpenZeppelin Monitor have every event of every contract that a venue, its fund or its
//! guards have. They are made from the compiled interfaces: `PACIOLI_BLESS=1` writes them again.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use pacioli_verifier_contract::artifacts;
use serde_json::{Value, json};

/// Contracts that are watched, each with who is told: of the kinds of triggers below.
const WATCHED: [(&str, &str); 15] = [
    ("SolvencyRegistry", "registry"),
    ("Venues", "registry"),
    ("Reserves", "registry"),
    ("Elsewhere", "registry"),
    ("Observers", "registry"),
    ("Feeds", "registry"),
    ("Draws", "registry"),
    ("Compensation", "fund"),
    ("StatementVerifier", "fund"),
    ("SolvencySource", "guard"),
    ("Breaker", "guard"),
    ("ProtocolSolvency", "guard"),
    ("EasResolver", "guard"),
    ("RiskPremium", "guard"),
    ("TwapFeed", "guard"),
];

/// Contracts whose events are of their users' money, and say nothing of a venue.
const OF_USERS: [&str; 2] = ["GuardedVault", "SolventVault"];

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "deploy", "openzeppelin-monitor", "monitors"].iter().collect()
}

fn events(contract: &str) -> Vec<Value> {
    let abi = artifacts::get(contract).abi.as_array().unwrap();
    abi.iter().filter(|entry| entry["type"] == "event").cloned().collect()
}

/// A type as it stands in a signature.
fn canonical(input: &Value) -> String {
    let name = input["type"].as_str().unwrap();
    match name.strip_prefix("tuple") {
        None => name.to_owned(),
        Some(array) => {
            let parts = input["components"].as_array().unwrap().iter().map(canonical);
            format!("({}){array}", parts.collect::<Vec<_>>().join(","))
        }
    }
}

fn monitor(contract: &str, trigger: &str) -> Value {
    let events = events(contract);
    let signatures = events.iter().map(|event| {
        let inputs = event["inputs"].as_array().unwrap().iter().map(canonical);
        let inputs = inputs.collect::<Vec<_>>().join(",");
        json!({ "signature": format!("{}({inputs})", event["name"].as_str().unwrap()), "expression": null })
    });
    let signatures: Vec<_> = signatures.collect();
    json!({
        "name": format!("Pacioli {contract}"),
        "paused": false,
        "networks": ["ethereum_mainnet"],
        "addresses": [{
            "address": "0x0000000000000000000000000000000000000000",
            "contract_spec": events,
        }],
        "match_conditions": {
            "functions": [],
            "events": signatures,
            "transactions": [{ "status": "Success", "expression": null }],
        },
        "trigger_conditions": [],
        "triggers": [format!("pacioli_{trigger}")],
    })
}

#[test]
fn the_files_of_openzeppelin_monitor_have_every_event() {
    let wanted: BTreeMap<String, String> = WATCHED
        .iter()
        .map(|(contract, trigger)| {
            let name = format!("pacioli_{}.json", contract.to_lowercase());
            (name, format!("{:#}\n", monitor(contract, trigger)))
        })
        .collect();
    let folder = folder();
    if env::var_os("PACIOLI_BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &wanted {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let there = fs::read_dir(&folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
    });
    let there: BTreeMap<_, _> = there.collect();
    assert!(there == wanted, "the files differ: PACIOLI_BLESS=1 writes them again");
}

#[test]
fn no_contract_with_events_is_left_out() {
    for name in artifacts::names() {
        let is_test = artifacts::get(name).file.contains("/test/");
        let is_watched = WATCHED.iter().any(|(watched, _)| *watched == name);
        let has_events = !events(name).is_empty();
        assert!(is_test || is_watched || !has_events || OF_USERS.contains(&name), "{name}");
        assert!(!is_watched || has_events, "{name} has no events");
    }
}

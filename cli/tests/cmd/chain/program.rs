//! Programs and verifiers that are not what they are taken for.

use serde_json::json;

use super::{Node, OWNER, done, run};
use crate::venue::Venue;

/// Rules whose program was registered under the hash of others' text.
#[test]
fn a_program_that_is_not_that_of_the_rules_is_found() {
    let Some(node) = Node::start() else { return };
    let venue = Venue::new();
    assert_eq!(venue.run(&["--quiet", "demo", "--out", "sample"]).code, 0);
    done(&venue, &node, &OWNER, &["deploy", "registry"]);
    let verifier = done(&venue, &node, &OWNER, &["deploy", "verifier", "--accept-insecure-setup"]);
    let verifier = verifier["address"].as_str().unwrap();
    let register = |rules: &str| {
        let args = ["--json", "register", "--verifier", verifier, "--from", OWNER.address];
        let venue_name = ["--venue", "Sample Derivatives Exchange", "--rules", rules];
        let unsigned = ["--prices", "sample/prices.json", "--unsigned", "--accept-insecure-setup"];
        let args = [&args[..], &venue_name, &unsigned].concat();
        run(&venue, &node, None, &args).json()
    };
    // One clause in place of all, which asks for next to nothing.
    let rules = venue.read("sample/rules.toml");
    let (head, _) = rules.split_once("[policy]").unwrap();
    venue.write("laxer.toml", format!("{head}[policy]\nmin_coverage = \"0.00000001\"\n"));
    let hash = |rules: &str| {
        let text = venue.read(rules);
        alloy_primitives::keccak256(text).to_string().trim_start_matches("0x").to_owned()
    };
    let [own, other] = [hash("sample/rules.toml"), hash("laxer.toml")];
    // The laxer program, announced under the hash of the venue's own rules.
    for transaction in register("laxer.toml")["transactions"].as_array().unwrap() {
        let data = transaction["data"].as_str().unwrap().replace(&other, &own);
        let to = &transaction["to"];
        let transaction = json!([{ "from": OWNER.address, "to": to, "data": data }]);
        node.receipt(&node.ask("eth_sendTransaction", transaction));
    }

    let venue_id = venue_of("Sample Derivatives Exchange");
    let status = ["status", "--accept-insecure-setup"];
    let with = ["--venue", &venue_id, "--attestation", "sample/attestation.json"];
    let status = run(&venue, &node, None, &[&status[..], &with].concat());
    assert_eq!(status.code, 1, "{status:?}");
    let said = "DOES NOT HOLD: the registered program is not that of these rules";
    assert!(status.stdout.starts_with(said), "{}", status.stdout);
    assert!(status.stdout.contains("THE REGISTERED PROGRAM IS NOT THAT OF THESE RULES"));

    // A verifier that names the honest key and accepts every proof is not registered.
    let args = ["--json", "contract", "--k", "12", "--out", "contracts"];
    let key = venue.run(&[&args[..], &["--accept-insecure-setup"]].concat()).json();
    let key = key["key"].as_str().unwrap().trim_start_matches("0x").to_owned();
    let code = &pacioli_verifier_contract::artifacts::get("MockVerifier").bytecode;
    let data = format!("{code}{key}{:064x}{:064x}", 12, 64);
    let sent = node.ask("eth_sendTransaction", json!([{ "from": OWNER.address, "data": data }]));
    let mock = node.receipt(&sent)["contractAddress"].clone();
    let args = ["register", "--verifier", mock.as_str().unwrap()];
    let rules = ["--rules", "sample/rules.toml", "--prices", "sample/prices.json"];
    let other = ["--venue", "Another", "--accept-insecure-setup"];
    let refused = run(&venue, &node, Some(OWNER.key), &[&args[..], &rules, &other].concat());
    assert!(refused.refusal(1).contains("has another code than generated"), "{refused:?}");
}

/// The id of the venue that `OWNER` registered under a name.
fn venue_of(name: &str) -> String {
    use pacioli_verifier_contract::registry::venue_id;
    venue_id(OWNER.address.parse().unwrap(), name).to_string()
}

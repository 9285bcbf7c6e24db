//! What a registry tells of a venue's past: who did what, when, in which transaction.

use serde_json::json;

use super::{
    CUSTODIAN, FUND, OWNER, run,
    world::{DEMO, NAME, World},
};
use crate::venue::Run;

/// A token of 18 decimals of which everyone has 18 units, and which logs a transfer by whoever calls it
/// with a receiver and an amount.
const TOKEN: &str = "0x7171717171717171717171717171717171717171";
const TOKEN_CODE: [&str; 3] = [
    "366040146011576012600052602060",
    "00f35b602035600052600035337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
    "60206000a300",
];

fn history(world: &World, more: &[&str]) -> Run {
    let args = [&["history", DEMO, "--now", "2026-11-22T00:00:00Z"], &NAME[..], more].concat();
    run(&world.venue, &world.node, None, &args)
}

#[test]
fn a_registry_tells_who_did_what_and_is_held_against_a_folder() {
    let Some(world) = World::new(&[], &[]) else { return };
    world.node.ask("anvil_setCode", json!([TOKEN, format!("0x{}", TOKEN_CODE.concat())]));
    let reserve = format!("BTC:{TOKEN}:{}", CUSTODIAN.address);
    world.done(&OWNER, &["venue", "announce-reserve", "--reserve", &reserve]);
    world.done(&CUSTODIAN, &["venue", "accept", "--token", TOKEN]);
    world.done(&OWNER, &["venue", "settle"]);
    // Nobody marked reserves near the snapshot: a warning.
    let submitted =
        world.run(&OWNER, &["submit", DEMO, "--attestation", "sample/attestation.json"]);
    assert_eq!(submitted.code, 1, "{}", submitted.stderr);
    let word = |text: &str| format!("{:0>64}", text.trim_start_matches("0x").to_lowercase());
    let sent = json!([{
        "from": FUND.address, "to": TOKEN,
        "data": format!("0x{}{}", word(CUSTODIAN.address), word("0x2a")),
    }]);
    let transfer = world.node.ask("eth_sendTransaction", sent);
    world.node.receipt(&transfer);
    world.done(&FUND, &["venue", "pause", "--reason", "a leak"]);

    let alone = history(&world, &["--json", "--incident"]);
    assert_eq!(alone.code, 1, "paused: {}{}", alone.stdout, alone.stderr);
    let json = alone.json_of("history");
    assert_eq!(json["verdict"], "DOES NOT HOLD: the registry calls the venue paused");
    assert_eq!(json["registry"]["state"], "paused");
    assert_eq!(json["registry"]["rounds"][0]["sequence"], 0);
    assert_eq!(json["registry"]["other_code"], json!([]));
    let entries = json["timeline"]["entries"].as_array().unwrap();
    let of = |kind: &str| entries.iter().find(|one| one["kind"] == kind).unwrap();
    let lower = |address: &str| json!(address.to_lowercase());
    let sender = |kind: &str| of(kind)["sender"].as_str().unwrap().to_lowercase();
    assert_eq!(lower(&sender("paused")), lower(FUND.address));
    assert!(of("paused")["text"].as_str().unwrap().ends_with(": a leak"));
    assert_eq!(lower(&sender("registered")), lower(OWNER.address));
    assert_eq!(lower(&sender("reserve accepted")), lower(CUSTODIAN.address));
    assert_eq!(of("reserve received")["transaction"], transfer);
    assert!(of("reserve received")["text"].as_str().unwrap().starts_with("42 of the smallest"));
    assert_eq!(json["timeline"]["silent"], 1, "the reserve in the chain's own coin");
    let kinds: Vec<_> = entries.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    let place = |kind: &str| kinds.iter().position(|one| *one == kind).unwrap();
    assert!(place("registered") < place("attested") && place("attested") < place("paused"));

    // Beside a folder: the same attestation, and then another one under its number.
    std::fs::create_dir(world.venue.path("all")).unwrap();
    world.venue.write("all/0.json", world.venue.read("sample/attestation.json"));
    let both = history(&world, &["all"]);
    assert!(both.stdout.contains("\non the registry 0x"), "{}{}", both.stdout, both.stderr);
    assert!(!both.stdout.contains("contradict"), "{}", both.stdout);
    let verdict =
        "DOES NOT HOLD: the registry calls the venue paused\n\nof the folder alone:\nHOLDS, ";
    assert!(both.stdout.starts_with(verdict), "{}", both.stdout);
    // The record's own verdict is one line.
    let mut rest = both.stdout.lines().skip(4);
    assert!(rest.all(|line| line.chars().count() <= 100), "{}", both.stdout);
    world.prove("other", &["--prices", "sample/prices.json", "--as-of", "2026-11-21T00:00:01Z"]);
    world.venue.write("all/0.json", world.venue.read("other/attestation.json"));
    let forked = history(&world, &["all"]);
    assert_eq!(forked.code, 1);
    let verdict = "DOES NOT HOLD: the registry and the folder contradict each other, and the registry \
                   calls the venue\npaused\n  - 0.json is 0x";
    assert!(forked.stdout.starts_with(verdict), "{}{}", forked.stdout, forked.stderr);

    // The registry's own attestation, after it was revoked.
    world.venue.write("all/0.json", world.venue.read("sample/attestation.json"));
    world.done(&OWNER, &["venue", "revoke", "--round", "1", "--reason", "a stolen key"]);
    let revoked = history(&world, &["all", "--json"]);
    assert_eq!(revoked.code, 1, "{}{}", revoked.stdout, revoked.stderr);
    let differing = &revoked.json_of("history")["differing"];
    assert!(
        differing[0].as_str().unwrap().ends_with("which was revoked (round 1): a stolen key"),
        "{differing}"
    );

    // A reserve that was taken off the list moved before: that stays told.
    let place = ["--token", TOKEN, "--custodian", CUSTODIAN.address];
    world.done(&CUSTODIAN, &[&["venue", "remove-reserve"], &place[..]].concat());
    let after = history(&world, &["--json", "--incident"]);
    let json = after.json_of("history");
    let entries = json["timeline"]["entries"].as_array().unwrap();
    let kinds: Vec<_> = entries.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    let place = |kind: &str| kinds.iter().position(|one| *one == kind);
    assert!(place("reserve received").unwrap() < place("reserve removed").unwrap(), "{kinds:?}");
}

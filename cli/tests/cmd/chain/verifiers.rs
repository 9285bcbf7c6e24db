//! What a signature rests on: a verifier that can be used, the venue's own attestation, and one that
//! holds.

use pacioli_verifier_contract::artifacts;
use serde_json::{Value, json};

use super::{
    FUND, OWNER, done,
    world::{ANY_TIME, DEMO, NAME, World},
};

const SIGN: [&str; 5] = ["venue", "sign", ANY_TIME, "--out", "signed.json"];
const SAMPLE: [&str; 3] = ["--attestation", "sample/attestation.json", DEMO];

/// An address that nobody has.
const OTHER: &str = "0x000000000000000000000000000000000000f4ce";

/// The verifier that the file of a signature names.
fn named(world: &World) -> String {
    let file: Value = serde_json::from_str(&world.venue.read("signed.json")).unwrap();
    file["verifier"].as_str().unwrap().to_owned()
}

#[test]
fn a_verifier_that_cannot_be_used_is_not_signed_for() {
    let Some(world) = World::new(&[], &[]) else { return };
    world.done(&OWNER, &["venue", "settle"]);
    // The same contract once more, made by a transaction of its own.
    let code = &artifacts::get("VolumeVerifier").bytecode;
    let creation = json!([{ "from": OWNER.address, "data": code, "gas": "0xf00000" }]);
    let made = world.node.receipt(&world.node.ask("eth_sendTransaction", creation));
    let second = made["contractAddress"].as_str().unwrap();
    let announce = ["venue", "announce-verifier", "--verifier", second];
    let uncompared = world.run(&OWNER, &announce);
    assert!(
        uncompared.refusal(2).contains("was compared with nothing: give --build"),
        "{uncompared:?}"
    );
    // Another contract's code, of which its maker says that it is unknown.
    let mock = ["venue", "announce-verifier", "--verifier", OTHER];
    world.node.ask("anvil_setCode", json!([OTHER, "0x00"]));
    let other = world.run(&OWNER, &[&mock[..], &[DEMO]].concat());
    assert!(other.refusal(1).contains("has another code than generated"), "{other:?}");
    let unknown = [&announce[..], &["--accept-unknown-code", "--dry-run"]].concat();
    let unknown = world.run(&OWNER, &unknown);
    assert!(
        unknown.stdout.starts_with("THE VERIFIER'S CODE WAS COMPARED WITH NOTHING"),
        "{unknown:?}"
    );
    // Nobody to ask is no comparison.
    let offline = [&announce[..], &NAME, &["--unsigned", DEMO, "--chain-id", "31337"]].concat();
    let offline = world.venue.run(&[&["--quiet"], &offline[..]].concat());
    assert!(offline.refusal(2).contains("is asked of a node: give --rpc"), "{offline:?}");
    let announced = world.done(&OWNER, &[&announce[..], &[DEMO]].concat());
    assert_eq!(announced["code"], true);

    // The newest is still in its delay.
    world.done(&OWNER, &[&SIGN[..], &SAMPLE].concat());
    assert_eq!(named(&world), world.verifier.to_lowercase());
    let freeze = |which: &str| world.done(&FUND, &["venue", "freeze", "--verifier", which]);
    freeze(&world.verifier);
    let none = world.run(&OWNER, &[&SIGN[..], &SAMPLE].concat());
    let said = none.refusal(1);
    assert!(said.contains("is frozen") && said.contains("can be used from 2026-11-23"), "{said}");
    let none = world.run(&OWNER, &[&["submit"][..], &SAMPLE].concat());
    assert!(none.refusal(1).contains("is frozen"), "{none:?}");

    world.node.pass(2 * 86_400);
    world.done(&OWNER, &[&SIGN[..], &SAMPLE].concat());
    assert_eq!(named(&world), second);
    world.node.ask("anvil_setCode", json!([second, "0x00"]));
    let other = world.run(&OWNER, &[&SIGN[..], &SAMPLE].concat());
    assert!(other.refusal(1).contains("has other code than when it was announced"), "{other:?}");
}

#[test]
fn nobody_signs_for_another_venue_or_for_what_does_not_hold_unasked() {
    let Some(world) = World::new(&[], &[]) else { return };
    let rules = ["--rules", "sample/rules.toml", "--prices", "sample/prices.json"];
    let register = ["register", "--venue", "Another", "--verifier", &world.verifier, DEMO];
    done(&world.venue, &world.node, &FUND, &[&register[..], &rules].concat());
    let another = [&SIGN[..], &SAMPLE, &["--venue", "Another"]].concat();
    let another = super::run(&world.venue, &world.node, Some(OWNER.key), &another);
    let said = "the venue registered under this id is not that of the attestation";
    assert!(another.refusal(1).contains(said), "{another:?}");
    assert!(!world.venue.path("signed.json").exists());

    // A tenth of the ether, so that less is held than is owed.
    world.venue.edit("sample/reserves.json", "\"3260\"", "\"326\"");
    let mut prove = vec!["--quiet", "prove", "--snapshot", "sample/snapshot.csv"];
    prove.extend(["--rules", "sample/rules.toml", "--reserves", "sample/reserves.json"]);
    prove.extend(["--setup", crate::venue::setup(12), "--secret", "secret", "--out", "low"]);
    prove.extend(["--prices", "sample/prices.json"]);
    let proved = world.venue.run(&[&prove[..], &NAME].concat());
    assert!(world.venue.path("low/attestation.json").exists(), "{proved:?}");
    let low = ["--attestation", "low/attestation.json", DEMO];
    let refused = world.run(&OWNER, &[&SIGN[..], &low].concat());
    let said = refused.refusal(1);
    assert!(said.contains("min_coverage") && said.contains("--though-failing"), "{said}");
    assert!(!world.venue.path("signed.json").exists());
    let signed = world.run(&OWNER, &[&SIGN[..], &low, &["--though-failing"]].concat());
    assert_eq!(signed.code, 0, "{signed:?}");
    assert!(signed.stdout.contains("DOES NOT HOLD  min_coverage\n"), "{}", signed.stdout);
    // What holds needs no flag, and has none to abuse.
    let needless = world.run(&OWNER, &[&SIGN[..], &SAMPLE, &["--though-failing"]].concat());
    assert!(needless.refusal(2).contains("it holds: leave --though-failing out"), "{needless:?}");
}

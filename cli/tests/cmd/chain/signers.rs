//! Signatures of a publisher and of observers that somebody else carries.

use pacioli_chain::Key;
use serde_json::json;

use super::{
    CUSTODIAN, FUND, OWNER,
    world::{ALICE, ANY_TIME, BOB, DEMO, World},
};

const ATTESTATION: [&str; 3] = ["--attestation", "sample/attestation.json", DEMO];

#[test]
fn a_stranger_carries_what_publisher_and_observers_signed() {
    let Some(world) = World::new(&[], &[&ALICE, &BOB]) else { return };
    world.done(&OWNER, &["venue", "threshold", "--sign", "2"]);
    world.done(&OWNER, &["venue", "settle"]);
    world.done(&FUND, &["venue", "mark"]);
    world.node.pass(600);
    let sign = |by, out: &str, more: &[&str]| {
        let args = ["venue", "sign", ANY_TIME, "--out", out];
        world.done(by, &[&args[..], &ATTESTATION, more].concat())
    };
    // Of another time than the machine's, and nobody said that it is a test.
    let args = ["venue", "sign", "--out", "no.json"];
    let clock = world.run(&ALICE, &[&args[..], &ATTESTATION].concat());
    assert!(clock.refusal(2).contains("on a test chain, give --any-time"), "{clock:?}");

    sign(&OWNER, "publisher.json", &[]);
    let alice = sign(&ALICE, "alice.json", &["--compared", "program,prices"]);
    assert_eq!(alice["compared"], 3);
    let submit = |by, files: &[&str], more: &[&str]| {
        let files = files.iter().flat_map(|file| ["--signature", file]);
        let args = [&["submit"][..], &ATTESTATION, &files.collect::<Vec<_>>(), more].concat();
        world.run(by, &args)
    };
    let missing = submit(&FUND, &["alice.json", "publisher.json"], &[]);
    let said = "TooFewSignatures(signatures: 1, needed: 2)";
    assert!(missing.refusal(1).contains(said), "{missing:?}");
    let twice = submit(&FUND, &["publisher.json", "alice.json", "alice.json"], &[]);
    assert!(twice.refusal(2).contains("two of the signatures are of 0x90F7"), "{twice:?}");
    // Bob's key is elsewhere, as a Safe's: the digest is printed, and signed there.
    let carrier = ["--compared", "balances", "--carrier", CUSTODIAN.address];
    let by_wallet = [&carrier[..], &["--signer", BOB.address]].concat();
    let unsigned = sign(&CUSTODIAN, "bob.json", &by_wallet);
    assert_eq!(unsigned["signer"], json!(BOB.address.to_lowercase()));
    let refused = submit(&CUSTODIAN, &["bob.json", "alice.json", "publisher.json"], &[]);
    assert!(refused.refusal(2).contains("bob.json: not signed yet"), "{refused:?}");
    let digest = unsigned["digest"].as_str().unwrap().parse().unwrap();
    let signed = Key::from_hex(BOB.key).unwrap().sign_digest(&digest).unwrap();
    let signed = alloy_primitives::hex::encode_prefixed(signed);
    world.venue.edit("bob.json", "\"signature\": \"0x\"", &format!("\"signature\": \"{signed}\""));
    let files = ["bob.json", "alice.json", "publisher.json"];
    let stranger = submit(&FUND, &files, &[]);
    assert!(stranger.refusal(1).contains("OtherCarrier(signer: 0x15d3"), "{stranger:?}");
    // A forged copy: what was signed is what is sent.
    let text = world.venue.read("bob.json");
    world.venue.write("forged.json", text.replace("\"compared\": 16", "\"compared\": 31"));
    let forged = submit(&CUSTODIAN, &["forged.json", "alice.json", "publisher.json"], &[]);
    assert!(forged.refusal(1).contains("SignatureInvalid(signer: 0x15d3"), "{forged:?}");

    let dry = submit(&CUSTODIAN, &files, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.contains("would then be\n  state     healthy"), "{dry:?}");
    let sent = submit(&CUSTODIAN, &files, &["--json"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["verdict"]["state"], "healthy");
    let status = world.run(&CUSTODIAN, &["--json", "status"]).json();
    assert_eq!(status["latest"]["observers"], 2);
    assert_eq!(status["threshold"], 2);
}

#[test]
fn signatures_of_something_else_are_refused_before_they_are_sent() {
    let Some(world) = World::new(&[], &[&ALICE]) else { return };
    world.done(&OWNER, &["venue", "settle"]);
    let sign = ["venue", "sign", ANY_TIME, "--out", "one.json"];
    world.done(&ALICE, &[&sign[..], &ATTESTATION, &["--compared", "program"]].concat());
    world.prove("other", &["--prices", "sample/prices.json"]);
    let submit = ["submit", "--signature", "one.json", DEMO, "--attestation"];
    let other = world.run(&OWNER, &[&submit[..], &["other/attestation.json"]].concat());
    assert!(other.refusal(2).contains("signed for another attestation, number 0"), "{other:?}");
    let text = world.venue.read("one.json");
    for (from, to, said) in [
        ("\"chain_id\": 31337", "\"chain_id\": 1", "signed for another chain, registry or venue"),
        ("\"kind\": \"attestation\"", "\"kind\": \"alarm\"", "no file of a signature"),
        ("\"sequence\": 0", "\"sequence\": 1", "signed for another attestation, number 1"),
        ("\"carrier\"", "\"courier\"", "no file of a signature"),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        world.venue.write("one.json", text.replacen(from, to, 1));
        let refused = world.run(&OWNER, &[&submit[..], &["sample/attestation.json"]].concat());
        assert!(refused.refusal(2).contains(said), "{said}: {refused:?}");
    }
    let safe = ["--unsigned", "safe", "--from", FUND.address];
    world.venue.write("one.json", text);
    let args = [&submit[..], &["sample/attestation.json"], &safe[..2]].concat();
    // Who is no publisher cannot carry what the publisher did not sign: found before anybody signs.
    let refused = world.run(&OWNER, &[&args[..], &safe[2..]].concat());
    assert!(refused.refusal(1).contains("NotSignedByPublisher("), "{refused:?}");
    assert_eq!(world.state(), json!("none"));
}

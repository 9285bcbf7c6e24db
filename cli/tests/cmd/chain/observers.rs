//! Confirmations, alarms and ejections.

use serde_json::json;

use super::{
    FUND, OWNER,
    world::{ALICE, ANY_TIME, BOB, DEMO, World},
};

/// 2026-11-21T02:00:00Z.
const TWO: u64 = 1_795_226_400;

fn submit(attestation: &str) -> [&str; 4] {
    ["submit", DEMO, "--attestation", attestation]
}

#[test]
fn observers_confirm_what_left_its_band() {
    let Some(world) = World::new(&["--band-owed", "0.5%"], &[&ALICE, &BOB]) else { return };
    world.done(&OWNER, &["venue", "settle"]);
    world.done(&FUND, &["venue", "mark"]);
    world.prove("first", &["--prices", "sample/prices.json"]);
    let at_two = "2026-11-21T02:00:00Z";
    world.prices("later.json", "99000", at_two);
    let after = ["--previous", "first/attestation.json", "--as-of", at_two];
    world.prove("second", &[&["--prices", "later.json"][..], &after].concat());
    world.node.pass(600);
    world.done(&OWNER, &submit("first/attestation.json"));

    let sign = |by, out: &str, more: &[&str]| {
        let args = ["observer", "sign-confirmation", ANY_TIME, "--compared", "prices,balances"];
        world.run(by, &[&args[..], &["--out", out], more].concat())
    };
    let nothing = sign(&ALICE, "early.json", &[]);
    assert!(nothing.refusal(1).contains("there is nothing to confirm"), "{nothing:?}");
    world.until(TWO + 60);
    world.done(&FUND, &["venue", "mark"]);
    world.node.pass(600);
    let warned = world.run(&OWNER, &submit("second/attestation.json"));
    assert_eq!(warned.code, 1, "{warned:?}");
    assert!(warned.stdout.contains("something moved further than a band allows"), "{warned:?}");

    let alice = sign(&ALICE, "alice.json", &[]);
    assert_eq!(alice.code, 0, "{alice:?}");
    assert!(alice.stdout.contains("\nwhat left its band\n  owed: "), "{}", alice.stdout);
    let json = sign(&BOB, "bob.json", &["--json"]).json();
    assert_eq!(json["moved"][0]["what"], "owed");
    assert_eq!(json["round"], 2);
    sign(&OWNER, "owner.json", &[]);
    sign(&FUND, "stranger.json", &[]);
    let confirm = |files: &[&str], more: &[&str]| {
        let files = files.iter().flat_map(|file| ["--signature", file]).collect::<Vec<_>>();
        world.run(&FUND, &[&["observer", "confirm"][..], &files, more].concat())
    };
    for (file, said) in
        [("owner.json", "ObserverIsVenue("), ("stranger.json", "ObserverUnknown(observer: 0x3C44")]
    {
        let refused = confirm(&[file], &[]);
        assert!(refused.refusal(1).contains(said), "{refused:?}");
    }
    // The signature that came with an attestation confirms nothing.
    let sign = ["venue", "sign", ANY_TIME, "--attestation", "second/attestation.json", DEMO];
    world.done(&ALICE, &[&sign[..], &["--compared", "prices", "--out", "attest.json"]].concat());
    let refused = confirm(&["attest.json"], &[]);
    assert!(refused.refusal(2).contains("attest.json: not the signature of a confirmation"));

    let dry = confirm(&["alice.json"], &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.starts_with("round 2, confirmed by\n  0x90F7"), "{}", dry.stdout);
    assert!(dry.stdout.contains(", who compared prices, balances\n"), "{}", dry.stdout);
    assert!(dry.stdout.contains("would then be\n  state     healthy"), "{}", dry.stdout);
    assert_eq!(world.state(), "warning");
    let raw = confirm(&["alice.json"], &["--json", "--unsigned"]);
    assert_eq!(raw.code, 0, "{raw:?}");
    assert!(raw.json()["data"].as_str().unwrap().starts_with("0x"), "{raw:?}");
    let sent = confirm(&["bob.json", "alice.json"], &["--json"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["verdict"]["state"], "healthy");
    // What was confirmed is not confirmed again: found before anybody signs.
    let again = confirm(&["alice.json"], &["--unsigned"]);
    assert!(again.refusal(1).contains("NothingToConfirm(round: 2)"), "{again:?}");
}

#[test]
fn observers_pause_a_venue_and_the_alarm_lapses() {
    let Some(world) = World::new(&[], &[&ALICE, &BOB]) else { return };
    world.done(&OWNER, &["venue", "threshold", "--alarm", "2"]);
    world.done(&OWNER, &["venue", "settle"]);
    world.done(&FUND, &["venue", "mark"]);
    world.node.pass(600);
    world.done(&OWNER, &submit("sample/attestation.json"));
    let sign = |by, out: &str, more: &[&str]| {
        let args = ["observer", "sign-alarm", ANY_TIME, "--out", out];
        world.run(by, &[&args[..], more].concat())
    };
    let why = ["--reason", "withdrawals stopped"];
    let long = sign(&ALICE, "a.json", &[&why[..], &["--lasts", "25h"]].concat());
    assert!(long.refusal(2).contains("an alarm lasts 24 hours at most"), "{long:?}");
    let alice = sign(&ALICE, "a.json", &[&why[..], &["--lasts", "2h"]].concat());
    assert_eq!(alice.code, 0, "{alice:?}");
    assert!(alice.stdout.contains("  2 observers have to sign it\n"), "{}", alice.stdout);
    let send = |files: &[&str], more: &[&str]| {
        let files = files.iter().flat_map(|file| ["--signature", file]).collect::<Vec<_>>();
        world.run(&FUND, &[&["observer", "alarm"][..], &files, more].concat())
    };
    let few = send(&["a.json"], &[]);
    assert!(few.refusal(1).contains("TooFewSignatures(signatures: 1, needed: 2)"), "{few:?}");
    world.node.pass(60);
    assert_eq!(sign(&BOB, "own.json", &[&why[..], &["--lasts", "2h"]].concat()).code, 0);
    let several = send(&["a.json", "own.json"], &[]);
    assert!(several.refusal(2).contains("sign the same with --same-as"), "{several:?}");
    assert_eq!(sign(&BOB, "b.json", &["--same-as", "a.json"]).code, 0);
    // Another text than the one that was signed.
    let text = world.venue.read("b.json");
    world.venue.write("b.json", text.replace("withdrawals stopped", "a drill"));
    let forged = send(&["a.json", "b.json"], &[]);
    assert!(forged.refusal(2).contains("`text` is not what `reason` stands for"), "{forged:?}");
    world.venue.write("b.json", text);

    let dry = send(&["b.json", "a.json"], &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.contains("would then be\n  state     paused"), "{}", dry.stdout);
    assert_eq!(world.state(), "healthy");
    let sent = send(&["b.json", "a.json"], &["--json"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["verdict"]["state"], "paused");
    let again = send(&["b.json", "a.json"], &[]);
    assert!(again.refusal(1).contains("AlarmNotLater("), "{again:?}");
    let status = world.run(&OWNER, &["status"]);
    assert!(status.stdout.contains(": withdrawals stopped, by 0x15d3"), "{}", status.stdout);
    let json = world.run(&OWNER, &["--json", "status"]).json();
    assert_eq!(json["alarms"][0]["signers"].as_array().unwrap().len(), 2, "{json}");
    // Nobody ends it, and it ends by itself.
    world.node.pass(2 * 3_600);
    assert_eq!(world.state(), "healthy");
    let status = world.run(&OWNER, &["status"]);
    assert!(!status.stdout.contains("withdrawals stopped"), "{}", status.stdout);
    let status = world.run(&OWNER, &["status", "--history", "--registrant"]);
    assert!(status.stdout.contains("withdrawals stopped"), "{}", status.stdout);
    let said = format!("registered by {}\n  0x", OWNER.address);
    assert!(status.stdout.contains(&said), "{}", status.stdout);
}

#[test]
fn who_signs_two_attestations_of_one_number_observes_no_more() {
    let Some(world) = World::new(&[], &[&ALICE, &BOB]) else { return };
    world.done(&OWNER, &["venue", "settle"]);
    world.prices("other.json", "91251.5", "2026-11-21T00:00:00Z");
    world.prove("other", &["--prices", "other.json"]);
    world.prove("again", &["--prices", "sample/prices.json"]);
    let sign = |by, attestation: &str, out: &str, more: &[&str]| {
        let args = ["venue", "sign", ANY_TIME, DEMO, "--attestation", attestation, "--out", out];
        world.done(by, &[&args[..], more].concat());
    };
    let prices = ["--compared", "prices"];
    sign(&ALICE, "sample/attestation.json", "one.json", &prices);
    sign(&ALICE, "again/attestation.json", "again.json", &prices);
    sign(&BOB, "other/attestation.json", "bob.json", &prices);
    let eject = |files: [&str; 2], more: &[&str]| {
        let files = ["--signature", files[0], "--signature", files[1]];
        world.run(&FUND, &[&["observer", "eject"][..], &files, more].concat())
    };
    // Proved anew, a submission may have failed: that is the same book, program and context.
    for (file, said) in [("again.json", "of one attestation"), ("bob.json", "of two signers")] {
        let refused = eject(["one.json", file], &[]);
        assert!(refused.refusal(1).contains(said), "{refused:?}");
    }
    // The command keeps an observer from it, also where it says that it compared nothing.
    let two = ["venue", "sign", ANY_TIME, DEMO, "--attestation", "other/attestation.json"];
    for more in [&prices[..], &[]] {
        let args = [&two[..], &["--out", "two.json"], more].concat();
        let refused = world.run(&ALICE, &args);
        let said = "signed.jsonl:1: you signed another attestation of number 0";
        assert!(refused.refusal(1).contains(said), "{refused:?}");
    }
    assert!(!world.venue.path("two.json").exists());
    // As a publisher signs, with nothing compared, and the journal lost: the contract counts it.
    sign(&ALICE, "other/attestation.json", "two.json", &["--journal", "lost.jsonl"]);
    let text = world.venue.read("two.json");
    assert!(text.contains("\"compared\": 0"), "{text}");
    world.venue.write("forged.json", text.replace("\"compared\": 0", "\"compared\": 1"));
    let forged = eject(["one.json", "forged.json"], &[]);
    assert!(forged.refusal(1).contains("SignatureInvalid(signer: 0x90F7"), "{forged:?}");
    let dry = eject(["two.json", "one.json"], &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.contains("signed two attestations of number 0\n"), "{}", dry.stdout);
    let status = world.run(&OWNER, &["--json", "status"]).json();
    assert_eq!(status["observers"].as_array().unwrap().len(), 2);
    // Later, when both have lapsed: evidence does not.
    world.node.pass(3_600);
    let sent = eject(["one.json", "two.json"], &["--json"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["observer"], json!(ALICE.address.to_lowercase()));
    let status = world.run(&OWNER, &["status"]);
    let said = format!("ejected   {}: it signed two attestations of number 0", ALICE.address);
    assert!(status.stdout.contains(&said), "{}", status.stdout);
    let again = ["venue", "announce-observer", "--observer", ALICE.address];
    let again = world.run(&OWNER, &again);
    assert!(again.refusal(1).contains("ObserverWasEjected("), "{again:?}");
    // Times that do not overlap.
    sign(&BOB, "sample/attestation.json", "late.json", &prices);
    let late = eject(["bob.json", "late.json"], &[]);
    assert!(late.refusal(1).contains("the one had lapsed when the other was made"), "{late:?}");
}

//! A venue's first attestation, from nothing.

use std::io::Write;

use serde_json::json;

use super::{CUSTODIAN, FUND, Node, OWNER, done, run};
use crate::venue::{Run, Venue};

#[test]
fn a_venue_goes_from_nothing_to_a_first_attestation_on_a_real_node() {
    let Some(node) = Node::start() else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "skipped: no node. Install one: cd cli/tests/node && npm ci").unwrap();
        return;
    };
    let venue = Venue::new();
    assert_eq!(venue.run(&["--quiet", "demo", "--out", "sample"]).code, 0);
    let attestation = "sample/attestation.json";

    let deployed = done(&venue, &node, &OWNER, &["deploy", "registry"]);
    let registry = deployed["address"].as_str().unwrap();
    assert_eq!(deployed["transactions"].as_array().unwrap().len(), 9);
    // What is there is not made again.
    let again = done(&venue, &node, &OWNER, &["deploy", "registry"]);
    assert_eq!((&again["address"], &again["transactions"]), (&deployed["address"], &json!([])));
    let verifier = ["deploy", "verifier", "--accept-insecure-setup"];
    let verifier = done(&venue, &node, &OWNER, &verifier);
    let verifier = verifier["address"].as_str().unwrap();

    // Reserves are the chain's own coin: a million for customers, a hundred thousand for bad debt.
    let rich = [(&CUSTODIAN, "0xd3c21bcecceda1000000"), (&FUND, "0x152d02c7e14af6800000")];
    for (account, balance) in rich {
        node.ask("anvil_setBalance", json!([account.address, balance]));
    }
    let customers = format!("ETH:coin:{}", CUSTODIAN.address);
    let insurance = format!("ETH:coin:{}:insurance", FUND.address);
    let mut register = vec!["register", "--verifier", verifier, "--mark-within", "1h"];
    register.extend(["--venue", "Sample Derivatives Exchange", "--guardian", FUND.address]);
    register.extend(["--rules", "sample/rules.toml", "--prices", "sample/prices.json"]);
    register.extend(["--reserve", &customers, "--reserve", &insurance]);
    // A contract can claim any key, so its code is compared, or somebody says that it is not.
    let uncompared = run(&venue, &node, Some(OWNER.key), &register);
    assert!(
        uncompared.refusal(2).contains("was compared with nothing: give --build"),
        "{uncompared:?}"
    );
    register.push("--accept-insecure-setup");
    let registered = done(&venue, &node, &OWNER, &register);
    let again = run(&venue, &node, Some(OWNER.key), &register);
    assert!(again.refusal(1).contains("AlreadyRegistered(venue: 0x"), "{}", again.stderr);

    // The file of deployments knows the registry, and the venue by its name.
    let there = ["--venue", "Sample Derivatives Exchange"];
    let submit = [&["submit", "--accept-insecure-setup", "--attestation", attestation], &there[..]];
    let submit = submit.concat();
    let status = [&["status", "--accept-insecure-setup", "--attestation", attestation], &there[..]];
    let status = status.concat();

    let before = run(&venue, &node, None, &status);
    assert_eq!(before.code, 1);
    assert!(before.stdout.starts_with("DOES NOT HOLD: there is no attestation yet"), "{before:?}");

    // A keystore opens with its password alone; a reserve is accepted by its custodian alone.
    let token = ["--token", "0x0000000000000000000000000000000000000000"];
    let accept = [&["venue", "accept"], &there[..], &token].concat();
    let other = [&accept[..], &["--custodian", CUSTODIAN.address]].concat();
    let stranger = run(&venue, &node, Some(FUND.key), &other);
    assert!(stranger.refusal(1).contains("NotCustodian(caller: 0x3C44"), "{}", stranger.stderr);
    done(&venue, &node, &CUSTODIAN, &accept);
    done(&venue, &node, &FUND, &accept);
    let early = run(&venue, &node, Some(OWNER.key), &submit);
    assert!(early.refusal(1).contains("NotSettled("), "{}", early.stderr);
    done(&venue, &node, &OWNER, &[&["venue", "settle"], &there[..]].concat());
    // Anybody marks.
    done(&venue, &node, &FUND, &[&["venue", "mark"], &there[..]].concat());
    node.pass(600);
    let keystore = concat!(env!("CARGO_MANIFEST_DIR"), "/../chain/tests/keystore.json");
    let with_keystore = |password: &str| {
        let mut command = venue.command(&[&["--quiet"], &submit[..]].concat());
        command.args(["--rpc", &node.url, "--keystore", keystore, "--chain-id", "31337"]);
        Run::of(command.env("PACIOLI_KEYSTORE_PASSWORD", password).output().unwrap())
    };
    assert!(with_keystore("another").refusal(2).contains("does not open with this password"));

    // What does not verify is not sent, and who is not the publisher is refused.
    let text = venue.read(attestation);
    venue.write(attestation, text.replacen("\"BTC\": \"91", "\"BTC\": \"92", 1));
    assert_ne!(venue.read(attestation), text);
    let forged = run(&venue, &node, Some(OWNER.key), &submit);
    assert_eq!(forged.code, 1, "{forged:?}");
    venue.write(attestation, &text);
    let refused = run(&venue, &node, Some(FUND.key), &submit);
    assert!(refused.refusal(1).contains("NotSignedByPublisher("), "{}", refused.stderr);

    // A dry run says what the verdict would be, and sends nothing.
    let dry = run(&venue, &node, Some(OWNER.key), &[&submit[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(
        dry.stdout.contains("the verdict would then be\n  state     healthy"),
        "{}",
        dry.stdout
    );
    assert_eq!(run(&venue, &node, None, &status).code, 1);
    // Nor is anything sent to another chain.
    let other = run(&venue, &node, Some(OWNER.key), &[&submit[..], &["--chain-id", "1"]].concat());
    let said = "the node is of chain 31337, and --chain-id says 1";
    assert!(other.refusal(2).contains(said), "{}", other.stderr);

    let sent = with_keystore("sample password");
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(
        sent.stdout.starts_with("HOLDS: the attestation with sequence number 0 is on chain"),
        "{}",
        sent.stdout
    );
    assert!(sent.stdout.contains("holds          min_coverage\n"), "{}", sent.stdout);
    let again = run(&venue, &node, Some(OWNER.key), &submit);
    assert!(again.refusal(1).contains("OutOfSequence(sequence: 0, expected: 1)"), "{again:?}");

    let fresh = run(&venue, &node, None, &[&["--json"], &status[..]].concat());
    assert_eq!(fresh.code, 0, "{fresh:?}");
    let json = fresh.json();
    assert_eq!((&json["holds"], &json["fresh"]), (&json!(true), &json!(true)), "{json}");
    let compared = ["registry", "key", "verifier", "program"];
    assert!(compared.iter().all(|name| json["compared"][name] == true), "{json}");
    assert_eq!(json["latest"]["quote"], "USD");
    assert!(json["latest"]["value_decimals"].is_u64(), "{json}");
    let reserve = &json["reserves"][0];
    assert_eq!((&reserve["asset_name"], &reserve["decimals"]), (&json!("ETH"), &json!(18)));
    assert_eq!(json["attestation_differs"], json!([]));
    assert_eq!(json["latest"]["failing"], "0x0");
    assert_eq!(json["rules"][0]["program"], registered["program"]);

    // Without the venue's files: in the currency and with the digits of the program that was sent, and
    // no verdict, since nobody compared it.
    let alone = [&["status", "--accept-insecure-setup"], &there[..]].concat();
    let alone = run(&venue, &node, None, &alone);
    assert_eq!(alone.code, 2, "{alone:?}");
    assert!(alone.stdout.starts_with("NOT COMPARED: "), "{}", alone.stdout);
    for said in [
        "  - program: give --attestation, or --rules with --prices",
        "proved and read on chain, in USD\n",
        "holds          clause 1: coverage at mark at least 1\n",
        "program 0x",
        ", not compared\n",
        "ETH: the chain's own coin of 18 decimals, custodian 0x7099",
    ] {
        assert!(alone.stdout.contains(said), "{said}: {}", alone.stdout);
    }
    let rules = ["--rules", "sample/rules.toml", "--prices", "sample/prices.json"];
    let of_rules = [&["status", "--accept-insecure-setup"], &there[..], &rules].concat();
    assert_eq!(run(&venue, &node, None, &of_rules).code, 0);
    // A quarter of an hour later, by a node that stands still: it knows nothing of what came since.
    let later: jiff::Timestamp = node.now().parse().unwrap();
    let later = (later + jiff::SignedDuration::from_mins(16)).to_string();
    let behind = run(&venue, &node, None, &[&of_rules[..], &["--now", &later]].concat());
    assert_eq!(behind.code, 2, "{behind:?}");
    assert!(behind.stdout.starts_with("NOT COMPARED: "), "{}", behind.stdout);
    assert!(behind.stdout.contains("  - head: the node's latest block is of"), "{}", behind.stdout);
    let patient = ["--now", &later, "--max-head-age", "20m"];
    assert_eq!(run(&venue, &node, None, &[&of_rules[..], &patient].concat()).code, 0);
    // With neither key nor code.
    let keyless = [&["status"], &there[..], &rules].concat();
    let keyless = run(&venue, &node, None, &keyless);
    assert_eq!(keyless.code, 2, "{keyless:?}");
    assert!(keyless.stdout.contains("  - verifier: give --build"), "{}", keyless.stdout);

    // Code that asks the registry passes for it in all but its code.
    let foreign = "0x000000000000000000000000000000000000f4ce";
    let forwards = format!(
        "0x3660006000376000600036600073{}5afa3d600060003e3d6000f3",
        registry.strip_prefix("0x").unwrap()
    );
    node.ask("anvil_setCode", json!([foreign, forwards]));
    let other = run(&venue, &node, None, &[&status[..], &["--registry", foreign]].concat());
    assert_eq!(other.code, 1, "{other:?}");
    let said = "DOES NOT HOLD: the code of SolvencyRegistry at 0x";
    assert!(other.stdout.starts_with(said), "{}", other.stdout);

    // Guardian and owner: what harms is done at once, what helps waits.
    let pause = [&["venue", "pause", "--reason", "a drill"], &there[..]].concat();
    assert_eq!(done(&venue, &node, &FUND, &pause)["verdict"]["state"], "paused");
    let unpause = [&["venue", "unpause"], &there[..]].concat();
    let stranger = run(&venue, &node, Some(FUND.key), &unpause);
    assert!(stranger.refusal(1).contains("NotOwner("), "{}", stranger.stderr);
    assert_eq!(done(&venue, &node, &OWNER, &unpause)["verdict"]["state"], "paused");

    node.pass(2 * 86_400);
    let stale = run(&venue, &node, None, &status);
    assert_eq!(stale.code, 1);
    assert!(stale.stdout.starts_with("DOES NOT HOLD: stale: 2 d"), "{}", stale.stdout);
    // The venue's own limit, which no reader can lengthen.
    let patient = run(&venue, &node, None, &[&status[..], &["--max-age", "3d"]].concat());
    assert_eq!(patient.code, 1, "{patient:?}");
    assert!(patient.stdout.starts_with("DOES NOT HOLD: the venue is expired"), "{patient:?}");
    let history = run(&venue, &node, None, &[&status[..], &["--history"]].concat());
    assert!(history.stdout.contains("attestations so far\n"), "{}", history.stdout);

    // Another attestation with the same number is not the one that stands there.
    assert_eq!(venue.run(&["--quiet", "demo", "--out", "another"]).code, 0);
    let mut other = status.clone();
    other[3] = "another/attestation.json";
    let other = run(&venue, &node, None, &[&other[..], &["--max-age", "3d"]].concat());
    assert_eq!(other.code, 1);
    assert!(other.stdout.contains("DIFFERENT ON CHAIN: the proof of volume 0"), "{}", other.stdout);

    // A reserve taken off the list after it was counted.
    let remove = ["--token", token[1], "--custodian", CUSTODIAN.address];
    let remove = [&["venue", "remove-reserve"], &there[..], &remove].concat();
    assert_eq!(done(&venue, &node, &OWNER, &remove)["verdict"]["state"], "breach");

    for command in ["feed", "repricer", "statements"].map(|contract| ["deploy", contract]) {
        let more = match command[1] {
            "feed" => there.to_vec(),
            "repricer" => vec![],
            _ => vec!["--accept-insecure-setup"],
        };
        done(&venue, &node, &OWNER, &[&command[..], &more].concat());
    }
}

//! Evidence of reserves from a real node: made, proved beside, and checked; then all that is wrong.

use std::io::Write;

use serde_json::{Value, json};

use crate::{
    chain::Node,
    venue::{Run, Venue},
};

/// The first account of every development node.
const KEY: &str = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
pub const HOLDER: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/// Another, for a custodian.
const OTHER_KEY: &str = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const OTHER: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const CHAIN: &str = "eip155:31337";

/// A contract that answers every question with the balance of the account in it, of a mapping in slot 0.
pub const TOKEN: &str = "0x7070707070707070707070707070707070707070";
const TOKEN_CODE: &str = "0x600435600052600060205260406000205460005260206000f3";
const TOKEN_HASH: &str = "0x6514df48efba5fb0b14ee016f96138350093f0a72dc7d1a88ba35e2a9862f1d4";
/// Where it has the holder's.
pub const SLOT: &str = "0x723077b8a1b173adc35e5f0e7e3662fd1208212cb629f9c128551ea7168da722";

/// A wallet of ERC-1271 whose owner is the holder: it asks the chain who signed.
const WALLET: &str = "0x1271127112711271127112711271127112711271";

fn wallet_code() -> String {
    // mstore(0, hash), (32, v), (64, r), (96, s); ecrecover; equal to the owner, times the selector.
    let parts = [
        "600435600052",
        "60a43560001a602052",
        "606435604052",
        "608435606052",
        "602060006080600060015afa50",
        "60005173f39fd6e51aad88f6f4ce6ab8827279cfffb9226614",
        "631626ba7e60e01b02",
        "60005260206000f3",
    ];
    format!("0x{}", parts.concat())
}

/// A node with a token and a wallet, and a venue with three reserves on it and one at a bank.
pub struct World {
    pub node: Node,
    pub venue: Venue,
    block: String,
}

impl World {
    /// `None` where no node is installed.
    pub fn new() -> Option<Self> {
        let Some(node) = Node::start() else {
            let mut stderr = std::io::stderr();
            writeln!(stderr, "skipped: no node. Install one: cd cli/tests/node && npm ci").unwrap();
            return None;
        };
        node.ask("anvil_setCode", json!([TOKEN, TOKEN_CODE]));
        node.ask("anvil_setCode", json!([WALLET, wallet_code()]));
        node.ask("anvil_setBalance", json!([WALLET, "0xde0b6b3a7640000"]));
        let units = format!("0x{:064x}", 200_000_000_000u64);
        node.ask("anvil_setStorageAt", json!([TOKEN, SLOT, units]));
        node.ask("evm_mine", json!([]));
        let block = node.ask("eth_getBlockByNumber", json!(["latest", false]));
        let seconds = block["timestamp"].as_str().unwrap().trim_start_matches("0x");
        let seconds = i64::from_str_radix(seconds, 16).unwrap();
        let time = jiff::Timestamp::from_second(seconds).unwrap().to_string();
        let block = block["hash"].as_str().unwrap().to_owned();
        let venue = Venue::new();
        venue.edit("prices.json", "2026-01-01T00:00:00Z", &time);
        let rules = venue
            .read("rules.toml")
            .replace("[policy]", "[policy]\nmax_distance = { reserves = \"1h\" }")
            + &format!(
                "\n[tokens.\"{CHAIN}\".COIN]\nkind = \"native\"\nstands_for = \"BTC\"\ndecimals = 18\n\
             [tokens.\"{CHAIN}\".USDC]\nkind = \"erc20\"\nstands_for = \"USDC\"\ndecimals = 6\n\
             address = \"{TOKEN}\"\ncode_hash = \"{TOKEN_HASH}\"\nbalances_slot = 0\n"
            );
        venue.write("rules.toml", rules);
        let entry = |asset: &str, chain: &str, address: &str, purpose: &str| {
            json!({ "asset": asset, "amount": "5000", "chain": chain, "address": address,
                    "evidence": "evidence.json", "purpose": purpose })
        };
        let plan = json!({ "as_of": time, "reserves": [
            entry("BTC", CHAIN, HOLDER, "customers"),
            entry("USDC", CHAIN, HOLDER, "customers"),
            entry("BTC", CHAIN, WALLET, "customers"),
            entry("USDC", "bank", "fund", "insurance"),
        ] });
        venue.write("plan.json", plan.to_string());
        Some(Self { node, venue, block })
    }

    fn run(&self, args: &[&str]) -> Run {
        let mut command = self.venue.command(&[&["--quiet", "--json"], args].concat());
        command.env("PACIOLI_PRIVATE_KEY", KEY);
        Run::of(command.output().unwrap())
    }

    #[track_caller]
    fn done(&self, args: &[&str]) -> Value {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}: {}{}", run.stdout, run.stderr);
        run.json()
    }

    /// Writes the reserves and their evidence, as of the latest block.
    pub fn read(&self) -> Value {
        self.done(&[
            "reserves",
            "read",
            "--rpc",
            &self.node.url,
            "--block",
            "latest",
            "--proof",
            "--rules",
            "rules.toml",
            "--reserves",
            "plan.json",
            "--evidence",
            "evidence.json",
            "--out",
            "reserves.json",
        ])
    }

    /// The arguments that say what is signed.
    fn text(&self) -> Vec<String> {
        let hash = format!("{CHAIN}={}", self.block);
        [
            "--venue",
            "Sample",
            "--reserves",
            "reserves.json",
            "--previous",
            "first",
            "--from",
            "2026-11-21T00:00:00Z",
            "--until",
            "2026-11-22T00:00:00Z",
            "--block-hash",
            &hash,
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn with_text(&self, before: &[&str], more: &[&str]) -> Value {
        let text = self.text();
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        self.done(&[before, &text, more].concat())
    }

    /// Proves the book with them, and returns where the attestation is.
    pub fn prove(&self, out: &str, venue: &str) -> String {
        let run = self.venue.prove(out, &["--venue", venue, "--quiet"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        format!("{out}/attestation.json")
    }

    /// The digest of the rules, as `verify` prints it.
    pub fn rules_digest(&self, attestation: &str) -> String {
        let run = self.run(&["verify", "--accept-insecure-setup", attestation]);
        let found = run.json()["rules_digest"].as_str().map(str::to_owned);
        found.unwrap_or_else(|| panic!("{}", run.stdout))
    }

    fn check(&self, attestations: &[&str], more: &[&str]) -> Run {
        self.run(&[&["reserves", "check"], attestations, more].concat())
    }
}

/// The letters of each reserve: balance and whose.
fn letters(found: &Value) -> Vec<String> {
    let reserves = found["attestations"][0]["reserves"].as_array().unwrap();
    let of = |one: &Value, what: &str| one[what]["by"].as_str().unwrap().to_owned();
    reserves.iter().map(|one| of(one, "balance") + &of(one, "whose")).collect()
}

#[track_caller]
fn wrong(run: &Run, said: &str) {
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).unwrap()["holds"], false);
}

#[test]
fn a_venue_shows_its_reserves_on_a_real_node() {
    let Some(world) = World::new() else { return };
    let read = world.read();
    assert_eq!(read["read"], json!({ "0": "10000", "1": "200000", "2": "1" }));
    assert_eq!((&read["not_read"], &read["proofs"]), (&json!([3]), &json!(3)));

    let texts = world.with_text(&["reserves", "challenge"], &[]);
    assert!(texts["texts"][3]["refused"].as_str().unwrap().contains("CAIP-2"));
    let signed = world.with_text(&["reserves", "sign"], &["--evidence", "evidence.json"]);
    assert_eq!(signed["signed"].as_array().unwrap().len(), 2, "the wallet's is another address");
    // The wallet's owner signs for it; the wallet is asked before anything is written.
    let text = texts["texts"][2]["text"].as_str().unwrap();
    let hex = format!("0x{}", text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
    let signature = world.node.ask("personal_sign", json!([hex, HOLDER]));
    let signature = signature.as_str().unwrap();
    let wallet = [
        "--evidence",
        "evidence.json",
        "--scheme",
        "erc1271",
        "--address",
        WALLET,
        "--signature",
        signature,
    ];
    let pasted = [&wallet[..], &["--rpc", &world.node.url]].concat();
    world.with_text(&["reserves", "sign"], &pasted);

    let attestation = world.prove("first", "Sample");
    let digest = world.rules_digest(&attestation);
    let hash = format!("{CHAIN}={}", world.block);
    let evidence = ["--evidence", "evidence.json", "--rules-digest", &digest];
    let known = [&evidence[..], &["--block-hash", &hash]].concat();

    // Offline, with the block's hash: a wallet cannot be asked.
    let run = world.check(&[&attestation], &[&known[..], &["--accept-insecure-setup"]].concat());
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let found = run.json();
    assert_eq!(letters(&found), ["CR", "CR", "CW", "WW"]);
    assert_eq!(found["used_elsewhere"], "not known");
    let coverage = &found["attestations"][0]["coverage_at_mark"];
    assert_eq!(coverage[0]["by"], "C");
    assert_eq!(coverage[0]["reserves"], "1000200000");
    assert_eq!(coverage[2]["reserves"], "1000300000", "the wallet's coin by the venue's word");
    let text = world.venue.run(
        &[&["--quiet", "reserves", "check", &attestation, "--accept-insecure-setup"][..], &known]
            .concat(),
    );
    for said in [
        "CHECKED: ",
        "used elsewhere: not known",
        "whose R: controlled at 2026-11-21T00:1",
        "what was read and is controlled (C)",
        "rented keys and borrowed coins",
    ] {
        assert!(text.stdout.contains(said), "{said}: {}", text.stdout);
    }

    // With a node on this machine, everything on the chain; the code of the wallet is shown.
    let stale = [&evidence[..], &["--rpc", &world.node.url]].concat();
    let with_node = [&stale[..], &["--max-head-age", "36500d"]].concat();
    // It stands still, by the clock of who asks: what was there then is known, and what is now is not.
    let run = world.check(&[&attestation], &stale);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("a node's latest block is of 2026-11-21T00:"), "{}", run.stdout);
    assert_eq!(letters(&run.json())[0], "CR");
    assert_eq!(run.json()["attestations"][0]["reserves"][0]["now"], Value::Null);
    let run = world.check(&[&attestation], &with_node);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let found = run.json();
    assert_eq!(letters(&found), ["CR", "CR", "CC", "WW"]);
    assert_eq!(found["attestations"][0]["reserves"][0]["now"], "10000");
    assert_eq!(found["attestations"][0]["coverage_at_mark"], Value::Null, "proofs are not checked");

    // Nothing is known by a reader who knows nothing.
    let run = world.check(&[&attestation], &["--evidence", "evidence.json"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert_eq!(run.json()["verdict"], "NOTHING CHECKED");
    assert_eq!(letters(&run.json()), ["WW", "WW", "WW", "WW"]);

    // Spent since: still there at the block, and less now.
    // The node changes its last block in place.
    world.node.ask("evm_mine", json!([]));
    world.node.ask("anvil_setBalance", json!([HOLDER, "0x1"]));
    world.node.ask("evm_mine", json!([]));
    let run = world.check(&[&attestation], &with_node);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(letters(&run.json())[0], "CR");
    assert_eq!(run.json()["attestations"][0]["reserves"][0]["now"], "0.000000000000000001");

    wrongs(&world, &attestation, &known, &with_node);
}

/// Every kind of evidence that is wrong, by name.
fn wrongs(world: &World, attestation: &str, known: &[&str], with_node: &[&str]) {
    let evidence = world.venue.read("evidence.json");
    let changed = |from: &str, to: &str| {
        assert!(evidence.contains(from), "{from}");
        world.venue.write("evidence.json", evidence.replace(from, to));
        let run = world.check(&[attestation], known);
        world.venue.write("evidence.json", &evidence);
        run
    };
    wrong(&changed("Venue: Sample", "Venue: Other"), "for another venue");
    wrong(&changed("Purpose: customers", "Purpose: insurance"), "for another purpose");
    wrong(&changed("Valid from: 2026-11-21T00:00", "Valid from: 2026-11-20T00:00"), "is forged");
    wrong(&changed("2026-11-22T00:00:00Z", "2026-11-21T00:00:01Z"), "is expired");
    let zeros = format!("0x{}", "0".repeat(64));
    wrong(
        &changed("After attestation: first", &format!("After attestation: {zeros}")),
        "is replayed",
    );
    wrong(
        &changed(
            "\"balance\": \"0x21e19e0c9bab2400000\"",
            "\"balance\": \"0x21e19e0c9bab2400001\"",
        ),
        "is forged",
    );
    wrong(
        &changed("\"value\": \"0x2e90edd000\"", "\"value\": \"0x2e90edd001\""),
        "the proof of the slot is forged",
    );

    // The wallet's owner is another: the wallet says that the signature is not its own.
    let code = wallet_code().replace("f39fd6e5", "f39fd6e6");
    world.node.ask("anvil_setCode", json!([WALLET, code]));
    world.node.ask("evm_mine", json!([]));
    let run = world.check(&[attestation], with_node);
    assert_eq!(run.code, 0, "it is asked at the block of the balance: {}", run.stdout);

    // An address on the reader's list, in another spelling.
    world.venue.write("list.txt", format!("{} # hacked\n", HOLDER.to_lowercase()));
    let listed = [known, &["--deny", "list.txt"]].concat();
    let run = world.check(&[attestation], &listed);
    wrong(&run, "\"known_bad\": true");

    // Two venues with one address.
    let other = world.prove("other", "Other");
    let run = world.check(&[attestation, &other], &[]);
    wrong(&run, "used_elsewhere");
    assert_eq!(run.json()["used_elsewhere"].as_array().unwrap().len(), 3, "one at a bank");
    let rules = format!("0x{}", "0".repeat(64));
    let run = world.check(&[attestation], &["--rules-digest", &rules]);
    assert_eq!(run.code, 1, "{}", run.stdout);
}

#[test]
fn a_custodian_states_what_it_holds() {
    let venue = Venue::new();
    let reserves = venue.read("reserves.json");
    let held =
        format!("\"chain\": \"eip155:1\", \"address\": \"{OTHER}\", \"custodian\": \"Keeper\"");
    let reserves = reserves.replacen("\"chain\": \"bitcoin\", \"address\": \"vault\"", &held, 1);
    venue.write("reserves.json", reserves);
    venue.write(
        "rules.toml",
        venue
            .read("rules.toml")
            .replace("[policy]", "[policy]\nmax_distance = { reserves = \"1h\" }"),
    );
    assert_eq!(venue.prove("first", &["--quiet"]).code, 0);
    let state = |more: &[&str]| {
        let args =
            ["--quiet", "--json", "reserves", "state", "--venue", "test venue", "--reserves"];
        let rest = ["reserves.json", "--custodian", "Keeper", "--evidence", "evidence.json"];
        let mut command = venue.command(&[&args[..], &rest, more].concat());
        command.env("PACIOLI_PRIVATE_KEY", OTHER_KEY);
        let run = Run::of(command.output().unwrap());
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    };
    state(&[]);
    let check = |custodian: &str| {
        let args =
            ["--quiet", "--json", "reserves", "check", "first/attestation.json", "--evidence"];
        let rest = ["evidence.json", "--custodian", custodian, "--accept-insecure-setup"];
        venue.run(&[&args[..], &rest].concat())
    };
    let run = check(&format!("Keeper={OTHER}"));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(letters(&run.json()), ["OO", "WW", "WW"]);
    let coverage = &run.json()["attestations"][0]["coverage_at_mark"];
    assert_eq!(coverage[0]["reserves"], "0");
    assert_eq!(coverage[1]["reserves"], "250000");
    assert_eq!(coverage[2]["reserves"], "300000");
    wrong(&check(&format!("Keeper={HOLDER}")), "is forged");
    let run = check(&format!("Somebody={OTHER}"));
    assert_eq!(run.code, 2, "{}", run.stdout);

    // The same with a key of ed25519.
    venue.write("keeper.key", "07".repeat(32));
    state(&["--ed25519-key", "keeper.key"]);
    let key = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
    let run = check(&format!("Keeper=ed25519:{key}"));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn pledged_reserves_count_nothing() {
    let venue = Venue::new();
    let from =
        "\"evidence\": \"made up\", \"purpose\": \"customers\" },\n    { \"asset\": \"USDC\"";
    let text = venue.read("reserves.json");
    assert!(text.contains(from));
    let pledge =
        from.replacen("\"customers\" }", "\"customers\", \"encumbrance\": \"a bank\" }", 1);
    venue.write("reserves.json", text.replacen(from, &pledge, 1));
    let run = venue.prove("first", &[]);
    assert!(run.stderr.contains("`BTC` has an encumbrance and counts nothing"), "{}", run.stderr);
    let run = venue.verify("first", &["--json"]);
    assert_eq!(run.code, 1, "250,000 of 300,000 are pledged: {}", run.stdout);
    let found = run.json();
    assert_eq!(found["reserves"]["pledged"], json!([0]));
    assert_eq!(found["reserves"]["sums"]["encumbrance"]["a bank"]["BTC"], "2.5");
    assert_eq!(found["backing"][0]["reserves"], "50000");
    let text = venue.verify("first", &[]).stdout;
    assert!(text.contains("COUNTS NOTHING: it is pledged"), "{text}");
    assert!(text.contains("reserves added up"), "{text}");
}

//! From nothing to an attestation on a chain, by the program's own commands against a real node.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::venue::{Run, Venue};

const ANVIL: &str = "tests/node/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";

/// Ten minutes after the sample's snapshot: 2026-11-21T00:10:00Z.
const START: &str = "1795219800";

/// Keys and accounts that every development node has, with coins.
pub const OWNER: Account = Account {
    key: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
};
pub const CUSTODIAN: Account = Account {
    key: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
};
const FUND: Account = Account {
    key: "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
    address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
};

pub struct Account {
    pub key: &'static str,
    pub address: &'static str,
}

/// A node of its own; ends with the test.
pub struct Node {
    process: Child,
    pub url: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Node {
    /// `None` where the node is not installed.
    pub fn start() -> Option<Self> {
        let anvil = Path::new(env!("CARGO_MANIFEST_DIR")).join(ANVIL);
        if !anvil.exists() {
            return None;
        }
        let mut command = Command::new(anvil);
        command.args(["--port", "0", "--timestamp", START, "--hardfork", "osaka"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut found =
            lines.filter_map(|line| Some(line.strip_prefix("Listening on ")?.to_owned()));
        let url = format!("http://{}", found.next().expect("the node says where it listens"));
        Some(Self { process, url })
    }

    /// Asks the node directly.
    pub fn ask(&self, method: &str, params: Value) -> Value {
        let host = self.url.strip_prefix("http://").unwrap();
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let body = body.to_string();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let answer = answer.split_once("\r\n\r\n").unwrap().1;
        let answer: Value = serde_json::from_str(answer).unwrap();
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The receipt of a transaction, which the node may still be putting into a block.
    pub fn receipt(&self, transaction: &Value) -> Value {
        for _ in 0..100 {
            let receipt = self.ask("eth_getTransactionReceipt", json!([transaction]));
            if !receipt.is_null() {
                return receipt;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{transaction} is in no block");
    }

    pub fn pass(&self, seconds: u64) {
        self.ask("evm_increaseTime", json!([seconds]));
        self.ask("evm_mine", json!([]));
    }
}

/// The venue's folder, with the node in the environment and somebody's key.
pub fn run(venue: &Venue, node: &Node, key: Option<&str>, args: &[&str]) -> Run {
    let mut command = venue.command(&[&["--quiet"], args].concat());
    command.env("PACIOLI_RPC_URL", &node.url).env("PACIOLI_CHAIN_ID", "31337");
    if let Some(key) = key {
        command.env("PACIOLI_PRIVATE_KEY", key);
    }
    Run::of(command.output().unwrap())
}

/// What a command that has to succeed says in JSON.
#[track_caller]
pub fn done(venue: &Venue, node: &Node, account: &Account, args: &[&str]) -> Value {
    let run = run(venue, node, Some(account.key), &[&["--json"], args].concat());
    assert_eq!(run.code, 0, "{args:?}: {}{}", run.stdout, run.stderr);
    run.json()
}

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
    assert_eq!(deployed["transactions"].as_array().unwrap().len(), 7);
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
        let unsigned = ["--prices", "sample/prices.json", "--unsigned"];
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

#[test]
fn a_key_is_no_argument_and_a_node_has_to_answer() {
    let venue = Venue::new();
    let deploy = ["deploy", "registry", "--rpc", "http://127.0.0.1:1/secret", "--chain-id", "1"];
    let run = venue.run(&deploy);
    assert_eq!(run.refusal(2), "give a key with --keystore or in PACIOLI_PRIVATE_KEY");
    let with = |key: &str| {
        let mut command = venue.command(&deploy);
        Run::of(command.env("PACIOLI_PRIVATE_KEY", key).output().unwrap())
    };
    let run = with("0xabc");
    assert!(run.refusal(2).starts_with("PACIOLI_PRIVATE_KEY is not a private key"));
    assert!(!run.stderr.contains("0xabc"));
    // The node's address may hold a password.
    let run = with(OWNER.key);
    assert!(run.refusal(2).contains("the node does not answer as it should"), "{}", run.stderr);
    assert!(!run.stderr.contains("secret"), "{}", run.stderr);
    let run = venue.run(&["deploy", "registry", "--private-key", OWNER.key]);
    assert_eq!(run.code, 2);
}

/// What somebody else signs, in each form.
#[test]
fn transactions_are_printed_for_multisigs_and_timelocks() {
    let venue = Venue::new();
    let id = format!("0x{}", "ab".repeat(32));
    let pause = ["--json", "venue", "pause", "--venue", &id, "--reason", "a drill"];
    let pause = [&pause[..], &["--chain-id", "1", "--unsigned"]].concat();
    let raw = venue.run(&pause).json();
    assert!(raw["data"].as_str().unwrap().contains(&"ab".repeat(32)), "{raw}");
    let safe = venue.run(&[&pause[..], &["safe"]].concat()).json();
    assert_eq!((&safe["chainId"], &safe["version"]), (&json!("1"), &json!("1.0")));
    assert_eq!(safe["transactions"][0]["data"], raw["data"]);
    let at = "0x00000000000000000000000000000000000000aa";
    let timelock = ["timelock", "--timelock", at, "--timelock-delay", "2d"];
    let timelock = venue.run(&[&pause[..], &timelock].concat()).json();
    for part in ["schedule", "execute"] {
        let data = timelock[part]["data"].as_str().unwrap();
        assert!(data.contains(&raw["data"].as_str().unwrap()[2..]), "{timelock}");
    }
    // A timelock's delay, as its last argument.
    assert!(timelock["schedule"]["data"].as_str().unwrap().contains(&format!("{:064x}", 172_800)));
    let missing = venue.run(&[&pause[..], &["timelock"]].concat());
    assert_eq!(missing.code, 2);
}

#[test]
fn a_program_says_what_has_to_hold() {
    let venue = Venue::new();
    let args = ["contract", "program", "--rules", "rules.toml", "--prices", "prices.json"];
    let run = venue.run(&[&args[..], &["--out", "program.bin"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for clause in ["min_coverage", "bad_debt.crash", "open_interest_matched.BTC-PERP"] {
        assert!(run.stdout.contains(&format!("  - {clause}\n")), "{}", run.stdout);
    }
    assert_eq!(std::fs::read(venue.path("program.bin")).unwrap()[0], 4);
}

#[test]
fn the_contracts_of_a_key_are_written_for_the_compiler() {
    let venue = Venue::new();
    let args = ["contract", "--k", "12", "--out", "contracts"];
    assert!(venue.run(&args).refusal(2).starts_with("no key is given: "));
    let run = venue.run(&[&args[..], &["--accept-insecure-setup"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("npx solc@0.8.37 --standard-json"), "{}", run.stdout);
    let input: Value = serde_json::from_str(&venue.read("contracts/input.json")).unwrap();
    let generated = &input["sources"]["generated/VolumeVerifier.sol"]["content"];
    assert_eq!(generated, &json!(venue.read("contracts/generated/VolumeVerifier.sol")));
    let committed = "../verifier-contract/generated/VolumeVerifier.sol";
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(committed);
    assert_eq!(generated, &json!(std::fs::read_to_string(committed).unwrap()));
}

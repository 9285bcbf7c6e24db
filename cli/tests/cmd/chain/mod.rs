//! From nothing to an attestation on a chain, by the program's own commands against a real node, and
//! what everybody does about it there.

mod contracts;
mod draws;
mod first;
mod forms;
mod governance;
mod keys;
mod observe;
mod observers;
mod pinned;
mod program;
mod readings;
mod record;
mod signers;
mod verifiers;
pub mod world;

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
pub const FUND: Account = Account {
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
        Self::start_as("31337", &[])
    }

    /// The same, as a chain with another number.
    pub fn start_as(chain: &str, more: &[&str]) -> Option<Self> {
        let anvil = Path::new(env!("CARGO_MANIFEST_DIR")).join(ANVIL);
        if !anvil.exists() {
            return None;
        }
        let mut command = Command::new(anvil);
        command.args(["--port", "0", "--timestamp", START, "--hardfork", "osaka"]);
        command.args(["--chain-id", chain]).args(more);
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

    /// The time of the latest block.
    pub fn now(&self) -> String {
        let block = self.ask("eth_getBlockByNumber", json!(["latest", false]));
        let seconds = block["timestamp"].as_str().unwrap().trim_start_matches("0x");
        let seconds = i64::from_str_radix(seconds, 16).unwrap();
        jiff::Timestamp::from_second(seconds).unwrap().to_string()
    }

    pub fn pass(&self, seconds: u64) {
        self.ask("evm_increaseTime", json!([seconds]));
        self.ask("evm_mine", json!([]));
    }
}

/// The venue's folder, with the node in the environment and somebody's key.
pub fn run(venue: &Venue, node: &Node, key: Option<&str>, args: &[&str]) -> Run {
    let mut args = [&["--quiet"], args].concat();
    // The node's time is not the clock's.
    let now = node.now();
    if args.contains(&"status") && !args.contains(&"--now") {
        args.extend(["--now", &now]);
    }
    let mut command = venue.command(&args);
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

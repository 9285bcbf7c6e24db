//! A registered venue on a node of its own, with attestations that its publisher proved.

use serde_json::{Value, json};

use super::{Account, CUSTODIAN, FUND, Node, OWNER, done, run};
use crate::venue::{Run, Venue, setup};

/// Accounts of a development node that observe.
pub const ALICE: Account = Account {
    key: "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
    address: "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
};
pub const BOB: Account = Account {
    key: "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a",
    address: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
};

/// The name under which it is registered.
pub const NAME: [&str; 2] = ["--venue", "Sample Derivatives Exchange"];
/// The key of all proofs.
pub const DEMO: &str = "--accept-insecure-setup";
/// A chain's own coin.
pub const COIN: &str = "0x0000000000000000000000000000000000000000";
/// A test's chain has another time than the machine.
pub const ANY_TIME: &str = "--any-time";

/// A venue and its node.
pub struct World {
    pub venue: Venue,
    pub node: Node,
    pub verifier: String,
}

impl World {
    /// A venue with a million of the chain's own coin for customers, and observers; not yet settled.
    /// `None` where the node is not installed.
    pub fn new(options: &[&str], observers: &[&Account]) -> Option<Self> {
        let node = Node::start()?;
        let venue = Venue::new();
        assert_eq!(venue.run(&["--quiet", "demo", "--out", "sample"]).code, 0);
        assert_eq!(venue.run(&["secret", "new", "secret"]).code, 0);
        done(&venue, &node, &OWNER, &["deploy", "registry"]);
        let verifier = done(&venue, &node, &OWNER, &["deploy", "verifier", DEMO]);
        let verifier = verifier["address"].as_str().unwrap().to_owned();
        let world = Self { venue, node, verifier };
        world.has(&CUSTODIAN, "0xd3c21bcecceda1000000");
        let customers = format!("ETH:coin:{}", CUSTODIAN.address);
        let rules = ["--rules", "sample/rules.toml", "--prices", "sample/prices.json"];
        let register = ["register", "--verifier", &world.verifier, "--mark-within", "1h"];
        let reserve = ["--reserve", &customers, "--guardian", FUND.address, DEMO];
        world.done(&OWNER, &[&register[..], &rules, &reserve, options].concat());
        world.done(&CUSTODIAN, &["venue", "accept", "--token", COIN]);
        for observer in observers {
            let announce = ["venue", "announce-observer", "--observer", observer.address];
            world.done(&OWNER, &announce);
        }
        Some(world)
    }

    /// An account has this much of the chain's own coin.
    pub fn has(&self, account: &Account, balance: &str) {
        self.node.ask("anvil_setBalance", json!([account.address, balance]));
    }

    /// A command about the venue that has to succeed.
    #[track_caller]
    pub fn done(&self, by: &Account, args: &[&str]) -> Value {
        done(&self.venue, &self.node, by, &[args, &NAME].concat())
    }

    /// A command about the venue.
    pub fn run(&self, by: &Account, args: &[&str]) -> Run {
        run(&self.venue, &self.node, Some(by.key), &[args, &NAME].concat())
    }

    /// The venue's state.
    pub fn state(&self) -> Value {
        let status =
            run(&self.venue, &self.node, None, &[&["--json", "status"], &NAME[..]].concat());
        status.json()["verdict"]["state"].clone()
    }

    /// Passes time until a second since 1970.
    pub fn until(&self, second: u64) {
        let now = self.now();
        assert!(now < second, "{now} is later than {second}");
        self.node.pass(second - now);
    }

    /// The time of the latest block.
    pub fn now(&self) -> u64 {
        let block = self.node.ask("eth_getBlockByNumber", json!(["latest", false]));
        let text = block["timestamp"].as_str().unwrap().trim_start_matches("0x").to_owned();
        u64::from_str_radix(&text, 16).unwrap()
    }

    /// Proves the sample's book into a folder.
    pub fn prove(&self, out: &str, more: &[&str]) {
        let mut args = vec!["--quiet", "prove", "--snapshot", "sample/snapshot.csv"];
        args.extend(["--rules", "sample/rules.toml", "--reserves", "sample/reserves.json"]);
        args.extend(["--setup", setup(12), "--secret", "secret", "--out", out]);
        args.extend(NAME);
        args.extend(more);
        let run = self.venue.run(&args);
        assert_eq!(run.code, 0, "{run:?}");
    }

    /// A file of prices at which bitcoins are worth something else, at another time.
    pub fn prices(&self, file: &str, bitcoin: &str, as_of: &str) {
        let text = self.venue.read("sample/prices.json");
        let text = text.replace("91250.5", bitcoin).replace("2026-11-21T00:00:00Z", as_of);
        self.venue.write(file, text);
    }
}

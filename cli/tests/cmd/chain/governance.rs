//! What a timelock and a governor decide: OpenZeppelin's own contracts, from the package as it is
//! published, with rules that were calibrated in between.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{
    FUND, OWNER, run,
    world::{NAME, World},
};

const DAY: u64 = 86_400;

/// OpenZeppelin's and ours, as they are created.
struct Codes {
    timelock: String,
    governor: String,
    token: String,
}

impl Codes {
    /// `None` where the compiler or the package is not installed.
    fn find() -> Option<Self> {
        let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verifier-contract");
        let package = contracts.join("node_modules/@openzeppelin/contracts");
        let built = package.join("build/contracts/TimelockController.json");
        let built = std::fs::read_to_string(built).ok()?;
        let built: Value = serde_json::from_str(&built).unwrap();
        let source = PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/cmd/chain/VenueGovernor.sol"
        ));
        let mut command = Command::new("node");
        command.arg("solc.cjs").arg(&source).args(["--combined-json", "bin"]);
        let compiled = command.current_dir(contracts).output().ok()?;
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        let compiled: Value = serde_json::from_slice(&compiled.stdout).unwrap();
        let code = |name: &str| {
            let name = format!("{}:{name}", source.display());
            format!("0x{}", compiled["contracts"][name]["bin"].as_str().unwrap())
        };
        let timelock = built["bytecode"].as_str().unwrap().to_owned();
        Some(Self { timelock, governor: code("VenueGovernor"), token: code("VenueToken") })
    }
}

/// An account or a number as a word in hexadecimal digits.
fn word(value: &str) -> String {
    format!("{:0>64}", value.trim_start_matches("0x").to_lowercase())
}

impl World {
    /// Sends what somebody printed, from an account that the node signs for.
    fn send(&self, to: &str, data: &str) -> Value {
        let call = json!({ "from": OWNER.address, "to": to, "data": data, "gas": "0xf00000" });
        self.node.receipt(&self.node.ask("eth_sendTransaction", json!([call])))
    }

    #[track_caller]
    fn sends(&self, one: &Value) {
        let [to, data] = [&one["to"], &one["data"]].map(|text| text.as_str().unwrap());
        let receipt = self.send(to, data);
        assert_eq!(receipt["status"], "0x1", "{receipt}");
    }

    fn create(&self, code: &str) -> String {
        let call = json!([{ "from": OWNER.address, "data": code, "gas": "0xf00000" }]);
        let receipt = self.node.receipt(&self.node.ask("eth_sendTransaction", call));
        receipt["contractAddress"].as_str().unwrap().to_owned()
    }

    /// What a command prints for somebody else.
    #[track_caller]
    fn printed(&self, args: &[&str]) -> Value {
        let run = run(&self.venue, &self.node, None, &[&["--json"], args, &NAME].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.json()
    }

    /// Proposes, votes, queues and executes.
    fn passes(&self, governor: &str, proposal: &Value) {
        for one in proposal["first"].as_array().into_iter().flatten() {
            self.sends(one);
        }
        self.sends(&proposal["propose"]);
        self.node.ask("anvil_mine", json!(["0x2"]));
        // castVote(uint256,uint8), in favour.
        let id: alloy_primitives::U256 = proposal["proposal"].as_str().unwrap().parse().unwrap();
        let vote = format!("0x56781388{id:064x}{}", word("1"));
        assert_eq!(self.send(governor, &vote)["status"], "0x1", "the number of the proposal");
        self.node.ask("anvil_mine", json!(["0x6"]));
        self.sends(&proposal["queue"]);
        let early = &proposal["execute"];
        let early = self.send(governor, early["data"].as_str().unwrap());
        assert_eq!(early["status"], "0x0", "the timelock's delay has not passed");
        self.node.pass(2 * DAY);
        self.sends(&proposal["execute"]);
    }
}

/// A quarter of prices that swing.
fn history() -> String {
    let days = [(1, 31), (2, 28), (3, 31)].into_iter();
    let days = days.flat_map(|(month, last)| (1..=last).map(move |day| (month, day)));
    let rows = days.enumerate().map(|(index, (month, day))| {
        let price = if index % 2 == 0 { 90_000 + index } else { 99_000 - index };
        format!("2026-{month:02}-{day:02}T00:00:00Z,BTC,{price}\n")
    });
    format!("time,asset,price\n{}", rows.collect::<String>())
}

#[test]
fn a_governor_announces_calibrated_rules_in_one_batch() {
    let Some(codes) = Codes::find() else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "skipped: cd verifier-contract && npm ci").unwrap();
        return;
    };
    let Some(world) = World::new(&[], &[]) else { return };
    world.done(&OWNER, &["venue", "settle"]);
    // A timelock of two days, in which the governor alone proposes and anyone executes.
    let account = word(OWNER.address);
    let heads = [word("2a300"), word("80"), word("a0"), account.clone()].concat();
    let lists = [word("0"), word("1"), word("0")].concat();
    let timelock = world.create(&format!("{}{heads}{lists}", codes.timelock));
    let token = world.create(&format!("{}{account}", codes.token));
    let made = [word(&token), word(&timelock)].concat();
    let governor = world.create(&format!("{}{made}", codes.governor));
    // grantRole(PROPOSER_ROLE, governor)
    let role = alloy_primitives::keccak256("PROPOSER_ROLE");
    let grant = format!("0x2f2ff15d{}{}", word(&role.to_string()), word(&governor));
    assert_eq!(world.send(&timelock, &grant)["status"], "0x1");

    // The venue goes over to the timelock, which takes it by a decision.
    world.done(&OWNER, &["venue", "offer", "--next", &timelock]);
    let as_governor = ["--unsigned", "governor", "--governor", &governor, "--from", &timelock];
    let take = ["venue", "take-over", "--description", "Take over the venue"];
    let take = world.printed(&[&take[..], &as_governor].concat());
    assert_eq!(take["tried"]["verdict"]["state"], "none", "{take}");
    world.passes(&governor, &take);
    let status = world.printed_status();
    assert_eq!(status["owner"], json!(timelock.to_lowercase()));

    // Rules from a history of prices, announced in one proposal.
    world.venue.write("history.csv", history());
    let calibrate = ["rules", "calibrate", "--rules", "sample/rules.toml", "--history"];
    let more = ["history.csv", "--out", "calibrated.toml"];
    let proposed = world.venue.run(&[&calibrate[..], &more].concat());
    assert_eq!(proposed.code, 0, "{proposed:?}");
    let rules = ["--rules", "calibrated.toml", "--prices", "sample/prices.json"];
    let announce = [&["venue", "announce-rules"][..], &rules].concat();
    let described = ["--description", "Rules of calibrated margins"];
    let proposal = world.printed(&[&announce[..], &described, &as_governor].concat());
    assert_eq!(proposal["first"].as_array().unwrap().len(), 1, "{proposal}");
    // A stranger stores the program first, which stops nothing.
    world.sends(&proposal["first"][0]);
    let again = world.printed(&[&announce[..], &described, &as_governor].concat());
    assert_eq!(again["first"], Value::Null, "what is there is not made again");
    assert_eq!(again["proposal"], proposal["proposal"]);
    world.passes(&governor, &again);
    let status = world.printed_status();
    let announced = status["rules"].as_array().unwrap();
    let hash = alloy_primitives::keccak256(world.venue.read("calibrated.toml"));
    assert_eq!(announced[1]["rules"], json!(hash), "{status}");
    assert_eq!(announced[1]["retired"], false);

    // The same through the timelock alone, by whoever may propose there.
    let proposer = format!("0x2f2ff15d{}{account}", word(&role.to_string()));
    assert_eq!(world.send(&timelock, &proposer)["status"], "0x1");
    let guardian = ["venue", "guardian", "--guardian", OWNER.address, "--from", &timelock];
    let as_timelock = ["--unsigned", "timelock", "--timelock", &timelock, "--timelock-delay", "2d"];
    let scheduled = world.printed(&[&guardian[..], &as_timelock].concat());
    world.sends(&scheduled["schedule"]);
    // isOperation(bytes32)
    let asked = format!("0x31d50750{}", word(scheduled["operation"].as_str().unwrap()));
    let asked = json!([{ "to": timelock, "data": asked }, "latest"]);
    assert_eq!(world.node.ask("eth_call", asked), json!(format!("0x{}", word("1"))));
    world.node.pass(2 * DAY);
    world.sends(&scheduled["execute"]);
    let status = world.printed_status();
    assert_eq!(status["guardian"], json!(OWNER.address.to_lowercase()), "{status}");

    // What anyone may make is nothing to decide.
    let deploy = ["deploy", "repricer"];
    let deploy = [&deploy[..], &as_governor, &["--description", "A repricer"]].concat();
    let refused = run(&world.venue, &world.node, Some(FUND.key), &deploy);
    assert!(refused.refusal(2).contains("so there is nothing to decide"), "{refused:?}");
}

impl World {
    fn printed_status(&self) -> Value {
        run(&self.venue, &self.node, None, &[&["--json", "status"], &NAME[..]].concat()).json()
    }
}

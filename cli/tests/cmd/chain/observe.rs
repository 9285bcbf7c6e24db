//! An observer's day: everything compared, each thing differing once, and a signature that is carried.

use serde_json::{Value, json};

use super::{
    FUND, Node, OWNER, done,
    world::{ALICE, ANY_TIME, BOB, DEMO, NAME, World},
};
use crate::venue::{Run, setup};

/// A hundred thousand coins, and a tenth of them.
const MUCH: &str = "0x152d02c7e14af6800000";
const LESS: &str = "0x21e19e0c9bab2400000";
const DAY: &str = "first/attestation.json";

/// A program that lets a node sign what a device would show.
const SIGN: &str = "\
let text = '';
for await (const part of process.stdin) text += part;
const { signer, typed_data } = JSON.parse(text);
const params = [signer, typed_data];
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_signTypedData_v4', params });
const headers = { 'Content-Type': 'application/json' };
const answer = await fetch(process.argv[2], { method: 'POST', headers, body });
console.log((await answer.json()).result);
if (process.env.PACIOLI_PRIVATE_KEY) process.exit(1);
";

/// A venue with reserves on another chain, and what its observer has.
struct Day {
    world: World,
    other: Node,
    id: String,
}

impl Day {
    fn new() -> Option<Self> {
        let world = World::new(&[], &[&ALICE])?;
        let other = elsewhere(MUCH);
        let rules = world.venue.read("sample/rules.toml")
            + "\n[tokens.\"eip155:10\".COIN]\nkind = \"native\"\nstands_for = \"ETH\"\ndecimals = 18\n";
        world.venue.write("rules.toml", rules);
        let announce = ["venue", "announce-rules", "--rules", "rules.toml"];
        world.done(&OWNER, &[&announce[..], &["--prices", "sample/prices.json"]].concat());
        world.done(&OWNER, &["venue", "threshold", "--sign", "1"]);
        world.done(&OWNER, &["venue", "settle"]);
        let deployments: Value =
            serde_json::from_str(&world.venue.read("deployments.json")).unwrap();
        let id = deployments["31337"]["venues"][NAME[1]].as_str().unwrap().to_owned();
        let day = Self { world, other, id };
        day.prove("first", "100000", "2026-11-21T00:10:04Z", &[]);
        day.world.prices("mine.json", "91300", "2026-11-21T00:01:00Z");
        Some(day)
    }

    /// Proves the sample's book, with this many coins for customers.
    fn prove(&self, out: &str, customers: &str, as_of: &str, more: &[&str]) {
        let entry = |amount: &str, address: &str, purpose: &str| {
            json!({ "asset": "ETH", "amount": amount, "chain": "eip155:10", "address": address,
                    "evidence": "none", "purpose": purpose })
        };
        let reserves = json!({ "as_of": as_of, "reserves": [
            entry(customers, FUND.address, "customers"),
            entry("10000", BOB.address, "insurance"),
        ] });
        self.world.venue.write("reserves.json", reserves.to_string());
        let mut args = vec!["--quiet", "prove", "--snapshot", "sample/snapshot.csv"];
        args.extend(["--rules", "rules.toml", "--reserves", "reserves.json"]);
        args.extend(["--prices", "sample/prices.json", "--setup", setup(12)]);
        args.extend(["--secret", "secret", "--out", out, NAME[0], NAME[1]]);
        args.extend(more);
        let run = self.world.venue.run(&args);
        assert!(self.world.venue.path(&format!("{out}/attestation.json")).exists(), "{run:?}");
    }

    /// What the observer compares and with what.
    fn config(&self, of: &[(&str, &str)]) {
        let text = format!(
            "attestation = \"{DAY}\"\n\
             [venue]\nid = \"{}\"\nchain_id = 31337\nrpc = [\"env:PACIOLI_RPC_URL\"]\n\
             [key]\naccept_insecure_setup = true\n\
             [rules]\nfile = \"rules.toml\"\nrequire = \"min_coverage=1\"\n\
             [prices]\nfiles = [\"mine.json\"]\nband = \"0.5%\"\nmax_apart = \"5m\"\n\
             [reserves]\nrpc = [\"{}\"]\ndepth = 2\n\
             [sign]\nout = \"signed.json\"\njournal = \"signed.jsonl\"\nseen = \"seen.jsonl\"\n",
            self.id, self.other.url
        );
        let text = of.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}: {text}");
            text.replace(from, to)
        });
        self.world.venue.write("observe.toml", text);
    }

    /// What comes of a changed file, by Alice.
    fn observe(&self, of: &[(&str, &str)], more: &[&str]) -> Run {
        self.config(of);
        let args = [&["observe", ANY_TIME][..], more].concat();
        super::run(&self.world.venue, &self.world.node, Some(ALICE.key), &args)
    }

    /// What a dry run finds in JSON, which is of its schema.
    #[track_caller]
    fn found(&self, of: &[(&str, &str)], more: &[&str], code: i32) -> Value {
        let run = self.observe(of, &[&["--json", "--dry-run"], more].concat());
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        document(&run)
    }

    /// The same, of which one thing alone is not the same.
    #[track_caller]
    fn one(&self, of: &[(&str, &str)], more: &[&str], expected: (i32, &str, &str)) {
        let (code, what, verdict) = expected;
        let found = self.found(of, more, code);
        let rows = found["rows"].as_array().unwrap();
        // The insecure setup is accepted by the file.
        let others = rows.iter().filter(|row| row["what"] != "setup of the key");
        let others = others.filter(|row| row["verdict"] != "same");
        let others: Vec<_> = others.filter(|row| row["verdict"] != "not compared").collect();
        assert_eq!(others.len(), 1, "{others:?}");
        assert!(others[0]["what"].as_str().unwrap().starts_with(what), "{}", others[0]);
        assert_eq!(others[0]["verdict"], verdict, "{}", others[0]);
        assert!(!self.world.venue.path("signed.json").exists());
    }
}

/// A chain on which customers' coins are.
fn elsewhere(customers: &str) -> Node {
    let node = Node::start_as("10", &[]).unwrap();
    node.ask("anvil_setBalance", json!([FUND.address, customers]));
    node.ask("anvil_setBalance", json!([BOB.address, LESS]));
    // A block a second from 2026-11-21T00:10:00Z on.
    for second in 1_795_219_801_u64..1_795_219_811 {
        node.ask("evm_setNextBlockTimestamp", json!([second]));
        node.ask("evm_mine", json!([]));
    }
    node
}

/// One JSON document, whose keys and words are those of its schema.
#[track_caller]
fn document(run: &Run) -> Value {
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let schema = json_of(include_str!("../../../../docs/schema/observation.schema.json"));
    let names =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let row = &schema["$defs"]["row"];
    assert_eq!(names(&document), names(&schema["properties"]), "{document}");
    let words = |schema: &Value, value: &Value| {
        assert!(schema["enum"].as_array().unwrap().contains(value), "{value}: {document}");
    };
    words(&schema["properties"]["verdict"], &document["verdict"]);
    for one in document["rows"].as_array().unwrap() {
        assert_eq!(names(one), names(&row["properties"]), "{one}");
        for name in ["of", "by", "verdict"] {
            words(&row["properties"][name], &one[name]);
        }
    }
    if !document["signature"].is_null() {
        let own = &schema["properties"]["signature"]["properties"];
        assert_eq!(names(&document["signature"]), names(own), "{document}");
    }
    document
}

#[test]
fn an_observer_signs_what_it_compared_and_nothing_that_differs() {
    let Some(day) = Day::new() else { return };
    let World { venue, node, .. } = &day.world;
    let all = day.found(&[], &[], 0);
    assert_eq!(all["verdict"], "would sign");
    assert_eq!(all["compared"], json!(["program", "prices", "elsewhere"]), "{all}");
    assert_eq!(all["not_compared"], json!(["accounts", "balances"]));
    let of_setup = |row: &&Value| row["what"] == "setup of the key";
    let of_setup = all["rows"].as_array().unwrap().iter().find(of_setup).unwrap();
    assert_eq!(of_setup["verdict"], "accepted", "it is insecure, and that is said");
    assert!(!venue.path("seen.jsonl").exists(), "a dry run writes nothing");

    // Each comparison, differing alone.
    day.one(&[("0.5%", "0.01%")], &[], (1, "price of BTC", "differs"));
    day.one(
        &[("file = \"rules.toml\"", "file = \"sample/rules.toml\"")],
        &[],
        (1, "text of the rules", "differs"),
    );
    day.one(&[("min_coverage=1", "min_coverage=100")], &[], (1, "your min_coverage", "differs"));
    let low = elsewhere(LESS);
    let moved = [(day.other.url.as_str(), low.url.as_str())];
    day.one(&moved, &[], (1, "ETH at 0x3C44", "breach"));
    venue.write("few.json", venue.read("mine.json").replace("\"ETH\": \"3120.25\",", ""));
    day.one(&[("mine.json", "few.json")], &[], (2, "price of ETH", "not known"));
    day.one(&[("5m", "30s")], &[], (2, "prices", "not known"));
    let young = day.found(&[("depth = 2", "depth = 1000")], &[], 75);
    let why = young["rows"].to_string();
    assert!(why.contains("fewer than 1000 blocks are on top of"), "{why}");
    let silent = [(day.other.url.as_str(), "http://127.0.0.1:1")];
    day.one(&silent, &[], (75, "reserves", "not known"));
    // A registry that is not known hides no breach, and what was seen is kept.
    let down = ("env:PACIOLI_RPC_URL", "http://127.0.0.1:1");
    let unknown = day.observe(&[down], &[]);
    assert_eq!(unknown.code, 75, "{unknown:?}");
    for said in ["NOT KNOWN: registry: ", "NOT KNOWN: who signs: ", "does not answer"] {
        let text = unknown.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(said.trim_end()), "{said}: {}", unknown.stdout);
    }
    assert_eq!(venue.read("seen.jsonl").lines().count(), 1);
    let hidden = day.observe(&[down, moved[0]], &["--alarm", "alarm.json"]);
    assert_eq!(hidden.code, 1, "{hidden:?}");
    for said in ["BREACH: ETH at 0x3C44", "NOT KNOWN: registry: ", "no alarm was signed: "] {
        assert!(hidden.stdout.contains(said), "{said}: {}", hidden.stdout);
    }
    assert!(!venue.path("alarm.json").exists());
    // One node of two is silent: the other says that the attestation fits, and the alarm is signed.
    let one = format!("rpc = [\"{}\", \"http://127.0.0.1:1\"]", node.url);
    let half = [("rpc = [\"env:PACIOLI_RPC_URL\"]", one.as_str()), moved[0]];
    let half = day.observe(&half, &["--alarm", "half.json"]);
    assert_eq!(half.code, 1, "{half:?}");
    assert!(json_of(venue.read("half.json"))["text"].as_str().unwrap().contains("ETH at 0x3C44"));
    venue.write("seen.jsonl", "");
    let foreign = "0x000000000000000000000000000000000000f4ce";
    let registry = json_of(venue.read("deployments.json"));
    let registry = registry["31337"]["contracts"]["SolvencyRegistry"].as_str().unwrap();
    let forwards = format!("0x365f5f375f5f365f73{}5afa3d5f5f3e3d5ff3", &registry[2..]);
    node.ask("anvil_setCode", json!([foreign, forwards]));
    let at = format!("chain_id = 31337\nregistry = \"{foreign}\"");
    day.one(&[("chain_id = 31337", &at)], &[], (1, "contracts of the registry", "differs"));
    let other = ["register", "--venue", "Another", "--verifier", &day.world.verifier];
    let rules = ["--rules", "rules.toml", "--prices", "sample/prices.json", DEMO];
    let other = done(venue, node, &FUND, &[&other[..], &rules].concat());
    day.one(
        &[(&day.id, other["venue"].as_str().unwrap())],
        &[],
        (1, "name of the venue", "differs"),
    );
    // The venue's own policy.
    day.prove("low", "1", "2026-11-21T00:10:04Z", &[]);
    let low = ["--attestation", "low/attestation.json"];
    let failing = day.observe(&[], &[&low[..], &["--alarm", "alarm.json"]].concat());
    assert_eq!(failing.code, 1, "{failing:?}");
    assert!(failing.stdout.starts_with("REFUSED: attestation number 0 of "), "{}", failing.stdout);
    assert!(failing.stdout.contains("BREACH: min_coverage: mine holds, theirs fails"));
    let alarm = json_of(venue.read("alarm.json"));
    assert_eq!(alarm["kind"], "alarm");
    assert!(alarm["text"].as_str().unwrap().contains("min_coverage"), "{alarm}");
    assert!(!venue.path("signed.json").exists());
    // While it is there no other is signed, and one that has lapsed stops none.
    let alarmed = |of: &[(&str, &str)], out: &str| {
        let run = day.observe(of, &[&low[..], &["--alarm", out]].concat());
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains("BREACH: min_coverage"), "{}", run.stdout);
        run.stdout
    };
    assert!(alarmed(&[], "alarm.json").contains("alarm.json is there, send or remove it"));
    let mut lapsed = alarm.clone();
    lapsed["until"] = json!(1);
    venue.write("alarm.json", lapsed.to_string());
    alarmed(&[], "alarm.json");
    assert_eq!(json_of(venue.read("alarm.json"))["until"], alarm["until"], "signed again");
    // Where it cannot be written, what was compared is reported all the same.
    assert!(alarmed(&[], "nowhere/alarm.json").contains("no alarm was signed: "));
    // One that is not this venue's is no breach of it.
    let foreign = [(day.id.as_str(), other["venue"].as_str().unwrap())];
    assert!(alarmed(&foreign, "foreign.json").contains("nothing shows that it is this venue's"));
    assert!(!venue.path("foreign.json").exists());
    venue.write("seen.jsonl", "");

    // A stranger's key signs nothing.
    let stranger = ["observe", ANY_TIME];
    day.config(&[]);
    let stranger = super::run(venue, node, Some(FUND.key), &stranger);
    assert_eq!(stranger.code, 1, "{stranger:?}");
    assert!(stranger.stdout.contains("DIFFERS: observer of the venue"), "{}", stranger.stdout);

    // A program signs, as for a hardware wallet; and it gets no key.
    venue.write("sign.mjs", SIGN);
    let exec = format!(
        "[sign]\nsigner = \"{}\"\nexec = [\"/usr/bin/env\", \"node\", \"sign.mjs\", \"{}\"]\n",
        ALICE.address, node.url
    );
    let signed = day.observe(&[("[sign]\n", &exec)], &["--json"]);
    assert_eq!(signed.code, 0, "{}{}", signed.stdout, signed.stderr);
    let signed = document(&signed);
    assert_eq!(
        (&signed["verdict"], &signed["signature"]["compared"]),
        (&json!("signed"), &json!(11))
    );
    let other_key = exec.replace(ALICE.address, FUND.address);
    let other = day.observe(&[("[sign]\n", &other_key)], &[]);
    assert_eq!(other.code, 1, "it is no observer's: {other:?}");

    // Proved again, it is another attestation of this number, which is signed by name alone.
    day.prove("again", "100000", "2026-11-21T00:10:04Z", &[]);
    let again = ["--attestation", "again/attestation.json"];
    let fork = day.observe(&[], &again);
    assert_eq!(fork.code, 1, "{fork:?}");
    assert!(fork.stdout.contains("BREACH: number 0, seen at "), "{}", fork.stdout);
    let instead = day.observe(&[], &[&again[..], &["--instead"]].concat());
    assert_eq!(instead.code, 0, "{instead:?}");

    // Signed with a key, carried, and then there is nothing to sign.
    let signed = day.observe(&[], &["--instead"]);
    assert_eq!(signed.code, 0, "{signed:?}");
    for said in ["SIGNED: attestation number 0 of ", "\nNOT COMPARED      accounts, balances\n"] {
        assert!(signed.stdout.contains(said), "{said}: {}", signed.stdout);
    }
    day.world.done(&FUND, &["venue", "mark"]);
    node.pass(300);
    let submit = ["submit", DEMO, "--attestation", DAY, "--signature", "signed.json"];
    let sent = day.world.run(&OWNER, &submit);
    assert!(sent.code == 0 || sent.code == 1, "{sent:?}");
    let appended = day.observe(&[], &["--instead"]);
    assert_eq!(appended.code, 0, "{appended:?}");
    assert!(appended.stdout.starts_with("APPENDED: "), "{}", appended.stdout);
    let late = day.observe(&[], &[&again[..], &["--instead"]].concat());
    assert_eq!(late.code, 1, "{late:?}");
    for said in ["DIFFERS: number: mine 1, theirs 0", "DIFFERS: previous attestation: "] {
        assert!(late.stdout.contains(said), "{said}: {}", late.stdout);
    }
    node.pass(7 * 3_600);
    let old = day.observe(&[], &[&again[..], &["--instead"]].concat());
    assert!(old.stdout.contains("DIFFERS: age of snapshot and prices"), "{}", old.stdout);
    // One that follows is the venue's all the same where the registry would not take it, for its age.
    day.prove(
        "late",
        "1",
        "2026-11-21T00:10:04Z",
        &["--previous", DAY, "--as-of", "2026-11-21T00:10:04Z"],
    );
    let late = ["--attestation", "late/attestation.json", "--alarm", "late.json"];
    let late = day.observe(&[], &late);
    assert!(late.stdout.contains("DIFFERS: age of snapshot and prices"), "{}", late.stdout);
    let late = json_of(venue.read("late.json"));
    assert!(late["text"].as_str().unwrap().contains("min_coverage"), "{late}");
    // What neither follows nor was ever appended is not.
    let other = day.observe(&[], &[&low[..], &["--instead", "--alarm", "other.json"]].concat());
    assert!(other.stdout.contains("BREACH: min_coverage"), "{}", other.stdout);
    assert!(other.stdout.contains("nothing shows that it is this venue's"), "{}", other.stdout);
    assert!(!venue.path("other.json").exists());
}

fn json_of(text: impl AsRef<str>) -> Value {
    serde_json::from_str(text.as_ref()).unwrap()
}

#[test]
fn a_commented_file_is_written_once() {
    let venue = crate::venue::Venue::new();
    let written = venue.run(&["observe", "init"]);
    assert_eq!(written.code, 0, "{written:?}");
    assert!(venue.read("observe.toml").starts_with("# What an observer of a venue compares"));
    let again = venue.run(&["observe", "init"]);
    assert!(again.refusal(2).contains("is there already"), "{again:?}");
    let unset = venue.run(&["observe", "--dry-run"]);
    assert!(unset.refusal(2).contains("the variable NODE_ONE is not set"), "{unset:?}");
}

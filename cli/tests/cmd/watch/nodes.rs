//! A registry over two nodes that fail, stall, lie and reorganise.

use std::io::Write;

use alloy_primitives::Address;
use pacioli_verifier_contract::registry::venue_id;
use serde_json::{Value, json};

use super::server::{Does, Server};
use crate::chain::{
    FUND, Node, OWNER, run,
    world::{DEMO, NAME, World},
};

/// A registry with an attestation, and a watch of it over two nodes behind proxies.
struct Bed {
    world: World,
    own: Server,
    other: Server,
}

impl Bed {
    fn new(world: World) -> Self {
        let own = Server::before(&world.node.url);
        let other = Server::before(&world.node.url);
        let bed = Self { world, own, other };
        bed.write(&bed.other.url);
        bed
    }

    /// The configuration, with another second node.
    fn write(&self, other: &str) {
        let deployed = crate::chain::done(
            &self.world.venue,
            &self.world.node,
            &OWNER,
            &["deploy", "registry"],
        );
        let owner: Address = OWNER.address.parse().unwrap();
        let config = format!(
            "database = \"watch.db\"\nkey = {{}}\n[[venues]]\nname = \"{}\"\nmax_age = \"30d\"\n\
             [[venues.registries]]\nname = \"chain\"\nchain_id = 31337\nregistry = \"{}\"\n\
             venue = \"{}\"\ndepth = 2\nmax_head_age = \"1h\"\npatience = \"1s\"\nnodes = [\n\
             {{ provider = \"own\", url = \"{}\" }},\n{{ provider = \"other\", url = \"{other}\" }},\n]\n",
            NAME[1],
            deployed["address"].as_str().unwrap(),
            venue_id(owner, NAME[1]),
            self.own.url,
        );
        self.world.venue.write("watch.toml", config);
    }

    /// A look, so many minutes after the chain's time: exit code, venue, and what was told.
    #[track_caller]
    fn look(&self, minutes: u64) -> (i32, Value, Value) {
        let second = self.world.now() + 60 * minutes;
        let now = jiff_time(second);
        let args = ["--quiet", "--json", "watch", "--once", "--now", &now];
        let run = self.world.venue.run(&args);
        assert!(!run.stdout.is_empty(), "{run:?}");
        let mut json = run.json();
        (run.code, json["venues"][0].take(), json["told"].take())
    }

    #[track_caller]
    fn is_healthy(&self) {
        let (code, found, told) = self.look(0);
        assert_eq!((code, found["state"].as_str()), (0, Some("healthy")), "{found}");
        assert_eq!(told, json!([]));
    }

    fn mine(&self, blocks: u64) {
        self.world.node.ask("anvil_mine", json!([format!("0x{blocks:x}")]));
    }
}

fn jiff_time(second: u64) -> String {
    let output = std::process::Command::new("date")
        .args(["-u", "-d", &format!("@{second}"), "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn submitted() -> Option<World> {
    let world = World::new(&[], &[])?;
    world.done(&OWNER, &["venue", "settle"]);
    world.done(&FUND, &["venue", "mark"]);
    world.node.pass(600);
    world.node.ask("anvil_mine", json!(["0x3"]));
    Some(world)
}

#[test]
fn hiccups_lies_and_reorganisations_are_never_a_breach() {
    let Some(world) = submitted() else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "skipped: no node. Install one: cd cli/tests/node && npm ci").unwrap();
        return;
    };
    let bed = Bed::new(world);
    // Before the first attestation.
    let (code, found, _) = bed.look(0);
    assert_eq!((code, found["state"].as_str()), (1, Some("none")), "{found}");
    let before = bed.world.node.ask("evm_snapshot", json!([]));
    let submit = ["submit", DEMO, "--attestation", "sample/attestation.json"];
    bed.world.done(&OWNER, &submit);
    // Not deep enough: not seen.
    assert_eq!(bed.look(0).1["state"], "none");
    bed.mine(2);
    bed.is_healthy();

    // What fails on the way.
    for (does, said) in [
        (Does::Status(500), "other: "),
        (Does::Status(429), "other: "),
        (Does::CutOff, "other: "),
        (Does::Half, "other: "),
        (Does::Stall, "other: "),
        (Does::OldHead, "other: its latest block, "),
        (Does::Lie(3), "the nodes do not agree at block "),
    ] {
        bed.other.now_does(does);
        // Twice, since a fact is raised at the second look.
        for _ in 0..2 {
            let (code, found, told) = bed.look(0);
            assert_eq!((code, found["state"].as_str()), (75, Some("unknown")), "{does:?}: {found}");
            assert!(found["not_known"]["chain"].as_str().unwrap().starts_with(said), "{found}");
            assert_eq!((&found["facts"], told), (&json!([]), json!([])), "{does:?}");
            // W2: what the liar says is shown.
            let worse = if matches!(does, Does::Lie(_)) { json!("breach") } else { Value::Null };
            assert_eq!(found["worse_reading"], worse, "{does:?}");
        }
        bed.other.now_does(Does::Well);
        bed.is_healthy();
    }
    // Of another venue's id nothing is told under this one's name.
    let name = format!("name = \"{}\"", NAME[1]);
    bed.world.venue.edit("watch.toml", &name, "name = \"another venue\"");
    let (code, found, _) = bed.look(0);
    let why = found["not_known"]["chain"].as_str().unwrap_or_default();
    assert!(code == 75 && why.contains("has another name there"), "{found}");
    bed.world.venue.edit("watch.toml", "name = \"another venue\"", &name);
    bed.is_healthy();
    // It stalls for ever: that is told by itself, once, and once that it is over.
    bed.other.now_does(Does::Status(500));
    assert_eq!(bed.look(0).2, json!([]));
    let (code, found, told) = bed.look(10);
    assert_eq!((code, found["facts"][0]["kind"].as_str()), (75, Some("unknown")), "{found}");
    assert_eq!((told.as_array().unwrap().len(), told[0]["told"].as_str()), (1, Some("raised")));
    assert_eq!(bed.look(12).2, json!([]));
    bed.other.now_does(Does::Well);
    bed.look(13);
    let (_, _, told) = bed.look(24);
    assert_eq!(told[0]["told"], "resolved", "{told}");

    // Both lie the same way: then it is what two say, and this is why their companies must differ.
    // A node of another chain, and one of another history.
    let foreign = Node::start_as("31338", &[]).unwrap();
    bed.write(&foreign.url);
    let (code, found, _) = bed.look(0);
    let why = found["not_known"]["chain"].as_str().unwrap();
    assert!(code == 75 && why.contains("other: it is of chain 31338, not 31337"), "{why}");
    let fork = Node::start_as("31337", &["--fork-url", &bed.world.node.url]).unwrap();
    bed.write(&fork.url);
    bed.is_healthy();
    fork.ask("evm_increaseTime", json!([5]));
    fork.ask("anvil_mine", json!(["0x4"]));
    bed.mine(4);
    let (code, found, told) = bed.look(0);
    let why = found["not_known"]["chain"].as_str().unwrap_or_default();
    assert!(code == 75 && why.contains("the nodes do not agree"), "{found}");
    assert_eq!(told, json!([]));
    drop(fork);
    bed.write(&bed.other.url);
    bed.is_healthy();

    // A pause that a reorganisation takes back within the depth was never seen.
    let fork = bed.world.node.ask("evm_snapshot", json!([]));
    bed.world.done(&FUND, &["venue", "pause", "--reason", "a drill"]);
    bed.is_healthy();
    assert_eq!(bed.world.node.ask("evm_revert", json!([fork])), true);
    bed.mine(3);
    bed.is_healthy();

    // A real breach: told once.
    let round = ["venue", "revoke", "--round", "1", "--reason", "a drill"];
    bed.world.done(&FUND, &round);
    bed.is_healthy();
    bed.mine(2);
    let told: Vec<_> = (0..4).map(|minute| bed.look(minute)).collect();
    for (code, found, _) in &told {
        assert_eq!((*code, found["state"].as_str()), (1, Some("breach")), "{found}");
    }
    let told: Vec<_> = told.iter().map(|(.., told)| told.as_array().unwrap().len()).collect();
    assert_eq!(told, [0, 1, 0, 0]);
    // Hidden by a hiccup, it is neither resolved nor told again.
    bed.other.now_does(Does::CutOff);
    let (code, found, told) = bed.look(60);
    assert_eq!((code, found["worse_reading"].as_str()), (75, Some("breach")), "{found}");
    assert!(told.as_array().unwrap().iter().all(|one| one["told"] == "raised"), "{told}");
    bed.other.now_does(Does::Well);

    // One of two that gives an old block as its latest, with the time of now, does not take all of them
    // back to before the breach.
    bed.world.node.pass(7_200);
    bed.mine(40);
    bed.other.now_does(Does::OldNumber(42));
    let (code, found, _) = bed.look(0);
    assert_eq!((code, found["state"].as_str()), (75, Some("unknown")), "{found}");
    let why = found["not_known"]["chain"].as_str().unwrap();
    assert!(why.contains("own: block ") && why.contains("the lowest head of all nodes"), "{why}");
    bed.other.now_does(Does::Well);

    // A deep reorganisation takes back the attestation itself.
    assert_eq!(bed.world.node.ask("evm_revert", json!([before])), true);
    bed.mine(30);
    let (code, found, _) = bed.look(0);
    assert_eq!(code, 1, "{found}");
    let kinds: Vec<_> = found["facts"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert!(kinds.contains(&&json!("disappeared")), "{found}");
    // The URLs of nodes are in no output.
    let shown = run(&bed.world.venue, &bed.world.node, None, &["watch", "--once"]);
    assert!(!shown.stdout.contains(&bed.own.url), "{}", shown.stdout);
}

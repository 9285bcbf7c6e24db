//! Reserves on another chain, as observers read them.

use serde_json::json;

use super::{
    CUSTODIAN, FUND, Node, OWNER, done,
    world::{ALICE, ANY_TIME, BOB, COIN, DEMO, World},
};

/// A hundred thousand coins, a tenth of what is at home.
const ELSEWHERE: &str = "0x152d02c7e14af6800000";

#[test]
fn a_reading_counts_within_the_venues_share() {
    let options = ["--elsewhere", "2.5%"];
    let Some(world) = World::new(&options, &[&ALICE, &BOB]) else { return };
    let other = Node::start_as("10", &["--slots-in-an-epoch", "1"]).unwrap();
    other.ask("anvil_setBalance", json!([FUND.address, ELSEWHERE]));
    other.ask("anvil_mine", json!(["0x5"]));
    world.done(&OWNER, &["venue", "threshold", "--sign", "2"]);
    let remote = format!("ETH:coin:{}", FUND.address);
    world.done(&OWNER, &["venue", "announce-remote", "--on", "10", "--reserve", &remote]);
    world.done(&OWNER, &["venue", "settle"]);
    world.node.pass(30);

    let read = ["observer", "sign-reading", ANY_TIME, "--read-rpc", &other.url];
    let where_ = ["--on", "10", "--token", COIN, "--custodian", FUND.address];
    let first = |out: &str, more: &[&str]| {
        world.run(&ALICE, &[&read[..], &where_, &["--out", out], more].concat())
    };
    let same = |out: &str, of: &str| {
        world.run(&BOB, &[&read[..], &["--same-as", of, "--out", out]].concat())
    };
    let post = |files: [&str; 2], more: &[&str]| {
        let files = ["--signature", files[0], "--signature", files[1]];
        world.run(&CUSTODIAN, &[&["observer", "post-reading"][..], &files, more].concat())
    };
    let unfinal = first("x.json", &["--block", "5"]);
    assert!(unfinal.refusal(2).contains("block 5 can still be replaced"), "{unfinal:?}");
    let unlisted = ["--on", "10", "--token", COIN, "--custodian", CUSTODIAN.address];
    let unlisted = world.run(&ALICE, &[&read[..], &unlisted, &["--out", "x.json"]].concat());
    assert!(unlisted.refusal(2).contains("the venue lists no reserve of 0x7099"), "{unlisted:?}");
    let home = ["observer", "sign-reading", ANY_TIME, "--read-rpc", &world.node.url];
    let home = world.run(&ALICE, &[&home[..], &where_, &["--out", "x.json"]].concat());
    assert!(home.refusal(2).contains("a node of chain 31337, and not of 10"), "{home:?}");

    let alice = first("a.json", &[]);
    assert_eq!(alice.code, 0, "{alice:?}");
    assert!(alice.stdout.contains("  read    100000 ETH of 0x3C44"), "{}", alice.stdout);
    assert_eq!(same("b.json", "a.json").code, 0);
    let few = ["observer", "post-reading", "--signature", "a.json"];
    let few = world.run(&CUSTODIAN, &few);
    assert!(few.refusal(1).contains("TooFewReaders(signers: 1, needed: 2)"), "{few:?}");
    let dry = post(["b.json", "a.json"], &["--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert_eq!(post(["b.json", "a.json"], &[]).code, 0);

    // The mark here, and another reading after it.
    world.done(&FUND, &["venue", "mark"]);
    world.node.pass(600);
    other.ask("evm_increaseTime", json!([600]));
    other.ask("anvil_mine", json!(["0x5"]));
    // Another observer whose node says something else signs nothing.
    assert_eq!(first("c.json", &[]).code, 0);
    let text = world.venue.read("c.json");
    world.venue.write("lie.json", text.replace("\"units\": \"0x", "\"units\": \"0x1"));
    let refused = same("d.json", "lie.json");
    assert!(refused.refusal(1).contains("--same-as: the other observer read"), "{refused:?}");
    assert_eq!(same("d.json", "c.json").code, 0);
    assert_eq!(post(["c.json", "d.json"], &[]).code, 0);

    let sign = ["venue", "sign", ANY_TIME, DEMO, "--attestation", "sample/attestation.json"];
    for (by, out) in [(&ALICE, "e.json"), (&BOB, "f.json")] {
        world.done(by, &[&sign[..], &["--compared", "elsewhere", "--out", out]].concat());
    }
    let submit = ["submit", DEMO, "--attestation", "sample/attestation.json"];
    let signed = ["--signature", "e.json", "--signature", "f.json"];
    let sent = world.done(&OWNER, &[&submit[..], &signed].concat());
    assert_eq!(sent["verdict"]["state"], "healthy");
    // A million at home, and a fortieth of it beside, of the tenth that is there; at 3,120.25 each.
    let status = world.run(&OWNER, &["--json", "status"]).json();
    let decimals = status["latest"]["value_decimals"].as_u64().unwrap();
    let reserves: u128 = status["latest"]["reserves"].as_str().unwrap().parse().unwrap();
    let counted = 1_025_000 * 312_025 * 10_u128.pow(decimals as u32 - 2);
    let home = 1_000_000 * 312_025 * 10_u128.pow(decimals as u32 - 2);
    // The last tier of a deposit is valued with its haircut; at mark it is whole.
    assert!(reserves > home && reserves <= counted, "{reserves}: {home} to {counted}");
    assert!(counted - reserves < counted / 1_000, "{reserves} of {counted}");

    // Another venue lists the same balance: `status` of the first says so.
    let register = ["register", "--venue", "Another", "--verifier", &world.verifier];
    let rules = ["--rules", "sample/rules.toml", "--prices", "sample/prices.json", DEMO];
    let register = [&register[..], &rules].concat();
    let another = done(&world.venue, &world.node, &FUND, &register);
    let list = ["venue", "announce-remote", "--venue", "Another", "--on", "10", "--reserve"];
    done(&world.venue, &world.node, &FUND, &[&list[..], &[&remote]].concat());
    let status = world.run(&OWNER, &["--json", "status"]).json();
    assert_eq!(status["remotes"][0]["also_listed_by"], json!([another["venue"]]));
    let status = world.run(&OWNER, &["status"]);
    assert!(status.stdout.contains("ALSO LISTED BY the venue 0x"), "{}", status.stdout);
}

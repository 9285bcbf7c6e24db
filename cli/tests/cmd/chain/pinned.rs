//! `status` asks a chain that goes on while it is asked, and says what was true together.

use serde_json::{Value, json};

use super::{
    FUND, OWNER, run,
    world::{DEMO, NAME, World},
};
use crate::{
    venue::Run,
    watch::server::{Does, Server},
};

const SUBMIT: [&str; 4] = ["submit", DEMO, "--attestation", "sample/attestation.json"];

/// What `status` says through a server before the node, at the chain's time.
fn status(world: &World, server: &Server, more: &[&str]) -> Run {
    let now = world.node.now();
    let args = ["status", DEMO, "--rpc", &server.url, "--now", &now];
    let args = [&args[..], &NAME, &["--attestation", "sample/attestation.json"], more].concat();
    run(&world.venue, &world.node, None, &args)
}

fn number(text: &Value) -> u64 {
    u64::from_str_radix(text.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

#[test]
fn a_node_that_moves_on_between_calls_answers_of_one_block() {
    let Some(world) = World::new(&[], &[]) else { return };
    world.done(&OWNER, &["venue", "settle"]);
    world.done(&FUND, &["venue", "mark"]);
    world.node.pass(600);
    world.done(&OWNER, &SUBMIT);

    let server = Server::before(&world.node.url);
    server.now_does(Does::Moves);
    let before = number(&world.node.ask("eth_blockNumber", json!([])));
    let run = status(&world, &server, &["--json", "--history", "--registrant"]);
    let after = number(&world.node.ask("eth_blockNumber", json!([])));
    // More than a day of the chain's time goes by meanwhile, and makes nothing stale that was fresh.
    assert!(after > before + 30, "{before} {after}");
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    let (at, hash) = (json["block"]["number"].as_u64().unwrap(), &json["block"]["hash"]);
    assert!(at <= before + 5, "{before} {at}");
    let block = world.node.ask("eth_getBlockByNumber", json!([format!("0x{at:x}"), false]));
    assert_eq!(
        (&block["hash"], number(&block["timestamp"])),
        (hash, json["time"].as_u64().unwrap())
    );

    // Every question of state is of that block, by its hash; no log is of a later one.
    let (mut states, mut logs) = (0, 0);
    for request in server.taken() {
        let asked: Value = serde_json::from_str(&request.body).unwrap();
        match asked["method"].as_str().unwrap() {
            "eth_call" | "eth_getCode" => {
                assert_eq!(&asked["params"][1], hash, "{}", request.body);
                states += 1;
            }
            "eth_getLogs" => {
                assert!(number(&asked["params"][0]["toBlock"]) <= at, "{}", request.body);
                logs += 1;
            }
            "eth_chainId" | "eth_getBlockByNumber" => {}
            other => panic!("{other} is of any block"),
        }
    }
    assert!(states > 20 && logs > 5, "{states} {logs}");
    let text = status(&world, &server, &[]);
    assert!(text.stdout.contains("  head         block "), "{}", text.stdout);
    assert!(text.stdout.contains("all is as of it: 0x"), "{}", text.stdout);
}

#[test]
fn a_block_that_is_the_chains_no_more_says_nothing() {
    let Some(world) = World::new(&[], &[]) else { return };
    let server = Server::before(&world.node.url);
    server.now_does(Does::Reorganised);
    let run = status(&world, &server, &[]);
    let said = run.refusal(75);
    assert!(said.contains("is none of the chain any more: try again"), "{said}");
}

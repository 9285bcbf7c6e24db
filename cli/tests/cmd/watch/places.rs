//! Addresses that have files, and reserves on nodes: read end to end, whole and damaged.

use serde_json::{Value, json};

use super::{
    Watched,
    server::{Does, Server},
};
use crate::reserves::{HOLDER, SLOT, TOKEN, World};

#[test]
fn an_address_is_read_as_a_file_is_and_what_fails_on_the_way_is_not_known() {
    let site = Server::start();
    let watched = Watched::new();
    let text = watched.venue.read("latest.json");
    let url = format!("url = \"{}/attestation.json\"", site.url);
    watched.venue.edit("watch.toml", "file = \"latest.json\"", &url);
    site.now_has(&text);
    let (code, found) = watched.look(0);
    assert_eq!((code, found["state"].as_str()), (0, Some("healthy")), "{found}");
    assert_eq!(found["sequence"], 0);
    for (does, has) in [
        (Does::Status(500), &*text),
        (Does::Status(302), &text),
        (Does::CutOff, &text),
        (Does::Half, &text),
        (Does::Well, "<html>502 Bad Gateway</html>"),
        (Does::Well, ""),
    ] {
        site.now_has(has);
        site.now_does(does);
        let (code, found) = watched.look(1);
        assert_eq!((code, found["state"].as_str()), (75, Some("unknown")), "{does:?}: {found}");
        assert!(found["not_known"]["site"].is_string(), "{found}");
        assert_eq!(found["facts"], json!([]), "{does:?}");
    }
    // Whole, and not what was proved.
    site.now_does(Does::Well);
    site.now_has(&text.replace("\"accounts\": 4,", "\"accounts\": 5,"));
    let (code, found) = watched.look(2);
    assert_eq!((code, found["facts"][0]["kind"].as_str()), (1, Some("refused")), "{found}");
    // Whoever takes that back ends nothing.
    site.now_has(&text);
    let (code, found) = watched.look(3);
    assert_eq!((code, found["facts"][0]["kind"].as_str()), (1, Some("refused")), "{found}");
}

/// The venue's own policy and the reader's, at prices from an address.
#[test]
fn what_you_require_is_judged_at_the_prices_of_now() {
    let site = Server::start();
    let mut watched = Watched::new();
    watched.add(&format!("prices = {{ url = \"{}/prices.json\", max_age = \"10m\" }}\n", site.url));
    let prices = watched.venue.read("prices.json");
    site.now_has(&prices);
    let (code, found) = watched.look(0);
    assert_eq!((code, found["state"].as_str()), (0, Some("healthy")), "{found}");
    // Carol is short of a bitcoin: at twice the price nobody can tell what she lacks.
    site.now_has(&prices.replace("100000", "200000"));
    let (code, found) = watched.look(1);
    assert_eq!((code, found["state"].as_str()), (1, Some("warning")), "{found}");
    let told: Vec<_> = found["facts"].as_array().unwrap().iter().map(|one| &one["what"]).collect();
    for what in ["min_coverage may hold or not", "yours: min_coverage may hold or not"] {
        assert!(told.contains(&&json!(what)), "{what}: {told:?}");
    }
    // What has nothing to do with prices is told of the attestation alone.
    watched.require("setup=known");
    let (_, found) = watched.look(2);
    let of_setup = |one: &&Value| one["what"].as_str().unwrap().contains("setup=known");
    let facts: Vec<_> = found["facts"].as_array().unwrap().iter().filter(of_setup).collect();
    assert_eq!(facts.len(), 1, "{found}");
    assert_eq!(facts[0]["source"], "site");
    site.now_does(Does::Status(503));
    let (_, found) = watched.look(3);
    assert!(found["not_known"]["prices"].is_string(), "{found}");
    site.now_does(Does::Well);
    site.now_has("{}");
    assert!(watched.look(4).1["not_known"]["prices"].is_string());
}

#[test]
fn reserves_are_read_on_two_nodes_and_a_fall_is_a_warning() {
    let Some(world) = World::new() else { return };
    world.read();
    let attestation = world.prove("first", "Sample");
    let [own, other] = [(); 2].map(|()| Server::before(&world.node.url));
    let rules = world.rules_digest(&attestation);
    let config = format!(
        "database = \"watch.db\"\nkey = {{ accept_insecure_setup = true }}\n[metrics]\n\
         listen = \"127.0.0.1:0\"\n[[venues]]\nname = \"Sample\"\nmax_age = \"20000d\"\n\
         rules_digest = \"{rules}\"\n\
         attestations = [{{ name = \"site\", file = \"{attestation}\" }}]\n\
         [venues.reserves]\nmax_head_age = \"1h\"\nmay_fall = \"0.05\"\nnodes = [\n\
         {{ provider = \"own\", url = \"{}\" }},\n{{ provider = \"other\", url = \"{}\" }},\n]\n",
        own.url, other.url
    );
    world.venue.write("watch.toml", config);
    let look = || {
        let args = ["--quiet", "--json", "watch", "--once", "--now", &world.node.now()];
        let run = world.venue.run(&args);
        assert!(!run.stdout.is_empty(), "{run:?}");
        (run.code, run.json()["venues"][0].clone())
    };
    let all_about_reserves = |found: &Value| -> Vec<(String, String)> {
        let facts = found["facts"].as_array().unwrap().iter();
        let own = facts.filter(|one| one["source"] == "reserves");
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        own.map(|one| (text(one, "what"), text(one, "summary"))).collect()
    };
    let about_reserves = |found: &Value| {
        let mut told = all_about_reserves(found);
        told.retain(|(what, _)| !what.ends_with(" in part"));
        told
    };
    // What nobody can read is told, whatever becomes of the rest.
    let (_, found) = look();
    let part = ("USDC in part", "of 205000 USDC attested, 200000 could be read");
    let told = [(part.0.to_owned(), part.1.to_owned())];
    assert_eq!((&found["not_known"], all_about_reserves(&found)), (&json!({}), told.to_vec()));

    // A tenth of the dollars goes elsewhere.
    let units = format!("0x{:064x}", 180_000_000_000u64);
    world.node.ask("anvil_setStorageAt", json!([TOKEN, SLOT, units]));
    world.node.ask("evm_mine", json!([]));
    let (code, found) = look();
    assert_eq!(code, 1, "{found}");
    let summary = "reserves of USDC are 180000 now, and were attested as 200000".to_owned();
    assert_eq!(about_reserves(&found), [("USDC".to_owned(), summary)], "{found}");

    // One of the nodes fails: nothing is known, and nothing is over.
    for does in [Does::Status(500), Does::CutOff, Does::Half] {
        other.now_does(does);
        let (_, found) = look();
        assert!(found["not_known"]["reserves"].is_string(), "{does:?}: {found}");
        assert_eq!(about_reserves(&found), [], "{does:?}");
    }
    other.now_does(Does::Well);
    world
        .node
        .ask("anvil_setStorageAt", json!([TOKEN, SLOT, format!("0x{:064x}", 200_000_000_000u64)]));
    // All bitcoins: the holder's and the wallet's are one sum.
    world.node.ask("anvil_setBalance", json!([HOLDER, "0x0"]));
    world.node.ask("evm_mine", json!([]));
    let (_, found) = look();
    let told = about_reserves(&found);
    assert_eq!(told[0].1, "reserves of BTC are 1 now, and were attested as 10001", "{found}");
    assert_eq!(told.len(), 1);
}

//! Bitcoin, read from a server that answers as Esplora does: recorded answers.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::Arc,
};

use serde_json::{Value, json};

use crate::venue::{Run, Venue};

const CHAIN: &str = "bip122:000000000019d6689c085ae165831e93";
const FIRST: &str = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
const ADDRESS: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const SCRIPT: &str = "0014751e76e8199196d454941c45d1b3a323f1433bd6";

/// A server with these answers; it ends with the tests.
fn serve(answers: BTreeMap<String, String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/api", listener.local_addr().unwrap());
    let answers = Arc::new(answers);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            let _ = reader.read_line(&mut line);
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            while line.trim() != "" {
                line.clear();
                let _ = reader.read_line(&mut line);
            }
            let found = answers.get(path.trim_start_matches("/api/"));
            let (status, body) = match found {
                Some(body) => ("200 OK", body.as_str()),
                None => ("404 Not Found", "no"),
            };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    url
}

fn id(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

/// Three transactions of the address: 3 received at 5, 1 of them spent at 8, 7 more received at 12.
fn answers() -> BTreeMap<String, String> {
    let output = |script: &str, value: u64| json!({ "scriptpubkey": script, "value": value });
    let transaction = |byte: u8, height: u64, vin: Vec<Value>, vout: Vec<Value>| {
        json!({ "txid": id(byte), "version": 2, "vin": vin, "vout": vout,
                "status": { "confirmed": true, "block_height": height } })
    };
    let spends = |output: Value| json!({ "prevout": output, "txid": id(9) });
    let coins = 100_000_000;
    let page = json!([
        transaction(3, 12, vec![json!({ "prevout": null })], vec![output(SCRIPT, 7 * coins)]),
        transaction(
            2,
            8,
            vec![spends(output(SCRIPT, 3 * coins))],
            vec![output(SCRIPT, 2 * coins), output("00", coins)]
        ),
        transaction(1, 5, vec![spends(output("00", 4 * coins))], vec![output(SCRIPT, 3 * coins)]),
    ]);
    let block = |hash: &str, height: u64, time: u64| {
        json!({ "id": hash, "height": height, "timestamp": time, "tx_count": 1 }).to_string()
    };
    // 2026-01-01T00:00:00Z, the time of the venue's files.
    let time = 1_767_225_600;
    let hash = id(0x0a);
    [
        ("blocks/tip/height".to_owned(), "15".to_owned()),
        ("block-height/0".to_owned(), FIRST.to_owned()),
        (format!("block/{FIRST}"), block(FIRST, 0, 1_231_006_505)),
        ("block-height/10".to_owned(), hash.clone()),
        (format!("block/{hash}"), block(&hash, 10, time)),
        (format!("address/{ADDRESS}/txs/chain/"), page.to_string()),
        (format!("address/{ADDRESS}/txs/chain/{}", id(1)), "[]".to_owned()),
    ]
    .into()
}

#[test]
fn a_balance_of_bitcoin_is_read_at_a_height() {
    let url = serve(answers());
    let venue = Venue::new();
    let reserves = venue.read("reserves.json");
    let own = format!("\"chain\": \"{CHAIN}\", \"address\": \"{}\"", ADDRESS.to_uppercase());
    let reserves = reserves.replacen("\"chain\": \"bitcoin\", \"address\": \"vault\"", &own, 1);
    venue.write("plan.json", reserves);
    let rules = venue
        .read("rules.toml")
        .replace("[policy]", "[policy]\nmax_distance = { reserves = \"1h\" }")
        + &format!(
            "\n[tokens.\"{CHAIN}\".BTC]\nkind = \"native\"\nstands_for = \"BTC\"\ndecimals = 8\n"
        );
    venue.write("rules.toml", rules);
    let run = |args: &[&str]| venue.run(&[&["--quiet", "--json"], args].concat());
    let read = run(&[
        "reserves",
        "read",
        "--esplora",
        &url,
        "--rules",
        "rules.toml",
        "--reserves",
        "plan.json",
        "--evidence",
        "evidence.json",
        "--out",
        "reserves.json",
    ]);
    assert_eq!(read.code, 0, "{}{}", read.stdout, read.stderr);
    let found = read.json();
    assert_eq!(found["blocks"][0]["number"], 10, "five below the last");
    assert_eq!(found["read"]["0"], "2", "what was received after is not there yet");
    assert_eq!(venue.prove("first", &["--quiet"]).code, 0);

    let digest = run(&["verify", "--accept-insecure-setup", "first/attestation.json"]);
    let digest = digest.json()["rules_digest"].as_str().unwrap().to_owned();
    let asked = |url: &str, age: &str| {
        let attested =
            ["reserves", "check", "first/attestation.json", "--evidence", "evidence.json"];
        let known = ["--rules-digest", &digest, "--esplora", url, "--max-head-age", age];
        run(&[&attested[..], &known].concat())
    };
    let check = |url: &str| asked(url, "36500d");
    let by = |run: &Run| run.json()["attestations"][0]["reserves"][0]["balance"]["by"].clone();
    // Now is at 15, which this server has no hash of: what cannot be asked is said.
    let run = check(&url);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert_eq!(by(&run), "C");
    let mut whole = answers();
    let last = id(0x0f);
    whole.insert("block-height/15".to_owned(), last.clone());
    let body = json!({ "id": last, "height": 15, "timestamp": 1_767_228_600 });
    whole.insert(format!("block/{last}"), body.to_string());
    let run = check(&serve(whole.clone()));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(by(&run), "C");
    assert_eq!(run.json()["attestations"][0]["reserves"][0]["now"], "9");

    // One that stands still says what was: that is not now.
    let stale = asked(&serve(whole.clone()), "15m");
    assert_eq!(stale.code, 2, "{}{}", stale.stdout, stale.stderr);
    assert!(stale.stdout.contains("a node's latest block is of 2026-01-01T00:50:00Z"));
    assert_eq!(stale.json()["attestations"][0]["reserves"][0]["now"], Value::Null);

    // A server where less is there.
    let mut less = whole;
    let page = less.get_mut(&format!("address/{ADDRESS}/txs/chain/")).unwrap();
    *page = page.replace("\"value\":200000000", "\"value\":150000000");
    let run = check(&serve(less));
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("150000000 units are there at block 10"), "{}", run.stdout);
}

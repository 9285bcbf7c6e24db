//! Drawn times on a chain: from its own blocks, and from rounds that somebody serves.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use serde_json::json;

use super::{FUND, Node, OWNER, done, run};
use crate::venue::Venue;

/// Seconds since 1970 at the end of 2026-11-21.
const END: u64 = 1_795_305_600;

fn time(node: &Node) -> u64 {
    let block = node.ask("eth_getBlockByNumber", json!(["latest", false]));
    u64::from_str_radix(&block["timestamp"].as_str().unwrap()[2..], 16).unwrap()
}

#[test]
fn a_day_is_drawn_from_the_blocks_of_the_chain() {
    let Some(node) = Node::start() else { return };
    let venue = Venue::new();
    let record = ["draws", "record", "2026-11-21", "--source", "eip155:1"];
    let nowhere = run(&venue, &node, Some(FUND.key), &record);
    assert!(nowhere.refusal(2).contains("pacioli deploy draws"), "{nowhere:?}");
    let draws = done(&venue, &node, &OWNER, &["deploy", "draws"]);
    assert!(draws["address"].is_string(), "{draws}");
    let early = run(&venue, &node, Some(FUND.key), &record);
    assert!(early.refusal(2).contains("no block of after 2026-11-21 yet"), "{early:?}");

    // Some blocks before midnight, and some after it.
    node.ask("anvil_mine", json!(["0x14"]));
    node.pass(END - 10 - time(&node));
    node.pass(15);
    let first = node.ask("eth_getBlockByNumber", json!(["latest", false]));
    // So many that the machine itself forgets the block, and EIP-2935's contract does not.
    node.ask("anvil_mine", json!(["0x190"]));
    let dry = run(&venue, &node, Some(FUND.key), &[&record[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.starts_with("2026-11-21T"), "{}", dry.stdout);
    let pinned = done(&venue, &node, &OWNER, &["draws", "pin", "--day", "2026-11-21"]);
    let number = u64::from_str_radix(&first["number"].as_str().unwrap()[2..], 16).unwrap();
    assert_eq!(pinned["block"], json!(number));
    let recorded = done(&venue, &node, &FUND, &record);
    assert_eq!(recorded["seen"]["block"]["number"], json!(number), "{recorded}");
    assert_eq!(recorded["transactions"].as_array().unwrap().len(), 1);
    let again = done(&venue, &node, &OWNER, &record);
    assert_eq!(again["transactions"], json!([]));
    assert_eq!(again["second"], recorded["second"]);

    // Headers from files say the same; those of another chain are refused before they are sent.
    let before = format!("{:#x}", number - 1);
    let parent = node.ask("eth_getBlockByNumber", json!([before, false]));
    let headers = json!({ "parent": parent, "block": first });
    venue.write("headers.json", headers.to_string());
    let args = ["--drawn-from", "headers.json", "--dry-run"];
    let same = run(&venue, &node, Some(FUND.key), &[&record[..], &args].concat());
    assert!(same.stdout.contains("recorded before, so nothing is sent"), "{same:?}");
    let draw = ["draw", "2026-11-21", "--from", "eip155:1", "--drawn-from", "headers.json"];
    let drawn = venue.run(&draw);
    assert!(drawn.stdout.starts_with(recorded["second"].as_str().unwrap()), "{drawn:?}");
    let mut other = headers;
    other["parent"] = first.clone();
    venue.write("headers.json", other.to_string());
    let refused = run(&venue, &node, Some(FUND.key), &[&record[..], &args[..2]].concat());
    assert_eq!(refused.code, 2, "{refused:?}");

    // A venue's status lists it.
    assert_eq!(venue.run(&["--quiet", "demo", "--out", "sample"]).code, 0);
    done(&venue, &node, &OWNER, &["deploy", "registry"]);
    let verifier = done(&venue, &node, &OWNER, &["deploy", "verifier", "--accept-insecure-setup"]);
    let mut register = vec!["register", "--venue", "Exchange", "--accept-insecure-setup"];
    register.extend(["--verifier", verifier["address"].as_str().unwrap()]);
    register.extend(["--rules", "sample/rules.toml", "--prices", "sample/prices.json"]);
    done(&venue, &node, &OWNER, &register);
    let status = run(&venue, &node, None, &["status", "--venue", "Exchange"]);
    assert!(status.stdout.contains("1 recorded\n"), "{}", status.stdout);
    assert!(!status.stdout.contains("NOT THIS RELEASE'S"), "{}", status.stdout);
    let second = recorded["second"].as_str().unwrap();
    assert!(status.stdout.contains(second), "{second}: {}", status.stdout);
}

/// Answers one request with a text, and returns the path that was asked for.
fn serve(answer: String) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
            answer.len()
        )
        .unwrap();
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        request.split(' ').nth(1).unwrap().to_owned()
    });
    (url, served)
}

#[test]
fn a_round_is_checked_whoever_serves_it() {
    let Some(node) = Node::start() else { return };
    let venue = Venue::new();
    done(&venue, &node, &OWNER, &["deploy", "draws"]);
    node.pass(END - time(&node));
    // A real signature, of another round.
    let signature = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d35\
                     46d23c4b13e0dfc92";
    let answer = json!({ "round": 34_167_412_u64, "randomness": "00", "signature": signature });
    let record = ["draws", "record", "2026-11-21", "--source", "drand:quicknet"];
    let none = run(&venue, &node, Some(FUND.key), &record);
    assert!(none.refusal(2).contains("--drawn-from, or fetch it with --fetch"), "{none:?}");
    let (url, served) = serve(answer.to_string());
    let refused = run(&venue, &node, Some(FUND.key), &[&record[..], &["--fetch", &url]].concat());
    assert!(refused.refusal(2).contains("`signature` is not that of round"), "{refused:?}");
    let path = served.join().unwrap();
    assert!(path.starts_with("/52db9ba70e0cc0f6") && path.ends_with("/public/34167412"), "{path}");
    let (url, served) = serve("not a round".to_owned());
    let refused = run(&venue, &node, Some(FUND.key), &[&record[..], &["--fetch", &url]].concat());
    assert!(refused.refusal(2).starts_with("the server's answer"), "{refused:?}");
    served.join().unwrap();
}

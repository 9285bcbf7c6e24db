//! Transactions that somebody else signs.

use serde_json::json;

use crate::venue::Venue;

/// What somebody else signs, in each form.
#[test]
fn transactions_are_printed_for_multisigs_and_timelocks() {
    let venue = Venue::new();
    let id = format!("0x{}", "ab".repeat(32));
    let pause = ["--json", "venue", "pause", "--venue", &id, "--reason", "a drill"];
    let pause = [&pause[..], &["--chain-id", "1", "--unsigned"]].concat();
    let raw = venue.run(&pause).json();
    assert!(raw["data"].as_str().unwrap().contains(&"ab".repeat(32)), "{raw}");
    let safe = venue.run(&[&pause[..], &["safe"]].concat()).json();
    assert_eq!((&safe["chainId"], &safe["version"]), (&json!("1"), &json!("1.0")));
    assert_eq!(safe["transactions"][0]["data"], raw["data"]);
    let at = "0x00000000000000000000000000000000000000aa";
    let timelock = ["timelock", "--timelock", at, "--timelock-delay", "2d"];
    let timelock = venue.run(&[&pause[..], &timelock].concat()).json();
    for part in ["schedule", "execute"] {
        let data = timelock[part]["data"].as_str().unwrap();
        assert!(data.contains(&raw["data"].as_str().unwrap()[2..]), "{timelock}");
    }
    // A timelock's delay, as its last argument.
    assert!(timelock["schedule"]["data"].as_str().unwrap().contains(&format!("{:064x}", 172_800)));
    let missing = venue.run(&[&pause[..], &["timelock"]].concat());
    assert_eq!(missing.code, 2);
}

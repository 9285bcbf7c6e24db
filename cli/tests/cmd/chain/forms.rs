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

/// The proxy that makes contracts.
const DEPLOYER: &str = "4e59b44847b379578588920ca78fbf26c0b4956c";

/// Whoever stored the program first would else stop everything that is decided with it.
#[test]
fn what_anyone_may_make_is_not_in_a_batch() {
    let venue = Venue::new();
    let id = format!("0x{}", "ab".repeat(32));
    let announce = ["--json", "venue", "announce-rules", "--venue", &id, "--rules", "rules.toml"];
    let more = ["--prices", "prices.json", "--chain-id", "1", "--unsigned"];
    let announce = [&announce[..], &more].concat();
    let at = "0x00000000000000000000000000000000000000aa";
    for (form, steps) in [
        (vec!["timelock", "--timelock", at, "--timelock-delay", "2d"], vec!["schedule", "execute"]),
        (
            vec!["governor", "--governor", at, "--description", "New margins"],
            vec!["propose", "queue", "execute"],
        ),
    ] {
        let printed = venue.run(&[&announce[..], &form].concat()).json();
        assert_eq!(printed["first"].as_array().unwrap().len(), 1, "{printed}");
        assert_eq!(printed["first"][0]["to"].as_str().unwrap()[2..].to_lowercase(), DEPLOYER);
        for step in steps {
            let data = printed[step]["data"].as_str().unwrap();
            assert!(!data.contains(DEPLOYER) && data.contains(&"ab".repeat(32)), "{printed}");
        }
    }
    // For a Safe, all of it in order: whoever signs sees what there is.
    let safe = venue.run(&[&announce[..], &["safe"]].concat()).json();
    assert_eq!(safe["transactions"].as_array().unwrap().len(), 2, "{safe}");
    for (form, missing) in [("governor", "--governor"), ("timelock", "--timelock")] {
        let run = venue.run(&[&announce[..], &[form]].concat());
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stdout.contains(missing), "{run:?}");
    }
}

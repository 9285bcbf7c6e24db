//! Keys, and nodes that do not answer.

use super::OWNER;
use crate::venue::{Run, Venue};

#[test]
fn a_key_is_no_argument_and_a_node_has_to_answer() {
    let venue = Venue::new();
    let deploy = ["deploy", "registry", "--rpc", "http://127.0.0.1:1/secret", "--chain-id", "1"];
    let run = venue.run(&deploy);
    assert_eq!(run.refusal(2), "give a key with --keystore or in PACIOLI_PRIVATE_KEY");
    let with = |key: &str| {
        let mut command = venue.command(&deploy);
        Run::of(command.env("PACIOLI_PRIVATE_KEY", key).output().unwrap())
    };
    let run = with("0xabc");
    assert!(run.refusal(2).starts_with("PACIOLI_PRIVATE_KEY is not a private key"));
    assert!(!run.stderr.contains("0xabc"));
    // The node's address may hold a password.
    let run = with(OWNER.key);
    assert!(run.refusal(2).contains("the node does not answer as it should"), "{}", run.stderr);
    assert!(!run.stderr.contains("secret"), "{}", run.stderr);
    let run = venue.run(&["deploy", "registry", "--private-key", OWNER.key]);
    assert_eq!(run.code, 2);
}

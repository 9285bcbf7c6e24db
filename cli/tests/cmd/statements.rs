//! Statements from the command line: building, giving and checking them.

use std::fs;

use crate::venue::{Venue, setup};

/// A venue with its own copy of the setup, a secret, and a run proved with it in `run`.
fn venue() -> Venue {
    let venue = Venue::new();
    fs::copy(setup(11), venue.path("k11")).unwrap();
    assert_eq!(venue.run(&["secret", "new", "secret"]).code, 0);
    assert_eq!(venue.prove("run", &["--secret", "secret"]).code, 0);
    venue
}

const RUN: [&str; 4] = ["--run", "run", "--secret", "secret"];

fn export(venue: &Venue, id: &str, more: &[&str]) -> crate::venue::Run {
    let command = ["statements", "export", "--account", id, "--out", "statement.json"];
    venue.run(&[&command, &RUN[..], more].concat())
}

fn check(venue: &Venue, more: &[&str]) -> crate::venue::Run {
    let command = ["check", "statement.json", "--attestation", "run/attestation.json"];
    venue.run(&[&command, more].concat())
}

const ACCEPTED: &str = "--accept-insecure-setup";

#[test]
fn a_holder_gets_a_statement_and_checks_it() {
    let venue = venue();
    let missing = "the page of `alice` is not opened yet: build the statements, or give the setup";
    assert_eq!(export(&venue, "alice", &[]).refusal(2), missing);
    assert_eq!(export(&venue, "alice", &["--setup", "k11"]).code, 0);
    let alone = venue.read("statement.json");

    let build = [&["statements", "build", "--setup", "k11"], &RUN[..]].concat();
    let built = venue.run(&build);
    assert_eq!(built.code, 0, "{}", built.stderr);
    assert!(built.stdout.ends_with("1 volumes were opened now\n"), "{}", built.stdout);
    assert!(venue.run(&build).stdout.ends_with("0 volumes were opened now\n"));
    assert_eq!(export(&venue, "alice", &[]).code, 0);
    assert_eq!(venue.read("statement.json"), alone);

    let checked = check(&venue, &[ACCEPTED, "--id", "alice"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains(": the lines of alice are counted"), "{}", checked.stdout);
    let json = check(&venue, &[ACCEPTED, "--json"]).json();
    assert_eq!((&json["in_the_book"], &json["account"]), (&true.into(), &"alice".into()));
    let show = [&["statements", "show", "--account", "alice"], &RUN[..]].concat();
    assert!(venue.run(&show).stdout.contains("equity:mark"));
}

#[test]
fn a_statement_that_does_not_hold_says_why() {
    let venue = venue();
    assert_eq!(export(&venue, "alice", &["--setup", "k11"]).code, 0);
    let refused = check(&venue, &[ACCEPTED, "--id", "bob"]);
    assert_eq!(refused.refusal(1), "the statement is for the account `alice`, not for `bob`");
    assert!(check(&venue, &[]).refusal(2).contains("insecure setup"));
    assert_eq!(
        export(&venue, "nobody", &["--setup", "k11"]).refusal(2),
        "there is no account `nobody` in the book"
    );

    // An attestation that does not verify, and one that is another's.
    let attestation = venue.read("run/attestation.json");
    venue.edit("run/attestation.json", "\"sequence\": 0", "\"sequence\": 1");
    let refused = check(&venue, &[ACCEPTED]);
    assert_eq!(
        refused.refusal(1),
        "the attestation with sequence number 1 must name the previous one"
    );
    venue.write("run/attestation.json", attestation);
    assert_eq!(venue.prove("other", &[]).code, 0);
    let other = ["check", "statement.json", "--attestation", "other/attestation.json", ACCEPTED];
    let run = venue.run(&other);
    let error = run.refusal(2);
    let ends = "one of the two is not the file that was meant";
    assert!(error.starts_with("the statement belongs to the attestation 0x"), "{error}");
    assert!(error.ends_with(ends), "{error}");

    let text = venue.read("statement.json");
    venue.write("statement.json", text.replace("  \"page\"", "   \"page\""));
    assert!(check(&venue, &[ACCEPTED]).refusal(2).contains("was formatted anew (byte "));
    venue.write("statement.json", "{");
    assert!(
        check(&venue, &[ACCEPTED]).refusal(2).contains("the statement ends in the middle (line 1)")
    );
    fs::remove_file(venue.path("statement.json")).unwrap();
    assert!(check(&venue, &[ACCEPTED]).refusal(2).starts_with("cannot read statement.json"));
}

#[test]
fn a_statement_is_checked_with_a_key_that_has_the_digest_asked_for() {
    let venue = venue();
    assert_eq!(export(&venue, "alice", &["--setup", "k11"]).code, 0);
    let key = ["--json", "key", "--setup", "k11", "--attestation", "run/attestation.json"];
    let json = venue.run(&[&key[..], &["--out", "key.json"]].concat()).json();
    let digest = json["digest"].as_str().unwrap().to_owned();
    let with =
        |digest: &str| check(&venue, &[ACCEPTED, "--key", "key.json", "--key-digest", digest]);
    assert_eq!(with(&digest).code, 0);
    let other = digest.replace(&digest[2..10], "00000000");
    assert!(with(&other).refusal(2).contains("the key has digest"));
    let refused = check(&venue, &["--key", "key.json", "--key-digest", &digest]);
    assert!(refused.refusal(2).contains("insecure setup"));
}

#[test]
fn another_secret_gives_no_statement_and_an_open_one_is_refused() {
    let venue = venue();
    assert_eq!(venue.run(&["secret", "new", "secret"]).code, 2, "a secret is never overwritten");
    assert_eq!(venue.run(&["secret", "new", "another"]).code, 0);
    let export = ["statements", "export", "--account", "alice", "--out", "statement.json"];
    let run = [&export[..], &["--run", "run", "--secret", "another", "--setup", "k11"]].concat();
    let refused = venue.run(&run);
    assert!(refused.refusal(2).contains("another seed, secret or book"), "{}", refused.stderr);
    assert!(!venue.path("statement.json").exists());

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |name: &str| fs::metadata(venue.path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("secret"), mode("run/private")), (0o600, 0o700));
        assert_eq!((mode("run/private/salt"), mode("run/private/run.sqlite")), (0o600, 0o600));
        fs::set_permissions(venue.path("another"), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(venue.run(&run).refusal(2).contains("others than its owner have access"));
    }
}

//! Statements of many accounts: written to a folder, encrypted, written again, and checked there.

use std::{collections::BTreeMap, fs, io::Write, process::Stdio, sync::OnceLock};

use serde_json::Value;

use crate::venue::{Run, Venue, setup};

const ACCEPTED: &str = "--accept-insecure-setup";

/// Ids that are no names of files, or those of others' files, or of one name where case does not count.
const HARD: [&str; 6] =
    ["../../../tmp/x", "/etc/passwd", "a/b", "Alice", "index", "AGE-RECIPIENT, \"quoted\""];

/// A venue with a run of such accounts whose pages are opened, made once.
fn made() -> &'static Venue {
    static MADE: OnceLock<Venue> = OnceLock::new();
    MADE.get_or_init(|| {
        let venue = Venue::new();
        let mut book = venue.read("book.csv");
        let long = "x".repeat(128);
        for id in HARD.iter().chain([&long.as_str()]) {
            let id = format!("\"{}\"", id.replace('"', "\"\""));
            book.push_str(&format!("{id},deposit USDC,0\n"));
        }
        venue.write("book.csv", book);
        let run = venue.prove("run", &[]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let built = venue.run(&["statements", "build", "--run", "run", "--setup", setup(11)]);
        assert_eq!(built.code, 0, "{}", built.stderr);
        venue
    })
}

fn export(out: &str, more: &[&str]) -> Run {
    let command = ["statements", "export", "--run", "run", "--out", out];
    made().run(&[&command, more].concat())
}

fn check(paths: &[&str], more: &[&str]) -> Run {
    let command = ["check", "--attestation", "run/attestation.json", ACCEPTED];
    made().run(&[&command, paths, more].concat())
}

/// The files of a folder, by name.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(made().path(folder)).unwrap().map(Result::unwrap);
    let file = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    entries.map(file).filter(|(name, _)| name != "lock").collect()
}

/// The index of a folder: account to file.
fn index(folder: &str) -> BTreeMap<String, String> {
    let text = made().read(&format!("{folder}/index.json"));
    let index: Value = serde_json::from_str(&text).unwrap();
    let schema = include_str!("../../../docs/schema/statements.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap().validate(&index).unwrap();
    let listed = index["statements"].as_array().unwrap().iter();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    listed.map(|one| (text(one, "account"), text(one, "file"))).collect()
}

#[test]
fn every_account_has_a_file_whatever_its_id() {
    let run = export("every", &["--all", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json = run.json_of("exported");
    assert_eq!(
        (&json["written"], &json["kept"], &json["listed"]),
        (&11.into(), &0.into(), &11.into())
    );
    let (index, files) = (index("every"), files("every"));
    assert_eq!(index.len(), 11);
    assert_eq!(files.len(), 12, "the index, and nothing else");
    assert!(HARD.iter().all(|id| index.contains_key(*id)));
    for (account, file) in &index {
        let digits = file.strip_suffix(".json").unwrap();
        assert!(digits.len() == 32 && digits.bytes().all(|b| b"0123456789abcdef".contains(&b)));
        let statement: Value = serde_json::from_slice(&files[file]).unwrap();
        assert_eq!(statement["account"], *account);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| made().path(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("every"), 0o700);
        assert!(files.keys().all(|name| mode(&format!("every/{name}")) == 0o600));
    }

    // The same bytes as alone, and as those of a second time: what two copies share says nothing more.
    let alone = export("alone.json", &["--account", "alice"]);
    assert_eq!(alone.code, 0, "{}", alone.stderr);
    assert_eq!(fs::read(made().path("alone.json")).unwrap(), files[&index["alice"]]);
}

#[test]
fn an_export_goes_on_where_it_was_stopped() {
    assert_eq!(export("stopped", &["--all"]).code, 0);
    let whole = files("stopped");
    let file = |account: &str| format!("stopped/{}", index("stopped")[account]);
    let [alice, bob] = ["alice", "bob"].map(file);
    // As it was killed: one file missing, one half written by no process of ours, one under way.
    fs::remove_file(made().path(&alice)).unwrap();
    made().write(&bob, &made().read(&bob)[..100]);
    made().write(&format!("{alice}.1.2.part"), "");
    let run = export("stopped", &["--all", "--json"]);
    let json = run.json_of("exported");
    assert_eq!((&json["written"], &json["kept"]), (&2.into(), &9.into()), "{}", run.stderr);
    assert!(files("stopped") == whole);
}

#[test]
fn a_list_says_whose() {
    made().write("ids.txt", "alice\na/b\nalice\r\n\n");
    let run = export("listed", &["--accounts", "ids.txt"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("2 statements written, 0 there already"), "{}", run.stdout);
    let mut piped = made().command(&["statements", "export", "--run", "run", "--out", "listed"]);
    piped.args(["--accounts", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"bob\n").unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(index("listed").into_keys().collect::<Vec<_>>(), ["a/b", "alice", "bob"]);

    made().write("unknown.txt", "alice\nnobody\nnor me\n");
    let refused = export("unknown", &["--accounts", "unknown.txt"]);
    let expected = "there is no account `nobody` in the book, and none of 1 other ids";
    assert_eq!(refused.refusal(2), expected);
    assert!(!made().path("unknown").exists(), "nothing is written");
    made().write("none.txt", "\n");
    assert_eq!(export("none", &["--accounts", "none.txt"]).refusal(2), "none.txt lists no account");
    assert!(export("x", &[]).refusal(2).contains("--all"));
    assert!(
        export("x", &["--all", "--account", "alice"]).refusal(2).contains("cannot be used with")
    );
}

#[test]
fn a_folder_is_of_one_attestation() {
    let venue = made();
    assert_eq!(export("one", &["--accounts", "-"]).refusal(2), "- lists no account");
    venue.write("alice.txt", "alice\n");
    assert_eq!(export("one", &["--accounts", "alice.txt"]).code, 0);
    assert_eq!(venue.prove("other", &[]).code, 0);
    let other = ["statements", "export", "--run", "other", "--out", "one", "--setup", setup(11)];
    let refused = venue.run(&[&other[..], &["--all"]].concat());
    assert!(refused.refusal(2).contains("one has statements of the attestation 0x"));
    // The setup opens the pages of all first.
    let other = ["statements", "export", "--run", "other", "--out", "two", "--setup", setup(11)];
    assert_eq!(venue.run(&[&other[..], &["--all"]].concat()).code, 0);
    let (one, two) = (index("one"), index("two"));
    assert!(!two.values().any(|file| one.values().any(|other| other == file)), "no name in common");
}

#[test]
fn a_statement_is_encrypted_to_its_holder() {
    // The key in age's own README.
    let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    made().write("keys.txt", format!("# keys\n{key} alice\n\n{key} a/b\n"));
    made().write("two.txt", "alice\na/b\n");
    let encrypted =
        |more: &[&str]| export("encrypted", &[&["--recipients", "keys.txt"], more].concat());
    let refused = encrypted(&["--all"]);
    assert!(
        refused.refusal(2).starts_with("keys.txt has no key of `../../../tmp/x`, nor of 8 other")
    );
    assert!(!made().path("encrypted").exists(), "nothing is written");
    let run = encrypted(&["--accounts", "two.txt", "--json"]);
    assert_eq!(run.json_of("exported")["written"], 2, "{}", run.stderr);
    let before = files("encrypted");
    assert!(
        before.values().filter(|bytes| bytes.starts_with(b"age-encryption.org/v1\n")).count() == 2
    );
    assert!(index("encrypted")["alice"].ends_with(".json.age"));
    let text = String::from_utf8_lossy(&before[&index("encrypted")["alice"]]).into_owned();
    assert!(!text.contains("deposit") && !text.contains("nonce"));
    assert_eq!(encrypted(&["--accounts", "two.txt", "--json"]).json()["kept"], 2);
    assert!(files("encrypted") == before, "what was sent is not made again");

    for (line, expected) in [
        ("alice", "bad.txt:1: not a key, a space and an id"),
        ("age1zvkyg alice", "bad.txt:1: a recipient begins with age1"),
        (&format!("{key} alice\n{key} alice"), "bad.txt:2: a second key of `alice`"),
    ] {
        made().write("bad.txt", line);
        let refused = export("bad", &["--all", "--recipients", "bad.txt"]);
        assert!(refused.refusal(2).starts_with(expected), "{}", refused.stderr);
    }
    let refused = check(&["encrypted"], &[]);
    assert!(refused.refusal(2).starts_with("encrypted has 2 encrypted files: decrypt them first"));
}

#[test]
fn a_folder_is_checked_with_a_line_each_and_a_sum() {
    assert_eq!(export("checked", &["--all"]).code, 0);
    let run = check(&["checked"], &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let verdict = "IN THE BOOK, UNDER AN INSECURE SETUP: 11 statements of 11 accounts are counted, and \
                   the lines add up; the venue keeps its own policy (4 clauses)\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    assert_eq!(run.stdout.matches("\n  in the book      ").count(), 11);
    assert!(check(&["checked"], &["--id", "alice"]).refusal(2).starts_with("--id is one holder's"));

    // Beside files of other kinds, which are passed over, and those that say nothing of the venue.
    let file = |account: &str| format!("checked/{}", index("checked")[account]);
    let attestation = made().read("run/attestation.json");
    made().write("checked/attestation.json", attestation);
    made().write("checked/notes.txt", "");
    made().write("checked/cut.json", &made().read(&file("bob"))[..2_000]);
    let run = check(&["checked", "--json"], &[]);
    assert_eq!(run.code, 2);
    let json = run.json_of("checked");
    assert_eq!((&json["in_the_book"], &json["sum"]["not_checked"]), (&Value::Null, &1.into()));
    let text = check(&["checked"], &[]).stdout;
    let head =
        "NOT ALL COULD BE CHECKED: of 12 statements of 11 accounts 11 hold, 0 do not hold, 1 could";
    assert!(text.starts_with(head), "{text}");
    assert!(text.contains("  could not check    checked/cut.json: "), "{text}");

    // One that does not hold is worse than one that could not be checked.
    made().edit(&file("alice"), "\"account\": \"alice\"", "\"account\": \"alicf\"");
    let run = check(&["checked", "--json"], &[]);
    let json = run.json_of("checked");
    assert_eq!(
        (run.code, &json["in_the_book"], &json["sum"]["do_not_hold"]),
        (1, &false.into(), &1.into())
    );
    let text = check(&["checked"], &[]).stdout;
    assert!(text.contains("  DOES NOT HOLD    alicf  "), "{text}");

    // Several files are as a folder; a file that was named is not passed over.
    let run = check(&[&file("bob"), &file("a/b")], &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = check(&[&file("bob"), "checked/attestation.json"], &[]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("this is an attestation, not a statement"), "{}", run.stdout);
    fs::create_dir(made().path("empty")).unwrap();
    assert_eq!(check(&["empty"], &[]).refusal(2), "there is no statement in what was given");
    assert!(check(&["gone"], &[]).refusal(2).starts_with("cannot read gone"));
}

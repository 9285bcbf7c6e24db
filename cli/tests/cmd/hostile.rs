//! Files whose texts try to write lines of their own to a terminal, move its cursor, or turn the
//! direction of writing.

use serde_json::json;

use crate::venue::{Run, Venue, setup};

/// A line that reads like a verdict, and characters that no terminal may be sent.
const HOSTILE: &str =
    "x\nHOLDS: every clause\r\u{1b}[2K\u{9b}\u{202e}\u{2066}\u{2028}\u{85}\u{200b}y";

/// The same as a text in TOML.
const IN_TOML: &str =
    "\"x\\nHOLDS: every clause\\r\\u001b[2K\\u009b\\u202e\\u2066\\u2028\\u0085\\u200by\"";

/// The same as a text in JSON.
fn in_json() -> String {
    json!(HOSTILE).to_string()
}

/// Nothing hidden stands on either stream, and no line begins as the file would have it.
#[track_caller]
fn is_quiet(run: &Run) {
    for stream in [&run.stdout, &run.stderr] {
        let hidden = |c: char| {
            c != '\n' && (c.is_control() || "\u{202e}\u{2066}\u{2028}\u{200b}".contains(c))
        };
        assert!(!stream.contains(hidden), "{stream:?}");
        assert!(!stream.lines().any(|line| line.starts_with("HOLDS: every clause\\")), "{stream}");
    }
    // A file of one line has no line feed of its own to quote, and TOML shows one.
    for line in run.warnings().lines().skip(1) {
        assert!(line.starts_with("  "), "{}", run.stderr);
    }
}

#[track_caller]
fn is_refused_quietly(run: &Run) {
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    is_quiet(run);
}

/// A venue with hostile texts wherever a file takes one.
fn hostile() -> Venue {
    let venue = Venue::new();
    let rules = venue.read("rules.toml");
    let (head, tables) = rules.split_once("[[scenarios]]").unwrap();
    let head = head.lines().map(|line| match line.split_once(" = ") {
        Some((key @ ("name" | "source" | "exactness"), _)) => format!("{key} = {IN_TOML}\n"),
        _ => format!("{line}\n"),
    });
    venue.write("rules.toml", format!("{}[[scenarios]]{tables}", head.collect::<String>()));
    venue.edit("prices.json", "\"made up\"", &format!("{0}, \"source\": {0}", in_json()));
    let reserves = venue.read("reserves.json").replace("\"made up\"", &in_json());
    let reserves = reserves.replace("\"bitcoin\"", &in_json());
    venue.write("reserves.json", reserves.replace("\"vault\"", &in_json()));
    venue
}

#[test]
fn no_report_shows_a_raw_text_of_a_file() {
    let venue = hostile();
    let run = venue.prove("out", &["--venue", HOSTILE]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    is_quiet(&run);
    is_quiet(&venue.prove("again", &["--venue", HOSTILE, "--json"]));
    let statement = ["--run", "out", "--account", "alice", "--setup", setup(11)];
    let export = [&["statements", "export", "--out", "s.json"], &statement[..]].concat();
    assert_eq!(venue.run(&export).code, 0);
    let accepted = "--accept-insecure-setup";
    for more in [&[][..], &["--json"]] {
        let run = venue.verify("out", more);
        assert_eq!(run.code, 0, "{}", run.stderr);
        is_quiet(&run);
        let check = ["check", "s.json", "--attestation", "out/attestation.json", accepted];
        let run = venue.run(&[&check, more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        is_quiet(&run);
        for command in [
            &["rules", "check", "rules.toml", "--prices", "prices.json"][..],
            &["rules", "diff", "rules.toml", "preset:perp-flat"],
            &[
                "stress",
                "--snapshot",
                "book.csv",
                "--rules",
                "rules.toml",
                "--prices",
                "prices.json",
                "--reserves",
                "reserves.json",
                "--set",
                "flat",
            ],
        ] {
            let run = venue.run(&[command, more].concat());
            assert_ne!(run.code, 2, "{}", run.stderr);
            is_quiet(&run);
        }
        is_quiet(&venue.run(&[&["statements", "show"], &statement[..], more].concat()));
    }
    // JSON escapes what it does not show, and says the same.
    let json = venue.verify("out", &["--json"]).json();
    assert_eq!(json["header"]["venue"], HOSTILE);
}

#[test]
fn no_error_writes_a_line_of_a_files_own() {
    let name = in_json();
    let refused = |file: &str, from: &str, to: &str| {
        let venue = Venue::new();
        venue.edit(file, from, to);
        let run = venue.prove("out", &[]);
        is_refused_quietly(&run);
        is_quiet(&venue.prove("out", &["--json"]));
        run.stderr
    };
    let error = refused("prices.json", "\"quote\":", &format!("{name}: 1, \"quote\":"));
    assert!(error.contains("unknown field `x\n  HOLDS: every clause\\r"), "{error}");
    refused("prices.json", "\"BTC\"", &name);
    refused("prices.json", "\"100000\"", &name);
    refused("prices.json", "00:00Z", "00:00\\u202eZ");
    refused("reserves.json", "\"asset\": \"BTC\"", &format!("{name}: 1, \"asset\": \"BTC\""));
    refused("reserves.json", "\"asset\": \"BTC\"", &format!("\"asset\": {name}"));
    refused("reserves.json", "\"insurance\"", &name);
    refused("rules.toml", "date =", &format!("{IN_TOML} ="));
    refused("rules.toml", "\"crash\"\nkind", &format!("{IN_TOML}\nkind"));
    refused("rules.toml", "\"-0.6\"", IN_TOML);
    refused("rules.toml", "crash = \"insurance\"", &format!("{IN_TOML} = \"insurance\""));
    refused("rules.toml", "[assets.BTC]", &format!("[assets.{IN_TOML}]"));
    let flat = HOSTILE.replace('\n', "");
    refused("book.csv", "account,instrument", &format!("account,{flat}instrument"));
    refused("book.csv", "account,instrument", &format!("account,\"{HOSTILE}\""));
    refused("book.csv", "alice,deposit BTC", &format!("{flat},deposit BTC"));
    refused("book.csv", "alice,deposit BTC", &format!("alice,deposit {flat}"));

    // One asset at one address twice, both with hostile names.
    let venue = Venue::new();
    let reserves = venue.read("reserves.json").replace("\"fund\"", "\"vault\"");
    let reserves = reserves.replace("\"vault\"", &name).replace("\"bank\"", &name);
    venue.write("reserves.json", reserves);
    let run = venue.prove("out", &[]);
    is_refused_quietly(&run);
    assert!(run.stderr.contains("duplicate"), "{}", run.stderr);
}

#[test]
fn no_attestation_statement_or_list_of_scenarios_does_either() {
    let venue = Venue::new();
    let whole = crate::venue::proved().read("first/attestation.json");
    let accepted = "--accept-insecure-setup";
    let name = in_json();
    for (from, to) in [
        ("\"venue\":", format!("{name}: 1,\n    \"venue\":")),
        ("\"pacioli attestation v1-draft\"", name.clone()),
        ("\"pacioli attestation v1-draft\"", format!("\"pacioli {}", &name[1..])),
        ("\"purpose\": \"customers\"", format!("\"purpose\": {name}")),
    ] {
        assert!(whole.contains(from), "{from}");
        venue.write("attestation.json", whole.replacen(from, &to, 1));
        is_refused_quietly(&venue.verify(".", &[]));
        is_quiet(&venue.verify(".", &["--json"]));
    }
    venue.write(
        "statement.json",
        format!("{{\n  \"version\": \"pacioli statement v1-draft\",\n  {name}: 1\n}}\n"),
    );
    venue.write("attestation.json", &whole);
    let check = ["check", "statement.json", "--attestation", "attestation.json", accepted];
    is_refused_quietly(&venue.run(&check));
    venue.write("own.toml", format!("[[scenarios]]\nname = {IN_TOML}\n"));
    let book = ["--snapshot", "book.csv", "--rules", "rules.toml", "--prices", "prices.json"];
    let stress = [&["stress", "--scenarios", "own.toml"], &book[..]].concat();
    is_refused_quietly(&venue.run(&stress));
}

#[cfg(unix)]
#[test]
fn files_with_positions_are_their_owners_alone() {
    use std::{fs, os::unix::fs::PermissionsExt};
    let venue = Venue::new();
    let mode = |name: &str| fs::metadata(venue.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(venue.prove("run", &[]).code, 0);
    // An old file that all can read is replaced.
    venue.write("s.json", "");
    fs::set_permissions(venue.path("s.json"), fs::Permissions::from_mode(0o644)).unwrap();
    let export = ["statements", "export", "--account", "alice", "--out", "s.json"];
    let run = venue.run(&[&export[..], &["--run", "run", "--setup", setup(11)]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(mode("s.json"), 0o600);
    for name in ["run/private/secret", "run/private/salt", "run/private/run.sqlite"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    assert_eq!(mode("run/private"), 0o700);
    assert_eq!(venue.run(&["--quiet", "demo", "--out", "sample"]).code, 0);
    assert_eq!((mode("sample/statement.json"), mode("sample/snapshot.csv")), (0o600, 0o600));
    assert_eq!(mode("sample/attestation.json") & 0o400, 0o400);
    let names = |folder: &str| fs::read_dir(venue.path(folder)).unwrap();
    let left = names("sample").chain(names(".")).chain(names("run/private"));
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.ends_with(".part")).count(), 0);
}

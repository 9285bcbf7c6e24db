//! Attestations that follow one another: `prove --previous`, `verify --previous`, `verify --history`.

use crate::venue::{Run, Venue, proved, setup};

/// A venue with `0.json`, which was proved once.
fn with_first() -> Venue {
    let venue = Venue::new();
    venue.write("0.json", proved().read("first/attestation.json"));
    venue
}

fn next(venue: &Venue, previous: &str, out: &str, as_of: &str) -> Run {
    venue.prove(out, &["--previous", previous, "--as-of", as_of])
}

const DAY_2: &str = "2026-01-02T00:00:00Z";
const DAY_3: &str = "2026-01-03T00:00:00Z";

// Review S5, readers 4.
#[test]
fn no_chain_goes_back_in_time_or_to_another_venue() {
    let venue = with_first();
    for earlier in ["2025-06-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
        let error = format!(
            "--previous: the snapshot's time, {earlier}, is not after 2026-01-01T00:00:00Z, that of \
             the attestation before it"
        );
        assert_eq!(next(&venue, "0.json", "back", earlier).refusal(2), error);
    }
    let other = ["--previous", "0.json", "--as-of", DAY_2, "--venue", "Exchange B"];
    let error = "--previous: the venue is `Exchange B`, but that of the attestation before it is \
                 `test venue`";
    assert_eq!(venue.prove("other", &other).refusal(2), error);
    assert!(!venue.path("other/attestation.json").exists());
}

#[test]
fn what_changed_since_the_one_before_is_told() {
    let venue = with_first();
    venue.edit("rules.toml", "default_move = \"-0.6\"", "default_move = \"-0.01\"");
    venue.edit("reserves.json", "\"address\": \"fund\"", "\"address\": \"elsewhere\"");
    assert_eq!(next(&venue, "0.json", "1", DAY_2).code, 0);
    let run = venue.verify("1", &["--previous", "0.json"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let (_, told) = run.stdout.split_once("\nfollows sequence number 0, 0x").unwrap();
    let (_, told) = told.split_once('\n').unwrap();
    assert!(told.starts_with("  its proofs verify too, under the key\n  0x"), "{told}");
    assert!(told.contains("whether it kept its policy"), "{told}");
    for line in [
        "  - scenario crash: the default move goes from -0.6 to -0.01 (looser)\n",
        "  - reserves: USDC at elsewhere on bank is new\n",
        "  - reserves: USDC at fund on bank is gone\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let json = venue.verify("1", &["--previous", "0.json", "--json"]).json();
    assert_eq!(
        (&json["previous"]["sequence"], &json["previous"]["verified"]),
        (&0.into(), &true.into())
    );
    assert_eq!(json["previous"]["changes"].as_array().unwrap().len(), 3, "{}", json["previous"]);

    // One of another key is read and not verified, and the report says so.
    let text = venue.read("0.json");
    let key = venue.attestation("1")["header"]["key"].as_str().unwrap().to_owned();
    venue.write("other.json", text.replace(&key, &key.replace(&key[2..8], "000000")));
    assert_eq!(next(&venue, "other.json", "x", DAY_2).code, 0);
    let run = venue.verify("x", &["--previous", "other.json"]);
    let why = "  IT WAS READ, NOT VERIFIED: the attestation was made under the key";
    assert!(run.stdout.contains(why), "{}", run.stdout);
    assert!(run.stdout.contains("  - key: changes from `0x000000"), "{}", run.stdout);
    let json = venue.verify("x", &["--previous", "other.json", "--json"]).json();
    let not_verified = json["previous"]["not_verified"].as_str().unwrap();
    assert!(not_verified.contains("of the insecure setup for its sizes"), "{not_verified}");
    assert_eq!(json["previous"]["verified"], false);
}

#[test]
fn what_is_of_the_future_is_refused() {
    let early = ["--now", "2025-12-31T00:00:00Z"];
    let run = proved().verify("first", &early);
    let error = "the time of the snapshot, 2026-01-01T00:00:00Z, is in the future: it is \
                 2025-12-31T00:00:00Z now";
    assert!(run.refusal(1).starts_with(error), "{}", run.stderr);
    assert_eq!(proved().verify("first", &["--now", "2025-12-31T23:56:00Z"]).code, 0);
    // A holder is not told that a book of tomorrow is sound either.
    let venue = proved();
    let export = ["statements", "export", "--run", "first", "--account", "alice", "--setup"];
    assert_eq!(venue.run(&[&export[..], &[setup(11), "--out", "future.json"]].concat()).code, 0);
    let check = ["check", "future.json", "--attestation", "first/attestation.json"];
    let check = [&check[..], &["--accept-insecure-setup"]].concat();
    assert_eq!(venue.run(&check).code, 0);
    let told = venue.run(&[&check[..], &early].concat());
    assert!(told.refusal(1).contains(error), "{}", told.stderr);
    let run = proved().verify("first", &["--now", "tomorrow"]);
    assert!(run.refusal(2).contains("`tomorrow` is not a UTC time"), "{}", run.stderr);
}

#[test]
fn a_folder_is_checked_as_one_chain() {
    let venue = with_first();
    std::fs::create_dir(venue.path("all")).unwrap();
    venue.write("all/0.json", venue.read("0.json"));
    venue.write("all/prices.json", venue.read("prices.json"));
    assert_eq!(next(&venue, "0.json", "all/1", DAY_2).code, 0);
    assert_eq!(next(&venue, "all/1/attestation.json", "all/2", DAY_3).code, 0);
    let history = |more: &[&str]| {
        let args = ["verify", "--history", "all", "--accept-insecure-setup"];
        venue.run(&[&args[..], &["--now", "2026-01-03T01:00:00Z"], more].concat())
    };
    let run = history(&["--require", "max_age=2h"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""), "{}", run.stdout);
    let verdict = "HOLDS, UNDER AN INSECURE SETUP: 3 attestations, sequence numbers 0 to 2, verify and follow \
                   one another, and the venue's own policies and yours are kept\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    assert!(run.stdout.ends_with("ignored: prices.json\n"), "{}", run.stdout);
    assert_eq!(run.stdout.matches("5,000 in crash    yes  ").count(), 3, "{}", run.stdout);
    assert_eq!(history(&["--require", "max_age=30m"]).code, 1, "the newest is too old");

    // A gap.
    std::fs::rename(venue.path("all/1"), venue.path("kept")).unwrap();
    let run = history(&[]);
    assert_eq!(run.code, 1);
    let gap = "  - a gap: number 1 is missing between number 0 and number 2\n";
    assert!(run.stdout.contains(gap), "{}", run.stdout);
    // A fork: another attestation of the same number.
    assert_eq!(next(&venue, "0.json", "all/other", "2026-01-02T12:00:00Z").code, 0);
    std::fs::rename(venue.path("kept"), venue.path("all/1")).unwrap();
    let json = history(&["--json"]);
    assert_eq!(json.code, 1);
    let json = json.json();
    assert_eq!(json["chain"][0]["kind"], "fork");
    assert_eq!(json["chain"][0]["number"], 1);
    assert_eq!(json["attestations"].as_array().unwrap().len(), 4);
    std::fs::remove_dir_all(venue.path("all/other")).unwrap();

    // One whose proof fails is named; one that is damaged could not be checked.
    let text = venue.read("all/1/attestation.json");
    venue.write("all/1/attestation.json", text.replace("\"accounts\": 4,", "\"accounts\": 5,"));
    let run = history(&[]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("REFUSED  1/attestation.json: volume 0: the proof"),
        "{}",
        run.stdout
    );
    venue.write("all/1/attestation.json", &text[..text.len() / 2]);
    let error = history(&[]);
    assert!(error.refusal(2).starts_with("cannot check 1/attestation.json of the history: "));
    let empty = venue.run(&["verify", "--history", "all/2/private", "--accept-insecure-setup"]);
    assert!(empty.refusal(2).starts_with("there is no attestation in "), "{}", empty.stderr);
}

#[test]
fn no_fork_hides_behind_the_name_of_its_file() {
    let venue = with_first();
    std::fs::create_dir_all(venue.path("all/saved")).unwrap();
    venue.write("all/0.json", venue.read("0.json"));
    assert_eq!(next(&venue, "0.json", "one", DAY_2).code, 0);
    venue.write("all/1.json", venue.read("one/attestation.json"));
    assert_eq!(next(&venue, "0.json", "other", "2026-01-02T12:00:00Z").code, 0);
    let fork = venue.read("other/attestation.json");
    let history = || venue.run(&["verify", "--history", "all", "--accept-insecure-setup"]);
    assert_eq!(history().code, 0);
    for name in ["all/1b.JSON", "all/1b", "all/1.json (1)", "all/saved/copy.json"] {
        venue.write(name, &fork);
        let run = history();
        assert_eq!(run.code, 1, "{name}: {}", run.stdout);
        assert!(run.stdout.contains("are different attestations of number 1"), "{}", run.stdout);
        std::fs::remove_file(venue.path(name)).unwrap();
    }
    // Two versions: the last would say that it is something else.
    let twice = format!("{},\n  \"version\": \"x\"\n}}\n", fork.trim_end_matches("\n}\n"));
    venue.write("all/1b.json", twice);
    assert!(history().refusal(2).starts_with("cannot check 1b.json of the history: "));
    std::fs::remove_file(venue.path("all/1b.json")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", venue.path("all/1b.json")).unwrap();
        assert!(history().refusal(2).contains("cannot read "));
    }
}

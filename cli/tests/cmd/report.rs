//! `report`: one page of an attestation, and a folder of many.

use std::fs;

use serde_json::Value;

use crate::venue::{Run, Venue, proved};

const NOW: &str = "2026-01-01T06:00:00Z";

fn with_first() -> Venue {
    let venue = Venue::new();
    fs::create_dir(venue.path("days")).unwrap();
    venue.write("days/0.json", proved().read("first/attestation.json"));
    venue
}

fn report(venue: &Venue, more: &[&str]) -> Run {
    let args = ["report", "days/0.json", "--accept-insecure-setup"];
    venue.run(&[&args, more].concat())
}

#[test]
fn a_report_is_written_and_ends_as_verify_does() {
    let venue = with_first();
    let run = report(&venue, &["--now", NOW, "--json"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let told = run.json();
    let verified =
        venue.run(&["verify", "days/0.json", "--accept-insecure-setup", "--now", NOW, "--json"]);
    let verified = verified.json();
    for field in ["verdict", "digest", "holds", "setup"] {
        assert_eq!(told[field], verified[field], "{field}");
    }
    assert_eq!((&told["report"], &told["tone"]), (&"report.html".into(), &"warn".into()));
    let page = venue.read("report.html");
    assert!(page.starts_with("<!doctype html>"));
    for text in [
        &told["verdict"].as_str().unwrap().replace('\'', "&#39;"),
        told["digest"].as_str().unwrap(),
        "pacioli report 0.json --now 2026-01-01T06:00:00Z --accept-insecure-setup",
        "THE SETUP IS INSECURE",
        "data-until=\"2026-01-02T01:00:00Z\"",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let folder = venue.path("").display().to_string();
    assert!(!page.contains(&folder), "nothing of this machine");

    // A report is replaced, anything else is not.
    assert_eq!(report(&venue, &["--now", NOW]).code, 0);
    let refused = report(&venue, &["--out", "prices.json"]);
    let error = "prices.json is there and is no report: name another file with --out";
    assert_eq!(refused.refusal(2), error);

    // A policy that does not hold is 1, and written all the same.
    let asked = ["--now", NOW, "--require", "min_coverage=2", "--out", "no.html", "--by", "Me"];
    let run = report(&venue, &asked);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.starts_with("DOES NOT HOLD"), "{}", run.stdout);
    let page = venue.read("no.html");
    assert!(page.contains("data-tone=\"bad\"") && page.contains("Me, by their own word"));
    assert_eq!(report(&venue, &["--now", "2025-01-01T00:00:00Z"]).code, 1, "of the future");
}

#[test]
fn nothing_is_written_of_what_could_not_be_checked() {
    let venue = with_first();
    let run = venue.run(&["report", "days/0.json", "--out", "x.html"]);
    assert!(run.refusal(2).contains("insecure setup"), "{}", run.stderr);
    assert!(!venue.path("x.html").exists());
    venue.edit("days/0.json", "\"sequence\": 0", "\"sequence\": 1");
    assert_eq!(report(&venue, &["--out", "x.html"]).code, 1);
    assert!(!venue.path("x.html").exists());
}

#[test]
fn a_second_source_and_a_history_stand_beside() {
    let venue = with_first();
    let next = ["--previous", "days/0.json", "--as-of", "2026-01-02T00:00:00Z"];
    venue.edit("rules.toml", "default_move = \"-0.6\"", "default_move = \"-0.01\"");
    assert_eq!(venue.prove("1", &next).code, 0);
    venue.write("days/1.json", venue.read("1/attestation.json"));
    venue.write("mine.json", venue.read("prices.json"));
    let given = ["--history", "days", "--second-prices", "mine.json", "--by", "Allocator & Co"];
    let args =
        ["report", "days/1.json", "--accept-insecure-setup", "--now", "2026-01-02T01:00:00Z"];
    let run = venue.run(&[&args[..], &given].concat());
    assert_eq!((run.code, run.warnings().as_str()), (0, ""), "{}", run.stdout);
    let page = venue.read("report.html");
    for text in [
        "2 attestations of the history verify and follow each other",
        "the default move goes from -0.6 to -0.01 (looser)",
        "Line chart",
        "of them beside mine.json: at most 0.00 %",
        "Allocator &#38; Co",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // A fork in the folder is not passed over.
    fs::remove_file(venue.path("days/1.json")).unwrap();
    assert_eq!(venue.prove("other", &[&next[..], &["--venue", "test venue"]].concat()).code, 0);
    venue.write("days/fork.json", venue.read("other/attestation.json"));
    let args = ["report", "1/attestation.json", "--accept-insecure-setup", "--history", "days"];
    let run = venue.run(&args);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("the history that it is part of does not hold"), "{}", run.stdout);
    assert!(venue.read("report.html").contains("different attestations of number 1"));
}

fn site(venue: &Venue, now: &str) -> Run {
    venue.run(&[
        "report",
        "--accept-insecure-setup",
        "--history",
        "days",
        "--site",
        "site",
        "--now",
        now,
        "--json",
    ])
}

fn index(venue: &Venue) -> Value {
    serde_json::from_str(&venue.read("site/index.json")).unwrap()
}

// Review operations W3, W4.
#[test]
fn a_site_keeps_everything_and_tells_of_a_second_digest() {
    let venue = with_first();
    let run = site(&venue, NOW);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""), "{}", run.stdout);
    let told = index(&venue);
    let one = &told["attestations"][0];
    assert_eq!((&one["sequence"], &one["owed"]), (&0.into(), &"300000".into()));
    let file = format!("site/{}", one["attestation"].as_str().unwrap());
    assert_eq!(venue.read(&file), venue.read("days/0.json"), "the file itself");
    let names = |folder: &str| {
        let entries = fs::read_dir(venue.path(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let own = ["attestations", "feed.xml", "index.html", "index.json", "reports"];
    assert_eq!(names("site"), own, "nothing else, and nothing private");

    // Again: nothing changes but the time.
    assert_eq!(site(&venue, "2026-01-01T07:00:00Z").json()["new"], 0);
    assert_eq!(index(&venue)["attestations"], told["attestations"]);

    // The venue serves another one of the same number.
    let other = ["--as-of", "2026-01-01T00:00:00Z", "--venue", "test venue"];
    assert_eq!(venue.prove("again", &other).code, 0);
    fs::remove_file(venue.path("days/0.json")).unwrap();
    venue.write("days/again.json", venue.read("again/attestation.json"));
    let run = site(&venue, "2026-01-01T08:00:00Z");
    assert_eq!(run.code, 1, "{}", run.stderr);
    let told = index(&venue);
    assert_eq!(told["attestations"].as_array().unwrap().len(), 2, "none is forgotten");
    assert_eq!(told["alarms"][0]["digests"].as_array().unwrap().len(), 2);
    let notice = told["notices"][0]["text"].as_str().unwrap();
    assert!(notice.ends_with("is no longer in the folder that this site is made of"), "{notice}");
    for page in ["site/index.html", "site/feed.xml"] {
        assert!(venue.read(page).contains("2 different attestations of number 0"), "{page}");
    }
    assert!(venue.path(&file).exists());
    let page = venue.read(&format!("site/{}", one["page"].as_str().unwrap()));
    assert!(page.contains("ALARM:") && page.contains("data-tone=\"bad\""), "{page}");
    // What is gone stays told until it is back.
    let run = site(&venue, "2026-01-01T08:30:00Z");
    assert_eq!((run.code, &run.json()["holds"]), (1, &false.into()));

    // Somebody takes a file off the site, and then its memory.
    fs::remove_file(venue.path(&file)).unwrap();
    assert_eq!(site(&venue, "2026-01-01T09:00:00Z").code, 1);
    let told = index(&venue);
    let last = told["notices"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap();
    assert!(last.ends_with("was removed from this site"), "{last}");
    let rows = told["attestations"].as_array().unwrap();
    let gone = rows.iter().find(|row| row["digest"] == one["digest"]).unwrap();
    assert_eq!(gone["holds"], false, "{gone}");
    fs::remove_file(venue.path("site/index.json")).unwrap();
    let run = site(&venue, NOW);
    let error: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(run.code == 2 && error.to_string().contains("remembers what was published"), "{error}");
}

#[test]
fn a_list_says_no_better_than_its_pages() {
    let venue = with_first();
    for number in 1..3 {
        let out = number.to_string();
        let [before, day] =
            [format!("days/{}.json", number - 1), format!("2026-01-0{}T00:00:00Z", number + 1)];
        let args = ["--previous", &before, "--as-of", &day, "--venue", "test venue"];
        assert_eq!(venue.prove(&out, &args).code, 0);
        venue.write(&format!("days/{out}.json"), venue.read(&format!("{out}/attestation.json")));
    }
    // What number 2 follows is left out.
    fs::remove_file(venue.path("days/1.json")).unwrap();
    assert_eq!(site(&venue, "2026-01-03T06:00:00Z").code, 1);
    let rows = index(&venue);
    let newest = &rows["attestations"][0];
    assert_eq!((&newest["sequence"], &newest["holds"]), (&2.into(), &false.into()), "{newest}");
    let page = venue.read(&format!("site/{}", newest["page"].as_str().unwrap()));
    assert!(page.contains("data-tone=\"bad\""), "{page}");
}

#[test]
fn a_site_ends_with_1_where_one_does_not_hold_and_alarms_where_it_cannot_end() {
    let venue = with_first();
    assert_eq!(site(&venue, NOW).code, 0);
    // A second attestation of number 0, and garbage beside it: it stops nothing.
    let other = ["--as-of", "2026-01-01T00:00:00Z", "--venue", "test venue"];
    assert_eq!(venue.prove("again", &other).code, 0);
    venue.write("days/0b.json", venue.read("again/attestation.json"));
    venue.write("days/0b.evidence.json", "garbage");
    assert_eq!(site(&venue, "2026-01-01T07:00:00Z").code, 1);
    for page in ["site/index.html", "site/index.json", "site/feed.xml"] {
        assert!(venue.read(page).contains("2 different attestations of number 0"), "{page}");
    }

    // One that cannot be checked is told of as that.
    let venue = with_first();
    assert_eq!(site(&venue, NOW).code, 0);
    let key = "\"key\": \"0x";
    let other = venue.read("days/0.json");
    let place = other.find(key).unwrap() + key.len();
    let digit = if other[place..].starts_with('0') { "1" } else { "0" };
    venue.write("days/0b.json", format!("{}{digit}{}", &other[..place], &other[place + 1..]));
    let run = site(&venue, "2026-01-01T07:00:00Z");
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.json()["unchecked"][0]["file"], "0b.json");
    // Taken away again it stands above the list all the same.
    std::fs::remove_file(venue.path("days/0b.json")).unwrap();
    let run = site(&venue, "2026-01-01T08:00:00Z");
    assert_eq!((run.code, &run.json()["holds"]), (1, &false.into()), "{}", run.stdout);
    let above = "<p class=\"alarm\"><strong>ALARM:</strong> not verified: 2 different";
    assert!(venue.read("site/index.html").contains(above));
    for page in ["site/index.html", "site/index.json", "site/feed.xml"] {
        assert!(venue.read(page).contains("ALARM, not verified: 2 different"), "{page}");
    }

    // What does not keep its policy is a 1, as in `verify --history`.
    let venue = with_first();
    let run = venue.run(&[
        "report",
        "--accept-insecure-setup",
        "--history",
        "days",
        "--site",
        "site",
        "--now",
        NOW,
        "--require",
        "min_coverage=1000",
        "--json",
    ]);
    assert_eq!((run.code, &run.json()["holds"]), (1, &false.into()));
    assert_eq!(run.json()["failing"][0]["file"], "0.json");
}

#[test]
fn what_cannot_be_read_of_one_day_hides_no_other() {
    let venue = with_first();
    let next = ["--previous", "days/0.json", "--as-of", "2026-01-02T00:00:00Z"];
    assert_eq!(venue.prove("1", &next).code, 0);
    venue.write("days/1.json", venue.read("1/attestation.json"));
    venue.write("days/0.evidence.json", "garbage");
    let run = site(&venue, "2026-01-02T01:00:00Z");
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    let told = run.json();
    assert_eq!(told["unread"].as_array().unwrap().len(), 1, "{told}");
    let index = index(&venue);
    let all = index["attestations"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    for one in all {
        let page = venue.read(&format!("site/{}", one["page"].as_str().unwrap()));
        let is_told = page.contains("the evidence beside 0.json: ");
        assert_eq!(is_told, one["sequence"] == 0, "{page}");
    }
    for list in ["site/index.html", "site/feed.xml"] {
        assert!(venue.read(list).contains("not read: the evidence beside 0.json: "), "{list}");
    }
    let folder = venue.path("").display().to_string();
    assert!(!venue.read("site/index.json").contains(&folder), "nothing of this machine");
    // A report with that history is no better.
    let run = report(&venue, &["--now", "2026-01-02T01:00:00Z", "--history", "days", "--json"]);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("the evidence beside 0.json: "), "{}", run.stdout);
    // It can be read again: the rest stays as it is.
    fs::remove_file(venue.path("days/0.evidence.json")).unwrap();
    assert_eq!(site(&venue, "2026-01-02T02:00:00Z").code, 0);
}

// Review operations W6: coverage twice, and green by the first alone.
#[test]
fn what_custodians_sign_counts_and_a_forged_statement_does_not_hold() {
    const KEY: &str = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    const ACCOUNT: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    let venue = Venue::new();
    let mut reserves = venue.read("reserves.json");
    for (from, to) in [
        ("\"made up\",", "\"made up\", \"custodian\": \"Keeper\","),
        ("\"bitcoin\"", "\"eip155:1\""),
        ("\"bank\"", "\"eip155:1\""),
        ("\"vault\"", &format!("\"{ACCOUNT}\"")),
        ("\"fund\"", "\"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\""),
    ] {
        reserves = reserves.replace(from, to);
    }
    venue.write("reserves.json", reserves);
    venue.edit("rules.toml", "[policy]", "[policy]\nmax_distance = { reserves = \"1h\" }");
    assert_eq!(venue.prove("first", &["--quiet"]).code, 0);
    let state = [
        "reserves",
        "state",
        "--venue",
        "test venue",
        "--reserves",
        "reserves.json",
        "--custodian",
        "Keeper",
        "--evidence",
        "evidence.json",
    ];
    let run = venue.command(&state).env("PACIOLI_PRIVATE_KEY", KEY).output().unwrap();
    assert!(run.status.success());
    let report = |more: &[&str]| {
        let args = [
            "report",
            "first/attestation.json",
            "--accept-insecure-setup",
            "--now",
            NOW,
            "--require",
            "coverage.crash=0.5",
            "--json",
        ];
        venue.run(&[&args, more].concat())
    };
    let told = report(&[]).json();
    let reasons = told["not_green_because"].as_array().unwrap();
    assert_eq!(reasons.len(), 4, "setup, scenarios, their policy and yours: {reasons:#?}");

    let keeper = format!("Keeper={ACCOUNT}");
    let run = report(&["--evidence", "evidence.json", "--custodian", &keeper]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""), "{}", run.stdout);
    // The setup is insecure; nothing else is in the way of green.
    let told = run.json();
    assert_eq!(told["not_green_because"].as_array().unwrap().len(), 1, "{told}");
    let page = venue.read("report.html");
    for text in [
        "3 entries signed by others",
        "covered by what was read or signed",
        "holds by what was read or signed",
        &format!("--evidence evidence.json --custodian &#39;Keeper={ACCOUNT}&#39;"),
    ] {
        assert!(page.contains(text), "{text}");
    }

    let other = format!("Keeper={}", ACCOUNT.replace('7', "8").to_lowercase());
    let run = report(&["--evidence", "evidence.json", "--custodian", &other]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let verdict = run.json()["verdict"].as_str().unwrap().to_owned();
    assert!(verdict.starts_with("DOES NOT HOLD: evidence of 3 reserves is wrong"), "{verdict}");
    assert!(venue.read("report.html").contains("is forged"));
}

//! Files: what they say, what is damaged, and what is another than before.

use super::Watched;
use crate::venue::Venue;

#[test]
fn the_file_to_begin_with_says_what_is_missing() {
    let venue = Venue::new();
    let run = venue.run(&["watch", "init"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(venue.run(&["watch", "init"]).refusal(2).contains("watch.toml is there already"));
    let run = venue.run(&["--quiet", "watch", "--once"]);
    assert_eq!(run.code, 75, "{run:?}");
    assert!(run.stdout.starts_with("UNKNOWN: Sample Derivatives Exchange\n"), "{}", run.stdout);
    assert!(
        run.stdout.contains("not known folder: attestations is not a folder"),
        "{}",
        run.stdout
    );
    venue.edit("watch.toml", "max_age = \"25h\"", "max_ages = \"25h\"");
    let run = venue.run(&["watch", "--once"]);
    assert!(run.refusal(2).contains("unknown field `max_ages`"), "{}", run.stderr);
}

#[test]
fn a_failing_clause_is_a_breach_and_a_damaged_file_is_not_known() {
    let mut watched = Watched::new();
    let (code, found) = watched.look(0);
    assert_eq!((code, found["state"].as_str()), (0, Some("healthy")), "{found}");
    assert_eq!(found["coverage"], "1");
    assert_eq!(found["weak_setup"], "insecure");
    let run = watched.venue.run(&["--quiet", "watch", "--once", "--now", "2026-01-01T00:00:00Z"]);
    let headline = "HEALTHY, UNDER AN INSECURE SETUP, WHICH PROVES NOTHING: test venue\n";
    assert!(run.stdout.starts_with(headline), "{}", run.stdout);
    let text = watched.venue.read("latest.json");
    // Cut off, empty, gone, and of a server that says sorry.
    for damaged in [&text[..text.len() / 2], "", "<html>502 Bad Gateway</html>"] {
        watched.venue.write("latest.json", damaged);
        let (code, found) = watched.look(1);
        assert_eq!((code, found["state"].as_str()), (75, Some("unknown")), "{found}");
        assert_eq!(found["facts"], serde_json::json!([]));
    }
    // For longer than ten minutes, that is told by itself, and still is no breach.
    let (code, found) = watched.look(12);
    assert_eq!((code, found["facts"][0]["kind"].as_str()), (75, Some("unknown")), "{found}");
    watched.venue.write("latest.json", &text);
    watched.require("min_coverage=2");
    let (code, found) = watched.look(14);
    assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
    assert_eq!(found["facts"][0]["what"], "yours: min_coverage");
    watched.require("max_age=10m");
    let (code, found) = watched.look(15);
    assert_eq!((code, found["state"].as_str()), (1, Some("expired")), "{found}");
    watched.venue.write("latest.json", text.replace("\"accounts\": 4,", "\"accounts\": 5,"));
    let (code, found) = watched.look(16);
    assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
    assert_eq!(found["facts"][0]["kind"], "refused");
}

/// W3: the venue serves one file, and then another of the same number.
#[test]
fn another_attestation_of_one_number_alarms_for_ever() {
    let watched = Watched::new();
    assert_eq!(watched.look(0).0, 0);
    let first = watched.venue.read("latest.json");
    assert_eq!(watched.venue.prove("other", &["--as-of", "2026-01-01T00:30:00Z"]).code, 0);
    watched.venue.write("latest.json", watched.venue.read("other/attestation.json"));
    let (code, found) = watched.look(31);
    assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
    assert_eq!(found["facts"][0]["kind"], "equivocation");
    // The first again: too late.
    watched.venue.write("latest.json", first);
    let run = watched.once(32);
    assert_eq!(run.code, 1, "{run:?}");
    let fact = &run.json()["venues"][0]["facts"][0];
    assert!(fact["summary"].as_str().unwrap().starts_with("2 different attestations of number 0"));
}

#[test]
fn another_venues_attestation_and_other_rules_are_refused() {
    let watched = Watched::new();
    watched.venue.edit("watch.toml", "\"test venue\"", "\"another venue\"");
    let (code, found) = watched.look(0);
    assert_eq!((code, found["facts"][0]["kind"].as_str()), (1, Some("refused")), "{found}");
    watched.venue.edit("watch.toml", "\"another venue\"", "\"test venue\"");
    let digest = format!("max_age = \"20000d\"\nrules_digest = \"0x{}\"", "11".repeat(32));
    watched.venue.edit("watch.toml", "max_age = \"20000d\"", &digest);
    let (code, found) = watched.look(1);
    assert_eq!((code, found["facts"][0]["kind"].as_str()), (1, Some("other_rules")), "{found}");
}

#[test]
fn prices_of_now_are_held_against_the_latest_attestation() {
    let mut watched = Watched::new();
    watched.add("prices = { file = \"now.json\", max_age = \"10m\" }\n");
    let (code, found) = watched.look(0);
    assert_eq!((code, found["state"].as_str()), (75, Some("unknown")), "{found}");
    let prices = watched.venue.read("prices.json");
    watched.venue.write("now.json", &prices);
    let (code, found) = watched.look(0);
    assert_eq!(found["not_known"], serde_json::json!({}), "{found}");
    assert!(code < 2, "{found}");
    // Too old, they say nothing.
    let (_, found) = watched.look(30);
    assert_eq!(found["not_known"]["prices"], "the prices are 30m 0s old", "{found}");
}

/// A second name is no second fact, what is damaged beside hides no breach, and what is taken back resolves
/// nothing.
#[test]
fn a_folder_is_as_bad_as_what_was_ever_the_newest_in_it() {
    let watched = Watched::new();
    let first = watched.venue.read("latest.json");
    std::fs::create_dir(watched.venue.path("all")).unwrap();
    watched.venue.edit("watch.toml", "file = \"latest.json\"", "folder = \"all\"");
    watched.venue.edit("watch.toml", "min_coverage=1", "min_coverage=2");
    watched.venue.write("all/attestation-0.json", &first);
    watched.venue.write("all/latest.json", &first);
    let told = |minute| watched.once(minute).json()["told"].as_array().unwrap().len();
    assert_eq!([0, 1, 2, 3].map(told), [1, 0, 0, 0]);
    watched.venue.write("all/attestation-1.json", &first[..first.len() / 2]);
    let (code, found) = watched.look(4);
    assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
    assert!(found["not_known"]["site"].is_string(), "{found}");
    for name in ["attestation-0.json", "attestation-1.json", "latest.json"] {
        std::fs::remove_file(watched.venue.path("all").join(name)).unwrap();
    }
    for minute in [5, 6, 20] {
        let run = watched.once(minute);
        let told = run.json()["told"].clone();
        assert_eq!(run.code, 75, "{run:?}");
        let told = told.as_array().unwrap();
        assert!(told.iter().all(|one| one["told"] == "raised"), "{told:?}");
    }
}

/// W4: figures of one's own book are on no public page, and raise nothing there.
#[test]
fn the_own_book_is_private() {
    let mut watched = Watched::new();
    watched.add(
        "[venues.book]\nsnapshot = \"book.csv\"\nrules = \"rules.toml\"\nprices = \"prices.json\"\n\
         reserves = \"reserves.json\"\nmax_age = \"1h\"\nmin_coverage = \"2\"\nsets = [\"historical\"]\n\
         [private_metrics]\nlisten = \"127.0.0.1:9465\"\n",
    );
    let (code, found) = watched.look(0);
    assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
    assert_eq!(found["public_state"], "healthy");
    let facts = found["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["what"] == "coverage"), "{found}");
    assert!(facts.iter().all(|fact| fact["private"] == true), "{found}");
    watched.venue.edit("watch.toml", "historical", "hysterical");
    let run = watched.once(1);
    assert_eq!(run.code, 2, "{run:?}");
}

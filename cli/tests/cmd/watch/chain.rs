//! Attestations as one chain, look after look: what `verify --history` calls a break is never healthy.

use std::{fs, sync::OnceLock};

use super::Watched;
use crate::venue::{Venue, proved};

/// Number 0, a number 1 that holds and one whose proofs do not, and a number 2 that holds and follows the
/// latter.
fn days() -> &'static Venue {
    static DAYS: OnceLock<Venue> = OnceLock::new();
    DAYS.get_or_init(|| {
        let venue = Venue::new();
        venue.write("0.json", proved().read("first/attestation.json"));
        let next = |out: &str, before: &str, minute: u32| {
            let as_of = format!("2026-01-01T00:{minute:02}:00Z");
            let run = venue.prove(out, &["--previous", before, "--as-of", &as_of]);
            assert_eq!(run.code, 0, "{run:?}");
            venue.read(&format!("{out}/attestation.json"))
        };
        let one = next("one", "0.json", 1);
        venue.write("1.json", &one);
        venue.write("forged.json", one.replace("\"accounts\": 4,", "\"accounts\": 5,"));
        venue.write("2.json", next("two", "forged.json", 2));
        venue
    })
}

/// A watch of a folder with these files of [`days`].
fn watched(files: &[(&str, &str)]) -> Watched {
    let watched = Watched::new();
    watched.venue.edit("watch.toml", "file = \"latest.json\"", "folder = \"all\"");
    for (name, file) in files {
        let path = watched.venue.path("all").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, days().read(file)).unwrap();
    }
    watched
}

fn kinds(found: &serde_json::Value) -> Vec<&str> {
    let facts = found["facts"].as_array().unwrap();
    facts.iter().map(|fact| fact["kind"].as_str().unwrap()).collect()
}

/// A good one that names a forged one makes it no better, at no later look.
#[test]
fn what_is_refused_once_is_refused_at_every_look() {
    let files = [("0.json", "0.json"), ("1.json", "forged.json"), ("2.json", "2.json")];
    let watched = watched(&files);
    for minute in [5, 6, 7] {
        let (code, found) = watched.look(minute);
        assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
        assert!(kinds(&found).contains(&"refused"), "{found}");
    }
}

/// Taken out of the folder, it is no better either.
#[test]
fn what_was_refused_is_no_better_once_it_is_gone() {
    let watched = watched(&[("0.json", "0.json"), ("1.json", "forged.json")]);
    assert_eq!(watched.look(5).0, 1);
    fs::remove_file(watched.venue.path("all/1.json")).unwrap();
    for minute in [6, 30] {
        let run = watched.once(minute);
        assert_eq!((run.code, run.json()["told"].as_array().unwrap().len()), (1, 0), "{run:?}");
    }
    let digest = watched.once(31).json()["venues"][0]["facts"][0]["summary"].clone();
    let digest =
        digest.as_str().unwrap().split(&[' ', ','][..]).find(|word| word.starts_with("0x"));
    let looked = format!("max_age = \"20000d\"\nlooked_into = [\"{}\"]", digest.unwrap());
    watched.venue.edit("watch.toml", "max_age = \"20000d\"", &looked);
    assert_eq!(watched.look(32).0, 0);
}

#[test]
fn a_gap_is_never_healthy_in_a_folder_nor_in_what_is_shown_one_by_one() {
    let watched = watched(&[("0.json", "0.json"), ("2.json", "2.json")]);
    let history = watched.venue.run(&["verify", "--accept-insecure-setup", "--history", "all"]);
    assert_eq!(history.code, 1, "{history:?}");
    let (code, found) = watched.look(5);
    assert_eq!((code, found["state"].as_str()), (1, Some("breach")), "{found}");
    assert_eq!(kinds(&found), ["history"], "{found}");

    let watched = Watched::new();
    assert_eq!(watched.look(0).0, 0);
    watched.venue.write("latest.json", days().read("2.json"));
    let (code, found) = watched.look(5);
    assert_eq!((code, found["state"].as_str()), (1, Some("warning")), "{found}");
    assert_eq!(kinds(&found), ["history"], "{found}");
    assert!(found["facts"][0]["summary"].as_str().unwrap().ends_with("was never shown"), "{found}");
}

/// However deep it lies, and what lies too deep is not known.
#[test]
fn no_folder_within_is_passed_in_silence() {
    let watched =
        watched(&[("0.json", "0.json"), ("1.json", "1.json"), ("x/y/fork", "forged.json")]);
    let (code, found) = watched.look(5);
    assert_eq!((code, kinds(&found)), (1, vec!["refused"]), "{found}");
    fs::remove_dir_all(watched.venue.path("all/x")).unwrap();
    fs::create_dir_all(watched.venue.path("all/1/2/3/4/5/6/7/8/9")).unwrap();
    let (code, found) = watched.look(6);
    assert_eq!(code, 1, "what was refused stays: {found}");
    assert!(found["not_known"]["site"].as_str().unwrap().contains("lies deeper"), "{found}");
}

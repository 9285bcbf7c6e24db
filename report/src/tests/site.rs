//! What a site remembers and tells.

use pacioli_attestation::{Digest, Findings};

use super::{KNOWN, all_known, found, now, solvent, subject};
use crate::{
    Judgement,
    site::{self, Published, Record},
};

// Review operations W3.
#[test]
fn a_second_digest_for_one_number_is_an_alarm_for_ever() {
    let first = found();
    let mut record = Record::begin(first.digest, now());
    let add = |record: &mut Record, findings: &Findings| {
        let one = subject(findings, KNOWN);
        record.add(&Published::of(&one, &Judgement::of(&one)));
    };
    add(&mut record, &first);
    add(&mut record, &first);
    assert_eq!((record.attestations.len(), record.alarms().len()), (1, 0));
    let mut other = first.clone();
    other.digest = Digest([9; 32]);
    add(&mut record, &other);
    let alarms = record.alarms();
    assert_eq!(alarms.len(), 1);
    let read = Record::parse(&record.to_json()).unwrap();
    assert_eq!(read.to_json(), record.to_json(), "what is remembered is what is written");
    for page in [site::index(&read), site::feed(&read, "a", None)] {
        assert!(page.contains("published 2 different attestations of number"), "{page}");
    }
    let one = subject(&other, KNOWN);
    assert!(site::page(&one, &Judgement::of(&one), &read, &[]).contains("ALARM:"));
    // The next one has to name the one before it.
    let mut next = first.clone();
    next.digest = Digest([8; 32]);
    next.attestation.header.sequence += 1;
    next.attestation.header.previous = Some(Digest([7; 32]));
    add(&mut record, &next);
    assert!(record.alarms()[1].text.contains("does not name the one before it"));
    next.digest = Digest([6; 32]);
    next.attestation.header.sequence += 2;
    add(&mut record, &next);
    assert_eq!(record.gaps().len(), 1, "{:?}", record.gaps());
}

#[test]
fn a_record_names_no_file_but_its_own() {
    let findings = found();
    let one = subject(&findings, KNOWN);
    let mut record = Record::begin(findings.digest, now());
    record.add(&Published::of(&one, &Judgement::of(&one)));
    for (from, to) in [
        ("\"attestations/", "\"../attestations/"),
        ("\"reports/", "\"/reports/"),
        ("pacioli site v1-draft", "pacioli site v0"),
        ("\"alarms\"", "\"alarm\""),
    ] {
        assert!(Record::parse(&record.to_json().replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn a_record_is_of_its_schema() {
    let schema = include_str!("../../../docs/schema/site.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let findings = found();
    let one = subject(&findings, KNOWN);
    let mut record = Record::begin(findings.digest, now());
    record.add(&Published::of(&one, &Judgement::of(&one)));
    let mut other = findings.clone();
    other.digest = Digest([9; 32]);
    let one = subject(&other, KNOWN);
    record.add(&Published::of(&one, &Judgement::of(&one)));
    record.notice(now(), findings.digest, "noticed".into());
    let document: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for field in document["attestations"][0].as_object().unwrap().keys() {
        let mut without = document.clone();
        without["attestations"][0].as_object_mut().unwrap().remove(field);
        assert!(!validator.is_valid(&without), "{field} is required");
    }
}

#[test]
fn a_site_alarms_on_what_follows_a_fork_and_keeps_the_worse_verdict() {
    let first = found();
    let add = |record: &mut Record, findings: &Findings| {
        let one = subject(findings, KNOWN);
        record.add(&Published::of(&one, &Judgement::of(&one)))
    };
    let mut record = Record::begin(first.digest, now());
    add(&mut record, &first);
    let mut other = first.clone();
    other.digest = Digest([9; 32]);
    add(&mut record, &other);
    let mut next = first.clone();
    next.digest = Digest([8; 32]);
    next.attestation.header.sequence += 1;
    next.attestation.header.previous = Some(first.digest);
    add(&mut record, &next);
    let one = subject(&next, KNOWN);
    let html = site::page(&one, &Judgement::of(&one), &record, &[]);
    assert!(html.contains("ALARM:") && html.contains("2 different attestations"), "{html}");

    // The same venue under another name.
    let mut renamed = next.clone();
    renamed.digest = Digest([7; 32]);
    renamed.attestation.header.venue = "another name".into();
    add(&mut record, &renamed);
    let alarms = record.alarms_of("another name", 99, renamed.digest);
    assert!(alarms.iter().any(|one| one.text.starts_with("a fork: ")), "{alarms:?}");

    // The list was edited, and says better than what is there.
    let mut edited = record.clone();
    edited.attestations[0].owed.units += 1u32;
    let own = edited.attestations[0].digest;
    let own = [&first, &other, &next, &renamed].into_iter().find(|one| one.digest == own).unwrap();
    assert!(add(&mut edited, own).unwrap().starts_with("what index.json said of number"));
    assert_eq!(add(&mut edited, own), None);
    let solvent = solvent();
    let mut record = Record::begin(solvent.digest, now());
    add(&mut record, &solvent);
    assert!(record.attestations[0].holds);
    let mut one = subject(&solvent, KNOWN);
    let mut evidence = all_known(&solvent);
    evidence.reserves[0].faults.push("forged".to_owned());
    one.evidence = Some(&evidence);
    record.add(&Published::of(&one, &Judgement::of(&one)));
    assert!(!record.attestations[0].holds);
    assert!(record.notices[0].text.contains("is now: DOES NOT HOLD"), "{:?}", record.notices);
    let lost = site::lost(&record.attestations[0], &record, &["<gone>".to_owned()]);
    assert!(lost.contains("ALARM:</strong> &#60;gone&#62;"), "{lost}");
}

/// Whoever reads the feed alone learns all that the list tells.
#[test]
fn the_feed_has_alarms_gaps_and_notices() {
    let first = found();
    let mut record = Record::begin(first.digest, now());
    let mut add = |sequence: u64, digest: u8| {
        let mut findings = first.clone();
        findings.digest = Digest([digest; 32]);
        findings.attestation.header.sequence = sequence;
        let one = subject(&findings, KNOWN);
        record.add(&Published::of(&one, &Judgement::of(&one)));
    };
    add(5, 1);
    add(9, 2);
    record.notice(now(), Digest([1; 32]), "was removed from this site".to_owned());
    record.notice(now(), Digest([7; 32]), "<is> not verified".to_owned());
    let feed = site::feed(&record, "a", Some("https://example.org/"));
    for text in [
        "<category term=\"gap\"/>",
        "3 missing between number 5 and number 9",
        "<category term=\"notice\"/>",
        "was removed from this site",
        "&#60;is&#62; not verified",
        "https://example.org/index.html",
    ] {
        assert!(feed.contains(text), "{text}: {feed}");
    }
    let ids: Vec<_> = feed.lines().filter(|line| line.starts_with("<id>")).collect();
    let different: std::collections::BTreeSet<_> = ids.iter().collect();
    // The feed, two alarms of a fork that both tell, a gap, two notices, two attestations.
    assert_eq!((ids.len(), different.len()), (8, 8), "{ids:#?}");
    assert_eq!(site::feed(&record, "a", Some("https://example.org/")), feed);
}

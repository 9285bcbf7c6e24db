//! What a page says, and what it must not do.

use pacioli_attestation::{By, Clause, Digest, setup::Origin};
use pacioli_rules::{Amount, Prices};

use super::{KNOWN, found, history, html, now, subject};
use crate::{
    Asked, Judgement, Moment, Past, Previous, Second,
    points::points,
    site::{self, Published, Record},
};

#[test]
fn the_fourteen_points_are_all_there_and_say_what_is_not_known() {
    let findings = found();
    let one = subject(&findings, Origin::Unknown);
    let points = points(&one);
    assert_eq!(points.len(), 14);
    let said: Vec<_> = points.iter().flat_map(|point| &point.said).collect();
    for (point, index) in points.iter().zip(1..) {
        assert!(!point.said.is_empty(), "{index}");
    }
    for unknown in
        ["second source", "which of them is the venue’s own token", "how many holders checked"]
    {
        assert!(said.iter().any(|one| !one.is_known && one.text.contains(unknown)), "{unknown}");
    }
    assert!(said.iter().filter(|one| one.is_known).filter(|one| one.by.is_none()).count() <= 1);
    let page = html(&one);
    for place in points.iter().filter_map(|point| point.more) {
        let is_there = page.contains(&format!("id=\"{place}\""));
        assert!(is_there || place == "history", "{place}");
    }
}

#[test]
fn a_reader_sees_their_own_policy_prices_and_what_changed() {
    let findings = found();
    let mut one = subject(&findings, KNOWN);
    let (name, by) = ("min_coverage".to_owned(), By::Publisher);
    let clause =
        Clause { name, holds: false, detail: "coverage 0.5, at least 2 required".into(), by };
    one.asked = Some(Asked {
        text: "min_coverage=2, max_age=1h".to_owned(),
        clauses: vec![clause.clone()],
        counting: vec![clause],
        max_age: Some("1h".parse().unwrap()),
    });
    let prices = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "mine",
        "prices": { "BTC": "19000", "DOGE": "1" } }"#;
    one.second = Some(Second::new("mine.json".into(), Prices::parse(prices).unwrap()));
    one.previous = Some(Previous {
        sequence: 6,
        digest: Digest([3; 32]),
        is_verified: true,
        changes: vec!["scenario crash: the default move goes from -0.6 to -0.01 (looser)".into()],
    });
    let page = html(&one);
    for text in [
        "You asked: min_coverage=2, max_age=1h",
        "coverage 0.5, at least 2 required",
        "1 of them beside mine.json: at most +5.27 %, BTC",
        "the default move goes from -0.6 to -0.01 (looser)",
        "data-until=\"2026-01-01T01:00:00.5Z\"",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

// Readers 12, A7: what a publisher writes is shown as it is, and does nothing.
#[test]
fn nothing_of_the_publishers_is_markup() {
    let mut findings = found();
    let evil =
        "x</script><script>alert(1)</script><img src=//e.example/a onerror=1>\"'\u{202e}\u{1b}[2J";
    let attestation = &mut findings.attestation;
    attestation.header.venue = evil.into();
    attestation.header.software = evil.into();
    attestation.prices.method = evil.into();
    attestation.prices.source = Some(evil.into());
    attestation.prices.refused.insert("X".into(), evil.into());
    for one in &mut attestation.reserves.as_mut().unwrap().reserves {
        for text in [&mut one.chain, &mut one.address, &mut one.evidence] {
            *text = evil.into();
        }
        let texts = [&mut one.custodian, &mut one.legal_holder, &mut one.encumbrance];
        texts.into_iter().for_each(|text| *text = Some(evil.into()));
    }
    attestation.reserves.as_mut().unwrap().reserves[0].encumbrance = None;
    for clause in &mut findings.clauses {
        clause.detail = evil.into();
    }
    let mut one = subject(&findings, KNOWN);
    one.made.by = Some(evil.into());
    one.made.command = evil.into();
    one.past = Some(Past {
        moments: vec![Moment::found(&findings, None)],
        findings: vec![(evil.into(), true), (evil.into(), false)],
        refused: vec![(evil.into(), evil.into())],
        changes: vec![(1, vec![evil.into()])],
    });
    one.previous = Some(Previous {
        sequence: 0,
        digest: Digest([0; 32]),
        is_verified: false,
        changes: vec![evil.into()],
    });
    let mut record = Record::begin(findings.digest, now());
    record.add(&Published::of(&one, &Judgement::of(&one)));
    record.notice(now(), findings.digest, evil.into());
    for page in [
        html(&one),
        site::page(&one, &Judgement::of(&one), &record, &[]),
        site::index(&record),
        site::feed(&record, evil, Some(evil)),
    ] {
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
        assert!(page.contains("alert(1)"));
        let raw = page.find(['\u{202e}', '\u{1b}']);
        assert!(raw.is_none(), "{:?}", raw.map(|at| &page[at.saturating_sub(200)..at]));
        assert!(page.contains("\\u{202e}"));
        assert_eq!(page.matches("<script>").count(), page.matches("</script>").count());
    }
}

#[test]
fn a_page_asks_no_network_for_anything() {
    let findings = found();
    let mut one = subject(&findings, KNOWN);
    one.past = Some(history(&findings));
    let page = html(&one);
    assert!(page.contains("default-src &#39;none&#39;"));
    for fetches in
        [" src=", "url(http", "@import", "<link", "<iframe", "<object", " style=", "fetch("]
    {
        assert!(!page.contains(fetches), "{fetches}");
    }
    // The namespace of SVG, which is a name.
    let addresses = page.matches("://").count();
    assert_eq!(addresses, page.matches("http://www.w3.org/2000/svg").count());
}

#[test]
fn charts_over_time_begin_with_two_points() {
    let findings = found();
    let mut one = subject(&findings, KNOWN);
    one.past = Some(Past { moments: vec![Moment::found(&findings, None)], ..Past::default() });
    assert!(!html(&one).contains("Line chart"));
    one.past = Some(history(&findings));
    let page = html(&one);
    assert_eq!(page.matches("aria-label=\"Line chart").count(), 6, "three, each twice");
    for title in ["Coverage at mark", "Owed against", "Open interest at mark, longs"] {
        assert!(page.contains(title), "{title}");
    }
}

/// What was read or signed is drawn apart from the venue's word, which alone is no line of its own.
#[test]
fn coverage_over_time_does_not_rest_on_the_word_alone() {
    let findings = found();
    let mut one = subject(&findings, KNOWN);
    let mut past = history(&findings);
    one.past = Some(past.clone());
    let page = html(&one);
    assert!(page.contains("by the venue’s word alone: nothing of it was read or signed"));
    assert!(page.contains("For 4 of 4 no evidence of reserves was looked at"));
    assert!(!page.contains("whole line: by what was read or signed"));
    for moment in past.moments.iter_mut().skip(1) {
        moment.known_coverage = Some(Amount::new(9_876u32, 4));
    }
    one.past = Some(past);
    let page = html(&one);
    for text in [
        "whole line: by what was read or signed (C, O)",
        "dashes: with the venue’s word (W)",
        "For 1 of 4 no evidence of reserves was looked at",
        "0.9876",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

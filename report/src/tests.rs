//! Pages of the stored attestation, as it is and changed.

use jiff::Timestamp;
use pacioli_attestation::{
    By, Candidate, Clause, Digest, Findings, Purpose, VerifyingKey, setup::Origin,
};
use pacioli_evidence::{Evidence, Known, Offline, Report as EvidenceReport, check};
use pacioli_rules::{Amount, Prices, Rules};

use crate::{
    Asked, Judgement, Made, Moment, Past, Previous, Second, Subject, Tone,
    cover::Reach,
    page,
    points::points,
    site::{self, Published, Record},
};

const STORED: &[u8] = include_bytes!("../../tests/fixtures/attestation_v1_draft.json");

fn found() -> Findings {
    let candidate = Candidate::read(STORED).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &()).unwrap().findings().clone()
}

fn now() -> Timestamp {
    "2026-01-01T06:00:00Z".parse().unwrap()
}

fn made() -> Made {
    let (by, command) = (Some("Allocator".to_owned()), "pacioli report a.json".to_owned());
    Made { by, at: now(), software: "pacioli 0".to_owned(), command }
}

fn subject(findings: &Findings, origin: Origin) -> Subject<'_> {
    Subject::of(findings, (origin, Digest([1; 32]), Digest([2; 32])), made())
}

fn html(subject: &Subject<'_>) -> String {
    page(subject, &Judgement::of(subject))
}

/// Evidence by which every reserve is known, read and signed for.
fn all_known(findings: &Findings) -> EvidenceReport {
    let attestation = &findings.attestation;
    let known = Known::default();
    let mut report = check(attestation, &findings.rules, &Evidence::empty(), &known, &mut Offline);
    for one in &mut report.reserves {
        one.balance.by = By::Chain;
        one.whose.by = By::Recomputed;
    }
    report
}

/// The stored book with reserves that cover every scenario, and without a clause that fails.
fn solvent() -> Findings {
    let mut findings = found();
    let text = findings.rules.text().replace("crash = \"5000\"", "crash = \"5000000\"");
    findings.rules = Rules::parse(&text).unwrap();
    let reserves = findings.attestation.reserves.as_mut().unwrap();
    for one in &mut reserves.reserves {
        if one.purpose == Purpose::Customers && one.encumbrance.is_none() {
            one.amount = "1000000000".parse().unwrap();
        }
    }
    let evidence = pacioli_attestation::Evidence::new(
        &findings.attestation,
        &findings.compiled,
        &findings.figures,
    );
    findings.clauses = pacioli_attestation::evaluate_policy(findings.rules.policy(), &evidence);
    assert!(findings.holds(), "{:#?}", findings.clauses);
    findings
}

const KNOWN: Origin = Origin::Ceremony("a ceremony");

// Review operations W6.
#[test]
fn nothing_is_green_that_rests_on_the_publishers_word_alone() {
    let findings = solvent();
    let mut one = subject(&findings, KNOWN);
    let word = Judgement::of(&one);
    assert_eq!((word.tone, word.holds), (Tone::Warn, true), "{word:#?}");
    assert!(word.verdict.starts_with("HOLDS: "), "{}", word.verdict);
    assert!(word.reasons.iter().any(|why| why.contains("read or signed by others do not cover")));
    assert!(one.covers().iter().all(|cover| cover.reach() == Reach::Word));
    assert!(html(&one).contains("data-tone=\"warn\""));

    let evidence = all_known(&findings);
    one.evidence = Some(&evidence);
    let known = Judgement::of(&one);
    assert_eq!((known.tone, known.reasons.as_slice()), (Tone::Good, [].as_slice()));
    let page = html(&one);
    assert!(page.contains("data-tone=\"good\"") && page.contains("verdict tone-unaged"), "{page}");
    assert!(!page.contains("verdict tone-good"), "nothing is green before its age is counted");

    // One reserve less that is known, and it is green no more.
    for index in 0..evidence.reserves.len() {
        let mut evidence = evidence.clone();
        evidence.reserves[index].balance.by = By::Publisher;
        let mut one = subject(&findings, KNOWN);
        one.evidence = Some(&evidence);
        let reserve = &findings.attestation.reserves.as_ref().unwrap().reserves[index];
        // Either asset alone is worth more than all that is owed, and a clause asks for one of them.
        let is_asked = reserve.asset == "BTC" && reserve.encumbrance.is_none();
        let expected = if is_asked { Tone::Warn } else { Tone::Good };
        assert_eq!(Judgement::of(&one).tone, expected, "{index}");
    }
    for origin in [Origin::Unknown, Origin::Insecure] {
        let mut one = subject(&findings, origin);
        one.evidence = Some(&evidence);
        assert_eq!(Judgement::of(&one).tone, Tone::Warn);
    }
}

#[test]
fn forged_evidence_and_a_broken_history_do_not_hold() {
    let findings = solvent();
    let mut evidence = all_known(&findings);
    evidence.reserves[0].faults.push("entries[0]: the signature is forged".to_owned());
    let mut one = subject(&findings, KNOWN);
    one.evidence = Some(&evidence);
    let judged = Judgement::of(&one);
    assert_eq!((judged.tone, judged.holds), (Tone::Bad, false));
    assert!(judged.verdict.starts_with("DOES NOT HOLD: evidence of 1 reserve is wrong; "));
    assert!(html(&one).contains("WRONG: entries[0]: the signature is forged"));

    let mut one = subject(&findings, KNOWN);
    let fork = "a fork: a and b are different attestations of number 0".to_owned();
    one.past = Some(Past { findings: vec![(fork.clone(), true)], ..Past::default() });
    assert!(!Judgement::of(&one).holds);
    assert!(html(&one).contains(&fork));
}

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
    one.second = Some(Second { name: "mine.json".into(), prices: Prices::parse(prices).unwrap() });
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
        moments: vec![Moment::found(&findings)],
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

fn history(findings: &Findings) -> Past {
    let moment = Moment::found(findings);
    let moments = (0..4u64).map(|day| {
        let mut one = moment.clone();
        one.sequence = day;
        one.as_of += jiff::SignedDuration::from_hours(24 * day as i64);
        one.owed.units += day * 1_000_000_000_000u64;
        one
    });
    Past { moments: moments.collect(), ..Past::default() }
}

#[test]
fn charts_over_time_begin_with_two_points() {
    let findings = found();
    let mut one = subject(&findings, KNOWN);
    one.past = Some(Past { moments: vec![Moment::found(&findings)], ..Past::default() });
    assert!(!html(&one).contains("Line chart"));
    one.past = Some(history(&findings));
    let page = html(&one);
    assert_eq!(page.matches("aria-label=\"Line chart").count(), 6, "three, each twice");
    for title in ["Coverage at mark", "Owed against", "Open interest at mark, longs"] {
        assert!(page.contains(title), "{title}");
    }
}

#[test]
fn without_reserves_nothing_covers_and_a_page_says_so() {
    let mut findings = found();
    findings.attestation.reserves = None;
    let one = subject(&findings, KNOWN);
    assert!(one.covers().iter().all(|cover| cover.reach() == Reach::Unstated));
    let page = html(&one);
    assert!(page.contains("no reserves are stated") && page.contains("none stated"), "{page}");
}

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
    let schema = include_str!("../../docs/schema/site.schema.json");
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
fn a_share_is_rounded_down() {
    let amount = |units: u32| Amount::new(units, 0);
    assert_eq!(crate::worth::share(&amount(2), &amount(3)), "66.6 %");
    assert_eq!(crate::worth::share(&amount(0), &amount(0)), "-");
    for (number, told) in [
        (0.0, "0"),
        (12.0, "12"),
        (0.5, "0.50"),
        (1_234.0, "1.2 k"),
        (45_477_808.0, "45.5 M"),
        (312_000_000_000.0, "312 B"),
        (-2_500_000.0, "-2.5 M"),
    ] {
        assert_eq!(crate::worth::short(number), told);
    }
}

#[test]
fn what_the_readers_own_data_contradict_is_not_green() {
    let findings = solvent();
    let evidence = all_known(&findings);
    let judged = |change: &dyn Fn(&mut Subject<'_>)| {
        let mut one = subject(&findings, KNOWN);
        one.evidence = Some(&evidence);
        change(&mut one);
        let judged = Judgement::of(&one);
        (judged.tone, judged.reasons)
    };
    assert_eq!(judged(&|_| {}), (Tone::Good, Vec::new()));
    let (tone, why) = judged(&|one| {
        let prices = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "mine",
            "prices": { "BTC": "10000" } }"#;
        let prices = Prices::parse(prices).unwrap();
        one.second = Some(Second { name: "mine.json".into(), prices });
    });
    assert_eq!(tone, Tone::Warn);
    assert!(why[0].contains("more than 1.00 % from the second source: BTC"), "{why:?}");
    let (tone, why) = judged(&|one| {
        let mut past = history(&findings);
        past.moments[0].digest = Digest([5; 32]);
        past.moments[0].keeps_policy = false;
        one.past = Some(past);
    });
    assert_eq!(tone, Tone::Warn);
    assert!(why[0].starts_with("1 attestation of the history broke"), "{why:?}");
    let (tone, why) = judged(&|one| one.made.at = "2027-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(tone, Tone::Warn);
    assert!(why[0].starts_with("the snapshot is "), "{why:?}");
}

#[test]
fn reserves_that_left_and_readings_that_failed_are_not_green() {
    let findings = solvent();
    let mut evidence = all_known(&findings);
    evidence.reserves[0].now = Some("0".parse().unwrap());
    evidence.reserves[1].failed.push("the node is away".to_owned());
    evidence.unused.push(3);
    let mut one = subject(&findings, KNOWN);
    one.evidence = Some(&evidence);
    let Judgement { tone, reasons, .. } = Judgement::of(&one);
    assert_eq!(tone, Tone::Warn);
    assert!(reasons[0].starts_with("what was attested is no longer there: 1 of "), "{reasons:?}");
    assert!(reasons[1].contains("the node is away; entries[3] of the evidence"), "{reasons:?}");
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

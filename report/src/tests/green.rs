//! What may be green, and what does not hold.

use num_bigint::BigUint;
use pacioli_attestation::{By, Digest, setup::Origin};
use pacioli_rules::Prices;

use super::{KNOWN, all_known, found, history, html, solvent, subject};
use crate::{Judgement, Past, Second, Subject, Tone, cover::Reach};

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
fn without_reserves_nothing_covers_and_a_page_says_so() {
    let mut findings = found();
    findings.attestation.reserves = None;
    let one = subject(&findings, KNOWN);
    assert!(one.covers().iter().all(|cover| cover.reach() == Reach::Unstated));
    let page = html(&one);
    assert!(page.contains("no reserves are stated") && page.contains("none stated"), "{page}");
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
        one.second = Some(Second::new("mine.json".into(), prices));
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

/// Reserves that are worth just what is owed at the venue's prices are short at prices at which they are
/// worth less.
#[test]
fn coverage_is_at_the_worse_of_two_prices() {
    let mut findings = solvent();
    let mut evidence = all_known(&findings);
    // Dollars alone, just enough of them for every scenario at the venue's prices.
    let covers = subject(&findings, KNOWN).covers();
    let most = covers.iter().map(|cover| cover.word.owed.units.clone()).max().unwrap();
    let whole = &most / BigUint::from(10u32).pow(covers[0].word.owed.decimals) + 1u32;
    let reserves = findings.attestation.reserves.as_mut().unwrap();
    for one in &mut reserves.reserves {
        let amount = if one.asset == "USDC" { whole.to_string() } else { "0".to_owned() };
        one.amount = amount.parse().unwrap();
    }
    for one in &mut evidence.reserves {
        one.shown = None;
    }
    let at = |bitcoin: &str| {
        let text = format!(
            r#"{{ "as_of": "{}", "quote": "USD", "method": "mine",
                "prices": {{ "BTC": "{bitcoin}", "USDC": "1" }} }}"#,
            findings.attestation.prices.as_of
        );
        Second::new("mine.json".into(), Prices::parse(&text).unwrap())
    };
    let judged = |second: Option<Second>| {
        let mut one = subject(&findings, KNOWN);
        (one.evidence, one.second) = (Some(&evidence), second);
        let covers = one.covers();
        let least = covers.iter().filter_map(|cover| cover.worse_known()?.coverage.clone());
        (covers[0].reach(), least.min_by_key(|one| one.units.clone()), html(&one))
    };
    let own = findings.attestation.prices.prices["BTC"].to_string();
    let (reach, least, page) = judged(None);
    assert_eq!(reach, Reach::Known);
    assert!(!page.contains("at the worse of"));
    // The same prices say the same.
    let (_, same, page) = judged(Some(at(&own)));
    assert_eq!(same, least);
    assert!(page.contains("at mark, at the worse of the venue’s prices and yours"), "{page}");
    // What is owed in bitcoins is more then, what is held is not.
    let dearer = (own.parse::<f64>().unwrap() * 4.0).to_string();
    let (reach, worse, page) = judged(Some(at(&dearer)));
    assert!(reach > Reach::KnownWithFund, "{reach:?}");
    assert!(worse.unwrap().units < least.unwrap().units);
    assert!(page.contains("coverage at mark at these: "), "{page}");
    let mut one = subject(&findings, KNOWN);
    (one.evidence, one.second) = (Some(&evidence), Some(at(&dearer)));
    let judged = Judgement::of(&one);
    assert!(judged.tone > Tone::Good, "{:?}", judged.reasons);
    // Prices at which there are no figures are a reason too.
    let mut refused = at(&own);
    refused.prices.refused.insert("BTC".into(), "halted".into());
    one.second = Some(refused);
    let reasons = Judgement::of(&one).reasons;
    assert!(reasons.iter().any(|why| why.starts_with("not known: ")), "{reasons:?}");
}

#[test]
fn what_was_to_be_read_and_was_not_is_not_green() {
    let findings = solvent();
    let evidence = all_known(&findings);
    let mut one = subject(&findings, KNOWN);
    one.evidence = Some(&evidence);
    one.unread.push("the evidence beside 0.json: it is not JSON".to_owned());
    let Judgement { tone, reasons, holds, .. } = Judgement::of(&one);
    assert_eq!((tone, holds), (Tone::Warn, true));
    assert!(reasons[0].ends_with("was read: the evidence beside 0.json: it is not JSON"));
    assert!(html(&one).contains("the evidence beside 0.json"));
}

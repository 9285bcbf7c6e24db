//! Made-up venues: what counts, by whose word, and what comes of it.

use pacioli_attestation::By;

use super::world::{Made, limits, run, venue};
use crate::contagion::Limits;

/// `purpose: claim` on a venue.
fn on_alpha() -> &'static str {
    r#""custodian": "Alpha", "purpose": "claim""#
}

fn on_beta() -> &'static str {
    r#""custodian": "Beta", "purpose": "claim""#
}

/// Alpha lacks 12 of 100; Beta has 50 at Alpha; Gamma 20 at Beta.
fn three() -> Vec<Made> {
    vec![
        venue("Alpha", 100, &[("USDC 88 bank a", "")]),
        venue("Beta", 95, &[("USDC 50 bank b", ""), ("USDC 50 venue beta-at-alpha", on_alpha())]),
        venue("Gamma", 110, &[("USDC 100 bank c", ""), ("USDC 20 venue gamma-at-beta", on_beta())]),
    ]
}

fn by_word() -> Limits {
    Limits { count_word: true, ..limits() }
}

#[test]
fn a_failure_goes_on_along_the_claims() {
    let made = three();
    let found = run(&made, &[], &by_word()).unwrap();
    assert!(!found.holds);
    assert_eq!((found.by, found.rings.len()), (By::Publisher, 0));
    let said = |n: usize| {
        let venue = &found.venues[n];
        let amounts = [&venue.outside, &venue.claims, &venue.recovered, &venue.owed, &venue.pays];
        let mut said: Vec<String> = amounts.iter().map(ToString::to_string).collect();
        said.push(venue.recovery_percent.to_string());
        said.join(" ")
    };
    assert_eq!(said(0), "88 0 0 100 88 88");
    assert_eq!(said(1), "50 50 44 95 94 98.94", "rounded down");
    assert_eq!(said(2), "100 20 19.7894736842105263 110 110 100");
    let failures: Vec<_> = found
        .failures
        .iter()
        .map(|failure| (failure.round, failure.venue.as_str(), failure.short.to_string()))
        .collect();
    assert_eq!(failures, [(1, "Alpha", "12".to_owned()), (2, "Beta", "1".to_owned())]);
    let loss = &found.failures[1].loses_by[0];
    let said = (loss.on.as_str(), loss.claim.to_string(), loss.recovered.to_string());
    assert_eq!(said, ("Alpha", "50".to_owned(), "44".to_owned()));
}

#[test]
fn the_order_of_files_and_statements_does_not_matter() {
    let made = three();
    let shown =
        [made[0].shows("beta-at-alpha", [50, 50]), made[1].shows("gamma-at-beta", [20, 20])];
    let found = run(&made, &shown, &limits()).unwrap();
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let other = order.map(|n| made[n].clone());
        let back = [shown[1].clone(), shown[0].clone()];
        assert_eq!(run(&other, &back, &limits()).unwrap(), found);
    }
}

#[test]
fn a_claim_by_word_counts_only_if_it_is_asked_for() {
    let solvent = |more: &[(&str, &str)]| {
        let entries = [&[("USDC 50 bank b", "")], more].concat();
        vec![venue("Alpha", 100, &[("USDC 100 bank a", "")]), venue("Beta", 95, &entries)]
    };
    let made = solvent(&[("USDC 50 venue beta-at-alpha", on_alpha())]);
    let found = run(&made, &[], &limits()).unwrap();
    assert!(!found.holds, "a word backs nothing");
    assert_eq!((found.claims[0].by, found.claims[0].counts), (By::Publisher, false));
    assert_eq!(found.venues[1].claims.to_string(), "0");
    let found = run(&made, &[], &by_word()).unwrap();
    assert!(found.holds);
    assert_eq!((found.venues[1].claims_by, found.by), (By::Publisher, By::Publisher));
    // What a statement says takes the place of the word, whichever is more.
    for (mark, holds) in [(50, true), (45, true), (44, false), (99, true)] {
        let shown = [made[0].shows("beta-at-alpha", [mark, 0])];
        let found = run(&made, &shown, &limits()).unwrap();
        assert_eq!((found.holds, found.claims[0].by), (holds, By::Proved), "{mark}");
        assert_eq!(found.claims[0].worth.to_string(), mark.to_string());
        // In the scenario asked about, and no other.
        let crash = Limits { scenario: "crash".to_owned(), ..limits() };
        assert!(!run(&made, &shown, &crash).unwrap().holds);
    }
    // A pledged account counts nothing, by word or statement.
    let pledged = [on_alpha(), r#", "encumbrance": "pledged to a bank""#].concat();
    let made = solvent(&[("USDC 50 venue beta-at-alpha", &pledged)]);
    let shown = [made[0].shows("beta-at-alpha", [50, 50])];
    let found = run(&made, &shown, &by_word()).unwrap();
    assert!(!found.holds && found.claims[0].pledged && !found.claims[0].counts);
}

#[test]
fn an_account_counts_once_in_however_many_entries() {
    let entries = [
        ("USDC 1 venue beta-at-alpha", on_alpha()),
        ("BTC 1 exchange beta-at-alpha", on_alpha()),
        ("BTC 1 venue BETA-at-alpha", on_alpha()),
    ];
    let made = [venue("Alpha", 100, &[("USDC 100 bank a", "")]), venue("Beta", 60, &entries)];
    let shown = [made[0].shows("beta-at-alpha", [40, 40])];
    let found = run(&made, &shown, &limits()).unwrap();
    assert_eq!((found.holds, found.claims.len()), (false, 1));
    assert_eq!(found.venues[1].claims.to_string(), "40");
}

#[test]
fn a_custodian_that_is_one_of_the_venues_makes_a_claim_of_any_reserve() {
    // Whatever the purpose says; and the venue that holds it may show the address.
    let custody = r#""custodian": "Alpha""#;
    let made = [
        venue("Alpha", 300, &[("BTC 3 bitcoin cold", "")]),
        venue("Beta", 100, &[("BTC 1 bitcoin cold", custody)]),
    ];
    let found = run(&made, &[], &limits()).unwrap();
    assert_eq!(found.venues[1].outside.to_string(), "0");
    assert!(!found.holds);
    assert!(run(&made, &[], &by_word()).unwrap().holds);
    // Itself is nobody else, and a bank is no venue.
    for custodian in [r#""custodian": "Beta""#, r#""custodian": "a bank""#] {
        let made = [made[0].clone(), venue("Beta", 100, &[("BTC 1 bitcoin own", custodian)])];
        assert!(run(&made, &[], &limits()).unwrap().holds);
    }
    // A claim on a venue that is not given backs nothing, and is named.
    let elsewhere = r#""custodian": "Delta", "purpose": "claim""#;
    let made = [made[0].clone(), venue("Beta", 100, &[("BTC 1 venue account", elsewhere)])];
    let found = run(&made, &[], &by_word()).unwrap();
    assert_eq!((found.holds, &found.venues[1].claims_elsewhere[..]), (false, &[0][..]));
}

#[test]
fn both_purposes_back_what_is_owed_in_the_scenario_asked_about() {
    let fund = r#""purpose": "insurance""#;
    let reserves = [("BTC 1 bitcoin vault", ""), ("USDC 20 bank fund", fund)];
    let made = [
        venue("Alpha", 0, &reserves).with(|venue| venue.owed = [120, 71]),
        venue("Beta", 5, &[("USDC 5 bank b", "")]),
    ];
    assert!(run(&made, &[], &limits()).unwrap().holds);
    let crash = Limits { scenario: "crash".to_owned(), ..limits() };
    let found = run(&made, &[], &crash).unwrap();
    assert_eq!((found.holds, found.venues[0].outside.to_string()), (false, "70".to_owned()));
}

#[test]
fn a_ring_of_claims_never_holds() {
    let made = [
        venue("Alpha", 100, &[("USDC 100 venue alpha-at-beta", on_beta())]),
        venue("Beta", 100, &[("USDC 100 venue beta-at-alpha", on_alpha())]),
        venue("Gamma", 5, &[("USDC 5 bank c", "")]),
    ];
    let shown =
        [made[0].shows("beta-at-alpha", [100, 100]), made[1].shows("alpha-at-beta", [100, 100])];
    let found = run(&made, &shown, &by_word()).unwrap();
    assert!(!found.holds);
    assert_eq!(found.rings, [["Alpha", "Beta"]]);
    let pays =
        |n: usize| [&found.venues[n].pays, &found.venues[n].pays_at_most].map(|a| a.to_string());
    assert_eq!(pays(0), ["0", "100"]);
    assert_eq!(found.failures.len(), 2);
}

#[test]
fn a_claim_by_word_is_worth_the_lesser_of_both_venues_values() {
    // Alpha's prices are 1 % lower; and what Alpha's book does not know, it does not owe.
    let cheap =
        |made: Made| made.with(|venue| venue.prices = r#"{ "BTC": "99.5", "USDC": "1" }"#.into());
    let alpha = || venue("Alpha", 500, &[("BTC 6 bitcoin vault", "")]);
    let beta = venue("Beta", 10, &[("BTC 1 venue beta-at-alpha", on_alpha())]);
    let claim = |alpha: Made, beta: Made| {
        run(&[alpha, beta], &[], &by_word()).unwrap().claims[0].worth.to_string()
    };
    assert_eq!(claim(cheap(alpha()), beta.clone()), "99.5");
    assert_eq!(claim(alpha(), cheap(beta.clone())), "99.5");
    let no_btc = alpha().with(|venue| venue.prices = r#"{ "USDC": "1" }"#.into());
    let no_btc = no_btc.with(|venue| venue.reserves[0].0 = "USDC 600 bank a".to_owned());
    assert_eq!(claim(no_btc, beta), "0");
}

#[test]
fn what_was_left_out_of_a_book_is_said() {
    let findings: Vec<_> = three().iter().map(Made::findings).collect();
    let mut findings = findings;
    findings[0].attestation.header.accounts_left_out = 3;
    let venues: Vec<_> = findings
        .iter()
        .map(|findings| crate::contagion::Venue { file: "a file", findings })
        .collect();
    let found = crate::contagion::contagion(&venues, &[], &limits()).unwrap();
    assert_eq!(found.venues[0].accounts_left_out, 3);
}

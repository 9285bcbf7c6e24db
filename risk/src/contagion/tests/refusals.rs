//! What is not put in one network, each by name.

use super::world::{Made, RULES, limits, run, venue};
use crate::contagion::{ContagionError, Limits, Shown};

fn on(venue: &str) -> String {
    format!(r#""custodian": "{venue}", "purpose": "claim""#)
}

fn two() -> [Made; 2] {
    [
        venue("Alpha", 100, &[("USDC 100 bank a", ""), ("BTC 1 bitcoin vault-a", "")]),
        venue("Beta", 100, &[("USDC 100 bank b", "")]),
    ]
}

#[track_caller]
fn refused(made: &[Made], shown: &[Shown], limits: &Limits) -> ContagionError {
    run(made, shown, limits).unwrap_err()
}

/// Refuses Alpha beside a changed Beta.
#[track_caller]
fn beside(change: impl FnOnce(&mut Made), expected: &str) {
    let [alpha, beta] = two();
    let crash = Limits { scenario: "crash".to_owned(), ..limits() };
    let error = refused(&[alpha, beta.with(change)], &[], &crash);
    assert_eq!(error.to_string(), expected);
    assert!(!error.is_refused(), "these are other files than were meant");
}

#[test]
fn one_scenario_has_the_same_moves_and_not_only_the_same_name() {
    let rules = |from: &'static str, to: &'static str| {
        assert!(RULES.contains(from), "{from}");
        move |venue: &mut Made| venue.rules = RULES.replace(from, to)
    };
    let pair = "alpha.json and beta.json cannot be read together:";
    let differs = |what: &str, one: &str, other: &str| {
        format!("{pair} {what} is {one} in the first and {other} in the second")
    };
    let expected = differs("the move of BTC of `crash`", "-0.5", "-0.4");
    beside(rules(r#"BTC = "-0.5""#, r#"BTC = "-0.4""#), &expected);
    // Left out, it is the default.
    let expected = differs("the move of BTC of `crash`", "-0.5", "-0.6");
    beside(rules(r#"moves = { BTC = "-0.5" }"#, ""), &expected);
    let expected = differs("the default move of `crash`", "-0.6", "-0.601");
    beside(rules(r#""-0.6""#, r#""-0.601""#), &expected);
    // The same number in another spelling, and moves of what only one of them has a price of.
    let [alpha, beta] = two();
    let crash = Limits { scenario: "crash".to_owned(), ..limits() };
    let spelt = beta.clone().with(rules(r#""-0.5""#, r#""-0.50""#));
    assert!(run(&[alpha.clone(), spelt], &[], &crash).is_ok());
    let doge = "[assets.DOGE]\ndecimals = 2\n[assets.USDC]";
    let more = RULES.replace("{ BTC", r#"{ DOGE = "-0.9", BTC"#).replace("[assets.USDC]", doge);
    let more = beta.with(|venue| venue.rules = more);
    assert!(run(&[alpha, more], &[], &crash).is_ok());
    // What is not shocked in one of them is worth another amount there, whatever the moves say.
    let expected = "alpha.json and beta.json cannot be read together: what USDC is worth in `crash` \
                    is 1 in the first and 0.4 in the second, which lie further apart than 0.01";
    beside(rules("shocked = false\n", ""), expected);
    // A scenario that is not there, or of a kind that reserves are not valued in.
    let expected = "beta.json: the rules have no scenario `crash` that reserves are valued in (`mark` \
                    or a stress) (did you mean `Crash`?)";
    beside(rules("\"crash\"", "\"Crash\""), expected);
}

#[test]
fn quote_prices_and_times_are_about_the_same() {
    let pair = "alpha.json and beta.json cannot be read together:";
    let [alpha, beta] = two();
    let other = |made: &Made| {
        let mut findings = made.findings();
        findings.compiled.quote = "EUR".to_owned();
        findings
    };
    let findings = [alpha.findings(), other(&beta)];
    let venues = [("alpha.json", &findings[0]), ("beta.json", &findings[1])]
        .map(|(file, findings)| crate::contagion::Venue { file, findings });
    let error = crate::contagion::contagion(&venues, &[], &limits()).unwrap_err();
    let said = format!("{pair} the quote currency is USD in the first and EUR in the second");
    assert_eq!(error.to_string(), said);

    let prices = |text: &'static str| move |venue: &mut Made| venue.prices = text.to_owned();
    let expected = format!(
        "{pair} the price of BTC is 100 in the first and 101.1 in the second, which lie further apart \
         than 0.01"
    );
    beside(prices(r#"{ "BTC": "101.1", "USDC": "1" }"#), &expected);
    let zero = expected.replace("101.1", "0");
    beside(prices(r#"{ "BTC": "0", "USDC": "1" }"#), &zero);
    let [alpha, beta] = two();
    let near = beta.clone().with(prices(r#"{ "BTC": "101", "USDC": "1" }"#));
    assert!(run(&[alpha.clone(), near], &[], &limits()).is_ok(), "the band itself is near enough");

    let expected = format!(
        "{pair} a snapshot of 2026-01-01T00:00:00Z and a snapshot of 2026-01-01T01:00:01Z lie further \
         apart than 1h"
    );
    beside(|venue| venue.as_of = "2026-01-01T01:00:01Z".to_owned(), &expected);
    let near = beta.with(|venue| venue.as_of = "2026-01-01T01:00:00Z".to_owned());
    assert!(run(&[alpha, near], &[], &limits()).is_ok());
}

#[test]
fn one_venue_is_given_once() {
    let [alpha, beta] = two();
    assert_eq!(refused(std::slice::from_ref(&alpha), &[], &limits()), ContagionError::One);
    for name in ["Alpha", "alpha", "AL PHA"] {
        let again = beta.clone().with(|venue| venue.name = name.to_owned());
        let error = refused(&[alpha.clone(), again], &[], &limits()).to_string();
        assert!(error.contains("are both of the venue") && error.contains("Alpha"), "{error}");
    }
    let many: Vec<Made> = (0..33).map(|n| venue(&format!("V{n}"), 1, &[])).collect();
    assert_eq!(refused(&many, &[], &limits()), ContagionError::Many(33));
}

#[test]
fn a_custodian_that_is_nearly_a_venue_is_asked_about() {
    let custody = |name: &str| {
        let [alpha, _] = two();
        let custodian = format!(r#""custodian": "{name}""#);
        [alpha, venue("Beta", 100, &[("BTC 1 bitcoin vault-b", &custodian)])]
    };
    for near in ["alpha", "ALPHA ", "Alhpa", "Alpha Exchange"] {
        let error = refused(&custody(near), &[], &limits());
        let expected = format!(
            "beta.json: reserves[0]: the custodian `{near}` is none of the venues given (did you mean \
             `Alpha`?): if it is another, say so with --outside"
        );
        assert_eq!(error.to_string(), expected);
        let outside = Limits { outside: vec![near.to_owned()], ..limits() };
        assert!(run(&custody(near), &[], &outside).unwrap().holds);
    }
    let itself = [two()[0].clone(), venue("Beta", 5, &[("BTC 1 venue account", &on("Beta"))])];
    let error = refused(&itself, &[], &limits());
    let expected = "beta.json: reserves[0]: a claim of `Beta` on itself backs nothing";
    assert_eq!((error.to_string().as_str(), error.is_refused()), (expected, true));
}

#[test]
fn one_address_is_not_two_venues() {
    let long = "0xAbCdEf0123456789abcdef0123456789ABCDEF01";
    for (one, other) in [
        ("USDC 100 bank a".to_owned(), "BTC 9 Bank A".to_owned()),
        (format!("BTC 1 ethereum {long}"), format!("USDC 1 eip155:1 {}", long.to_lowercase())),
    ] {
        let made = [
            venue("Alpha", 100, &[(&one, "")]),
            venue("Beta", 100, &[("USDC 1 bank b", ""), (&other, "")]),
        ];
        let error = refused(&made, &[], &limits());
        let said = error.to_string();
        let start = "alpha.json: reserves[0] and beta.json: reserves[1] show the same address, `";
        assert!(said.starts_with(start), "{said}");
        assert!(error.is_refused());
    }
    // The custodian of both may show it, but not a third.
    let custody = r#""custodian": "Alpha""#;
    let claim = |name: &str| venue(name, 1, &[("BTC 1 bitcoin cold", custody)]);
    let alpha = venue("Alpha", 300, &[("BTC 3 bitcoin cold", "")]);
    assert!(run(&[alpha.clone(), claim("Beta"), claim("Gamma")], &[], &limits()).is_err(), "E6");
    assert!(run(&[alpha.clone(), claim("Beta")], &[], &limits()).is_ok());
    // Nor is one address in the custody of two; an account's id may be one at two venues.
    let at = |address: &str, custodian: &str| {
        let custodian = format!(r#""custodian": "{custodian}""#);
        venue(
            if custodian.contains("Alpha") { "Beta" } else { "Gamma" },
            1,
            &[(address, &custodian)],
        )
    };
    let delta = || venue("Delta", 300, &[("BTC 3 bitcoin delta", "")]);
    let both = |address: &str| [alpha.clone(), at(address, "Alpha"), at(address, "Delta"), delta()];
    assert!(run(&both("BTC 1 venue mm-1"), &[], &limits()).is_ok());
    let error = refused(&both(&format!("BTC 1 ethereum {long}")), &[], &limits());
    assert!(matches!(error, ContagionError::Address { .. }), "{error}");
    let third = venue("Gamma", 1, &[("BTC 1 bitcoin cold", "")]);
    let error = refused(&[alpha, claim("Beta"), third], &[], &limits());
    assert!(matches!(error, ContagionError::Address { .. }), "{error}");
}

#[test]
fn one_account_is_not_two_venues() {
    let claim = |name: &str, account: &str| {
        venue(name, 1, &[(&format!("USDC 1 venue {account}"), &on("Alpha"))])
    };
    let made = [two()[0].clone(), claim("Beta", "mm-1"), claim("Gamma", "MM-1")];
    let shown = [made[0].shows("mm-1", [5, 5])];
    let error = refused(&made, &shown, &limits());
    assert_eq!(
        error.to_string(),
        "beta.json: reserves[0] and gamma.json: reserves[0] show the same account at `Alpha`, `MM-1`: \
         what it is owed counts once, and nobody can say for whom"
    );
    assert!(error.is_refused());
    // A statement twice, and one that nobody's reserve is about.
    let made = [two()[0].clone(), claim("Beta", "mm-1")];
    let error = refused(&made, &[shown[0].clone(), shown[0].clone()], &limits());
    assert!(matches!(error, ContagionError::Statements { .. }), "{error}");
    let error = refused(&made, &[made[0].shows("MM-1", [5, 5])], &limits());
    let said = "MM-1.json: no reserve of another venue is a claim on `Alpha` under the account `MM-1` \
                (did you mean `mm-1`?)";
    assert_eq!(error.to_string(), said);
    let error = refused(&made, &[made[1].shows("mm-1", [5, 5])], &limits());
    assert!(matches!(error, ContagionError::Unclaimed { .. }), "of another venue's book: {error}");
}

#[test]
fn no_more_is_claimed_of_a_venue_than_it_owes() {
    let claim = |name: &str, amount: &str| {
        venue(name, 1, &[(&format!("USDC {amount} venue {name}"), &on("Alpha"))])
    };
    let made = |more: &str| [two()[0].clone(), claim("Beta", "60"), claim("Gamma", more)];
    assert!(run(&made("40"), &[], &limits()).is_ok());
    let shown = [two()[0].shows("Beta", [60, 60])];
    // Whether the word counts or not.
    let error = refused(&made("41"), &shown, &limits());
    assert_eq!(
        error.to_string(),
        "more is claimed of `Alpha` in `mark` than its book owes there, 100 USD: `Beta` 60 (P), `Gamma` \
         41 (W)"
    );
    assert!(error.is_refused());
}

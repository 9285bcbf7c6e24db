//! What `reprice` says of one attestation at other prices, and how it ends.

use std::fs;

use serde_json::{Value, json};

use crate::venue::{Run, Venue, proved};

const NOW: [&str; 2] = ["--now", "2026-01-02T01:00:00Z"];

/// A folder with the attestation, and prices of BTC, ETH and USDC in `other.json`.
fn at(btc: &str, eth: &str, usdc: &str) -> Venue {
    let venue = Venue::new();
    fs::copy(proved().path("first/attestation.json"), venue.path("attestation.json")).unwrap();
    venue.write(
        "other.json",
        json!({
            "as_of": "2026-01-02T00:00:00Z", "quote": "USD", "method": "made up",
            "prices": { "BTC": btc, "ETH": eth, "USDC": usdc }
        })
        .to_string(),
    );
    venue
}

fn reprice(venue: &Venue, more: &[&str]) -> Run {
    let args = ["reprice", "attestation.json", "--accept-insecure-setup"];
    venue.run(&[&args[..], &NOW, more].concat())
}

fn at_other(venue: &Venue, more: &[&str]) -> Run {
    reprice(venue, &[&["--prices", "other.json"], more].concat())
}

#[test]
fn at_its_own_prices_an_attestation_says_what_verify_says() {
    let venue = at("1", "1", "1");
    let run = reprice(&venue, &[]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    let verdict = "HOLDS, UNDER AN INSECURE SETUP: the proofs verify, and at these prices all 4 \
                   clauses of the venue's\nown policy hold for certain\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    let [own, verified] =
        [reprice(&venue, &["--json"]), proved().verify("first", &["--json"])].map(|run| run.json());
    for (at, scenario) in ["mark", "crash"].into_iter().enumerate() {
        let (bound, proved) = (&own["scenarios"][at], &verified["figures"]["scenarios"][at]);
        assert_eq!((&bound["scenario"], &bound["as_proved"]), (&scenario.into(), &true.into()));
        assert_eq!(bound["owed_at_most"], proved["owed"]);
        assert_eq!(bound["bad_debt_at_most"], proved["bad_debt"]);
    }
    for (own, proved) in
        own["policy"].as_array().unwrap().iter().zip(verified["policy"].as_array().unwrap())
    {
        assert_eq!((&own["name"], &own["detail"]), (&proved["name"], &proved["detail"]));
        assert_eq!(own["standing"], "holds");
    }
}

// 275,000 USD is owed at 90,000 USD a BTC, and the chord to the crash is 1,000 above that.
#[test]
fn between_two_proved_prices_the_bound_is_the_chord() {
    let venue = at("90000", "4000", "1");
    let run = at_other(&venue, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (2, ""));
    let verdict = "UNKNOWN: the proofs verify, and at these prices of 4 clauses of the venue's own \
                   policy 2 hold for\ncertain, 2 may hold or not: min_coverage, bad_debt.crash\n";
    assert!(run.stdout.starts_with(verdict), "{}", run.stdout);
    assert!(run.stdout.contains("1 d 0 h after the proof, from other.json"), "{}", run.stdout);
    assert!(run.stdout.contains("3 prices, from BTC -10 % to USDC +0 %"), "{}", run.stdout);
    let json = at_other(&venue, &["--json"]);
    assert_eq!(json.code, 2);
    let json = json.json();
    assert_eq!(json["holds"], Value::Null);
    let mark = &json["scenarios"][0];
    assert_eq!(mark["owed_at_least"], "275000");
    assert_eq!(
        (&mark["owed_at_most"], &mark["bad_debt_at_most"]),
        (&"276000".into(), &"1000".into())
    );
    assert_eq!(
        (&mark["reserves"], &mark["coverage_at_least"]),
        (&"275000".into(), &"0.9963".into())
    );
    assert_eq!(
        json["certificates"]["mark"],
        json!({ "crash": "0.200000000", "mark": "0.800000000" })
    );
}

#[test]
fn where_only_what_nobody_holds_has_moved_everything_is_certain() {
    let venue = at("100000", "5000", "1");
    let json = at_other(&venue, &["--json"]);
    assert_eq!(json.code, 0, "{}", json.stdout);
    assert_eq!(json.json()["holds"], true);
}

#[test]
fn a_readers_policy_is_held_to_the_bounds() {
    let venue = at("90000", "4000", "1");
    let run = at_other(&venue, &["--require", "min_coverage=0.99,max_age=25h,bad_debt.mark=1000"]);
    assert_eq!(run.code, 2);
    let (_, yours) = run.stdout.split_once("\nyour policy at these prices\n").unwrap();
    assert!(yours.starts_with("  W  holds        min_coverage: "), "{yours}");
    assert!(
        yours.contains("\n  P  holds        bad_debt.mark: bad debt is from 0 to 1,000"),
        "{yours}"
    );
    assert!(yours.contains("\n  W  holds        max_age, at any prices: "), "{yours}");
    let run = at_other(&venue, &["--require", "min_coverage=1.001"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("DOES NOT HOLD: "), "{}", run.stdout);
    assert!(
        run.stdout.replace('\n', " ").contains("0 hold for certain, 1 cannot hold: min_coverage")
    );
    let run = at_other(&venue, &["--require", "max_age=24h", "--json"]);
    assert_eq!((run.code, &run.json()["your_policy"][0]["rests_on"]), (1, &"any_price".into()));
}

#[test]
fn certificates_are_checked_by_whoever_has_them() {
    let venue = at("90000", "4000", "1");
    let found = at_other(&venue, &["--json"]).json();
    venue.write("certificates.json", found["certificates"].to_string());
    let given = ["--certificates", "certificates.json", "--json"];
    let checked = at_other(&venue, &given).json();
    assert_eq!(checked["scenarios"], found["scenarios"]);
    assert_eq!(checked["certificates_given"], true);
    // None at all shows that nobody owes more than everything.
    venue.write("certificates.json", "{}");
    let poor = at_other(&venue, &given);
    assert_eq!((poor.code, &poor.json()["scenarios"][0]["owed_at_least"]), (2, &"275000".into()));
    let refused = |text: &str, why: &str| {
        venue.write("certificates.json", text);
        let run = at_other(&venue, &given[..2]);
        assert!(run.refusal(2).contains(why), "{}", run.stderr);
    };
    refused("[]", "certificates.json");
    refused(r#"{"mark": {"crush": "1"}}"#, "the scenario `crush`, which the proof does not have");
    refused(r#"{"crush": {"mark": "1"}}"#, "`crush`, which is neither mark nor a stress");
    refused(r#"{"mark": {"mark": "1", "mark": "2"}}"#, "mark");
    refused(r#"{"mark": {"mark": "1"}, "mark": {}}"#, "mark");
    for multiplier in ["-1", "1000000.1", "0.0000000001"] {
        refused(&format!(r#"{{"mark": {{"mark": "{multiplier}"}}}}"#), multiplier);
    }
    refused(r#"{"mark": {"mark": 1}}"#, "a decimal number in quotes");
}

#[test]
fn prices_that_say_too_little_are_refused() {
    let venue = at("90000", "4000", "1");
    let other = venue.read("other.json");
    let refused = |from: &str, to: &str, why: &str| {
        venue.write("other.json", other.replace(from, to));
        let run = at_other(&venue, &[]);
        assert!(run.refusal(2).contains(why), "{}", run.stderr);
    };
    refused(r#""quote":"USD""#, r#""quote":"EUR""#, "other.json: ");
    refused(
        r#","USDC":"1""#,
        "",
        "the book holds `deposit USDC`, for which the other prices have none",
    );
    refused("90000", "-1", "other.json");
    // The reader's own sources gave none that could be used.
    for name in ["USDC", "usdc"] {
        let to = format!(r#"}},"refused":{{"{name}":"stale"}}"#);
        refused(r#","USDC":"1"}"#, &to, &format!("refused.{name}: the other prices say"));
    }
    venue.write("other.json", venue.read("reserves.json"));
    assert!(at_other(&venue, &[]).refusal(2).contains("other.json: "));
}

#[test]
fn a_sweep_shows_bounds_beside_what_was_proved() {
    let venue = at("90000", "4000", "1");
    let json = reprice(&venue, &["--sweep", "BTC", "--svg", "sweep.svg", "--json"]).json();
    let points = json["sweep"]["points"].as_array().unwrap();
    assert_eq!((json["sweep"]["asset"].as_str(), points.len()), (Some("BTC"), 101));
    let point = |by: &str| points.iter().find(|point| point["move"] == by).unwrap();
    // At -10 % the same as above.
    assert_eq!(point("-0.100")["bad_debt_at_most"], "1000");
    assert_eq!(point("0.000")["proved"]["scenario"], "mark");
    assert_eq!(point("0.000")["bad_debt_at_most"], "0");
    let svg = venue.read("sweep.svg");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert_eq!(svg.matches("<circle").count(), 2, "a point and its legend");
    let run = reprice(&venue, &["--sweep"]);
    assert!(run.stdout.contains("\nmoves of all shocked assets from these prices, in USD\n"));
    // From other prices nothing was proved.
    let json = at_other(&venue, &["--sweep", "--json"]).json();
    let points = json["sweep"]["points"].as_array().unwrap();
    assert!(points.iter().all(|point| point["proved"].is_null()));
    let run = reprice(&venue, &["--sweep", "DOGE"]);
    assert_eq!(run.refusal(2), "a move of `DOGE` changes nothing in the book");
}

#[test]
fn what_does_not_verify_has_no_figures_at_other_prices() {
    let venue = at("90000", "4000", "1");
    let text = venue.read("attestation.json").replace("\"accounts\": 4,", "\"accounts\": 5,");
    venue.write("attestation.json", text);
    let refusal = "volume 0: the proof does not hold for these public inputs";
    assert_eq!(at_other(&venue, &[]).refusal(1), refusal);
}

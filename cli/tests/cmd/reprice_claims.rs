//! What `reprice` must not say, because it is not so or nobody knows.

use serde_json::{Value, json};

use crate::venue::{Run, Venue};

const RULES: &str = r#"
name = "test venue"
source = "made up"
date = "2026-01-01"
exactness = "exact"
cover = false
quote = "USD"
value_decimals = 12

[[scenarios]]
name = "mark"
kind = "mark"

[[scenarios]]
name = "maintenance"
kind = "margin"
margin = "maintenance"

[[scenarios]]
name = "crash"
kind = "stress"
default_move = "-0.5"

[assets.USDC]
decimals = 6
shocked = false
maintenance = "1"

[assets.BTC]
decimals = 8
maintenance = "0.9"

[policy]
POLICY
"#;

const BOOK: &str = "account,instrument,quantity
ann,deposit BTC,2
ann,borrow USDC,50000
";

fn rules(policy: &str) -> String {
    RULES.replace("POLICY", policy)
}

fn prices(prices: Value) -> String {
    json!({ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up", "prices": prices })
        .to_string()
}

fn reserve(asset: &str, amount: &str) -> Value {
    json!({
        "asset": asset, "amount": amount, "chain": "a chain", "address": "vault",
        "evidence": "made up", "purpose": "customers"
    })
}

fn reserves(list: &[Value]) -> String {
    json!({ "as_of": "2026-01-01T00:00:00Z", "reserves": list }).to_string()
}

/// A venue with these files, proved into `out`.
fn venue(rules: &str, book: &str, own: Value, held: &[Value]) -> Venue {
    let venue = Venue::new();
    venue.write("rules.toml", rules);
    venue.write("book.csv", book);
    venue.write("prices.json", prices(own));
    venue.write("reserves.json", reserves(held));
    let run = venue.prove("out", &[]);
    assert!(run.code < 2 && !run.stderr.contains("error"), "{}", run.stderr);
    venue
}

fn reprice(venue: &Venue, more: &[&str]) -> Run {
    let args = ["reprice", "out/attestation.json", "--accept-insecure-setup"];
    venue.run(&[&args[..], &["--now", "2026-01-02T01:00:00Z"], more].concat())
}

fn at(venue: &Venue, other: Value, more: &[&str]) -> Run {
    venue.write("other.json", prices(other));
    reprice(venue, &[&["--prices", "other.json"], more].concat())
}

// At 1,000 USD a BTC the one account lacks 48,000 USD at mark for certain, so it lacks more in
// `maintenance`, which allows nothing. Said: HOLDS for certain, exit 0, `holds: true`.
#[test]
fn a_margin_clause_that_is_certainly_broken_does_not_hold_for_certain() {
    let rules = rules("bad_debt = { maintenance = \"0\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[reserve("BTC", "2")]);
    let run = at(&venue, json!({"BTC": "1000", "USDC": "1"}), &["--json"]);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["scenarios"][0]["bad_debt_at_least"], "48000");
    assert_eq!(json["policy"][0]["standing"], "cannot_hold");
    assert_eq!((run.code, &json["holds"]), (1, &false.into()), "{}", json["verdict"]);
}

// The same figure at other prices that are near: no margin figure is known there, and the first line
// says `for certain`.
#[test]
fn what_is_as_of_the_proof_is_not_said_to_hold_for_certain_at_these_prices() {
    let rules = rules("bad_debt = { maintenance = \"0\", mark = \"100000\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[reserve("BTC", "2")]);
    let run = at(&venue, json!({"BTC": "27000", "USDC": "1"}), &[]);
    // Worth 4,000 at mark, and 48,600 less 50,000 in maintenance: the clause is broken.
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("1 held in the proof: bad_debt.maintenance"), "{}", run.stdout);
    let run = at(&venue, json!({"BTC": "27000", "USDC": "1"}), &["--accept-margins-of-proof"]);
    assert_eq!(run.code, 0);
    let word = "HOLDS, UNDER AN INSECURE SETUP, MARGINS AS OF THE PROOF: ";
    assert!(run.stdout.starts_with(word), "{}", run.stdout);
    // At the prices of the proof, its margins are those of now.
    assert_eq!(reprice(&venue, &[]).code, 0);
    assert_eq!(at(&venue, json!({"BTC": "100000", "USDC": "1"}), &[]).code, 0);
}

// Nothing moved. The reserves are 100 ETH, which nobody holds in the book, and the other prices
// leave ETH out. Said: CANNOT HOLD, exit 1.
#[test]
fn reserves_that_the_other_prices_say_nothing_of_are_not_known_to_be_worth_nothing() {
    let rules = rules("min_coverage = \"1\"")
        .replace("[assets.BTC]", "[assets.ETH]\ndecimals = 8\nmaintenance = \"0.9\"\n[assets.BTC]");
    let own = json!({"BTC": "100000", "ETH": "4000", "USDC": "1"});
    let venue = venue(&rules, BOOK, own, &[reserve("ETH", "100")]);
    assert_eq!(venue.verify("out", &[]).code, 0);
    let run = at(&venue, json!({"BTC": "100000", "USDC": "1"}), &[]);
    let refusal = "at the prices of other.json: there are reserves of `ETH`, for which the other prices \
                   have none";
    assert_eq!(run.refusal(2), refusal);
}

// Nothing moved that the book can hold; the other prices name one asset more, a coin of the venue's
// own that the proof has no price of and counts nothing for. `verify`: does not hold. Said: HOLDS.
#[test]
fn reserves_that_the_proof_counts_nothing_for_do_not_make_a_clause_hold() {
    let rules = rules("min_coverage = \"1\"").replace(
        "[assets.BTC]",
        "[asset_default]\ndecimals = 8\nmaintenance = \"0\"\n[assets.BTC]",
    );
    let own = json!({"BTC": "100000", "USDC": "1"});
    let venue = venue(&rules, BOOK, own, &[reserve("VENUECOIN", "1000000000")]);
    assert_eq!(venue.verify("out", &[]).code, 1);
    let run = at(&venue, json!({"BTC": "100000", "USDC": "1", "VENUECOIN": "1"}), &[]);
    assert_ne!(run.code, 0, "{}", run.stdout);
}

// A price of one unit of value. 1,000 USD is owed at mark; at -1 % it is 990, and the sweep says
// that 0 is owed at most.
#[test]
fn a_sweep_does_not_round_away_what_is_owed() {
    let rules = rules("bad_debt = { mark = \"0\", crash = \"5000\" }")
        .replace("value_decimals = 12", "value_decimals = 11");
    let book = "account,instrument,quantity\nann,deposit BTC,1000000\n";
    let venue = venue(&rules, book, json!({"BTC": "0.001", "USDC": "1"}), &[reserve("BTC", "1")]);
    let json = reprice(&venue, &["--sweep", "--json"]).json();
    let points = json["sweep"]["points"].as_array().unwrap();
    let moves: Vec<&str> = points.iter().map(|point| point["move"].as_str().unwrap()).collect();
    assert_eq!(moves, ["0.000"], "the moves that change nothing by rounding");
}

// The same in a stress that no clause asks about, at other prices, from a proof where it was fine.
#[test]
fn a_stress_at_other_prices_does_not_round_away_what_is_owed() {
    let rules = rules("bad_debt = { mark = \"0\", crash = \"5000\" }")
        .replace("value_decimals = 12", "value_decimals = 11");
    let book = "account,instrument,quantity\nann,deposit BTC,1000000\n";
    let venue = venue(&rules, book, json!({"BTC": "1", "USDC": "1"}), &[reserve("BTC", "1")]);
    let json = at(&venue, json!({"BTC": "0.001", "USDC": "1"}), &["--json"]).json();
    assert_eq!((&json["too_coarse"], &json["scenarios"][1]), (&json!(["crash"]), &Value::Null));
}

// The venue's own clause and the reader's same clause, at prices that state no open interest (which
// figures at other prices do not need): one holds, the other is UNKNOWN, and `a new proof would` tell.
#[test]
fn a_readers_clause_stands_as_the_venues_own_same_clause() {
    let rules = include_str!("../../../rules/tests/books/open_interest/rules.toml");
    let rules = rules
        .replace("[assets.USDC]", "[[scenarios]]\nname = \"crash\"\nkind = \"stress\"\ndefault_move = \"-0.1\"\n[assets.USDC]")
        .replace("[policy]", "[policy]\ncoverage = { crash = \"1\" }");
    let venue = Venue::new();
    venue.write("rules.toml", rules);
    venue
        .write("prices.json", include_str!("../../../rules/tests/books/open_interest/prices.json"));
    venue.write("book.csv", "account,instrument,quantity\nann,deposit USDC,100\n");
    venue.write("reserves.json", reserves(&[reserve("USDC", "100")]));
    let run = venue.prove("out", &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let mut other: Value = serde_json::from_str(&venue.read("prices.json")).unwrap();
    other.as_object_mut().unwrap().remove("open_interest");
    venue.write("other.json", other.to_string());
    let args = ["--prices", "other.json", "--require", "coverage.crash=1", "--json"];
    let json = reprice(&venue, &args).json();
    let of = |policy: &str| {
        let clauses = json[policy].as_array().unwrap();
        clauses.iter().find(|one| one["name"] == "coverage.crash").unwrap().clone()
    };
    assert_eq!(of("policy")["standing"], of("your_policy")["standing"], "{}", of("your_policy"));
}

// Units too coarse: verify says that it does not hold, reprice at the very same prices that it is
// not known and that a new proof would tell. None would.
#[test]
fn at_its_own_prices_a_readers_clause_is_what_verify_says() {
    let rules =
        rules("bad_debt = { mark = \"0\" }").replace("value_decimals = 12", "value_decimals = 11");
    let book = "account,instrument,quantity\nann,deposit BTC,1000000\n";
    let venue =
        venue(&rules, book, json!({"BTC": "0.001", "USDC": "1"}), &[reserve("BTC", "1000000")]);
    let asked = ["--require", "coverage.crash=1"];
    let verified = venue.verify("out", &asked);
    let run = reprice(&venue, &asked);
    assert!(!run.stdout.contains("and a new proof would"), "{}", run.stdout);
    assert_eq!(run.code, verified.code);
}

// `per_asset` of an asset that had no price: at prices that have one, nothing of it is deposited.
// Said: CANNOT HOLD, at any prices.
#[test]
fn an_asset_without_a_price_in_the_proof_may_have_one() {
    let rules = rules("per_asset = [\"ETH\"]")
        .replace("[assets.BTC]", "[assets.ETH]\ndecimals = 8\nmaintenance = \"0.9\"\n[assets.BTC]");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[reserve("BTC", "2")]);
    let other = json!({"BTC": "100000", "ETH": "4000", "USDC": "1"});
    let run = at(&venue, other, &[]);
    assert!(!run.stdout.contains("CANNOT HOLD"), "{}", run.stdout);
}

// The fund is a class, and the proof has no twin of `crash`: nothing can be said of the fund. Said:
// CANNOT HOLD, which `repricing.md` explains as `it does not, whatever the book is`.
#[test]
fn what_the_proof_has_no_figures_of_is_not_certain() {
    let rules = rules("bad_debt = { mark = \"0\" }\n[classes.insurance]");
    let reserve = [reserve("BTC", "1000")];
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &reserve);
    let other = json!({"BTC": "99000", "USDC": "1"});
    let run = at(&venue, other, &["--require", "bad_debt.crash=insurance"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
}

// `--now`: "after which nothing may be".
#[test]
fn prices_of_the_future_are_refused() {
    let rules = rules("bad_debt = { mark = \"0\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[reserve("BTC", "2")]);
    venue.write(
        "other.json",
        prices(json!({"BTC": "99000", "USDC": "1"})).replace("2026-01-01", "2036-01-01"),
    );
    let run = reprice(&venue, &["--prices", "other.json"]);
    assert_ne!(run.code, 0, "{}", run.stdout);
}

// A market with a price of its own in the proof, which the other prices leave out: the price of
// its underlying stands in, without a word.
#[test]
fn a_market_that_had_its_own_price_does_not_silently_take_another() {
    let rules = rules("bad_debt = { mark = \"100000\" }").replace(
        "[policy]",
        "[markets.BTC-PERP]\nunderlying = \"BTC\"\ndecimals = 4\ntiers = [{ maintenance = \"0.05\" }]\n[policy]",
    );
    let book = "account,instrument,quantity
bob,deposit USDC,20000
bob,long BTC-PERP,1
bob,quote debit,100000
carol,deposit USDC,20000
carol,short BTC-PERP,1
carol,quote credit,100000
";
    let own = json!({"BTC": "100000", "BTC-PERP": "90000", "USDC": "1"});
    let venue = venue(&rules, book, own, &[reserve("USDC", "40000")]);
    let run = at(&venue, json!({"BTC": "100000", "USDC": "1"}), &[]);
    assert!(run.code == 2 || run.stdout.contains("BTC-PERP"), "{}", run.stdout);
}

// What `coverage_at_most` says is less than what coverage is at most.
#[test]
fn coverage_at_most_is_not_too_low() {
    let rules = rules("min_coverage = \"1\"");
    let reserve = [reserve("BTC", "2.00001")];
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &reserve);
    let json = at(&venue, json!({"BTC": "99000", "USDC": "1"}), &["--json"]).json();
    let mark = &json["scenarios"][0];
    let number = |key: &str| mark[key].as_str().unwrap().parse::<f64>().unwrap();
    assert!(number("coverage_at_most") >= number("reserves") / number("owed_at_least"), "{mark}");
}

// `verify` says under HOLDS what no clause asks about, and how many go by the publisher's word;
// `reprice` says HOLDS of the same policy without either.
#[test]
fn holds_is_qualified_as_by_verify() {
    let rules = rules("bad_debt = { mark = \"0\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[]);
    assert!(venue.verify("out", &[]).stdout.contains("none asks about: coverage in mark, crash"));
    let run = at(&venue, json!({"BTC": "99000", "USDC": "1"}), &[]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("none asks about"), "{}", run.stdout);
}

// Hostile text never reaches the terminal.
#[test]
fn names_in_certificates_are_escaped() {
    let rules = rules("bad_debt = { mark = \"0\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[]);
    for text in [
        "{\"mark\": {\"\\u001b[2Jx\\nHOLDS\": \"1\"}}",
        "{\"\\u001b[2Jx\\nHOLDS\": {\"mark\": \"1\"}}",
        "{\"\\u001b[2J\": {}, \"\\u001b[2J\": {}}",
        "{\"mark\": {\"mark\": \"\\u001b[2J\"}}",
    ] {
        venue.write("certificates.json", text);
        let run = reprice(&venue, &["--certificates", "certificates.json"]);
        assert_eq!(run.code, 2);
        assert!(
            !run.stderr.contains('\u{1b}') && !run.stderr.contains("\nHOLDS"),
            "{}",
            run.stderr
        );
    }
}

// Bad debt that rounding makes out of a deposit of 500 USD is said to be certain.
#[test]
fn bad_debt_of_rounding_alone_is_not_certain() {
    let rules =
        rules("bad_debt = { crash = \"5\" }").replace("value_decimals = 12", "value_decimals = 11");
    let book = "account,instrument,quantity\nann,deposit BTC,1000000\nann,borrow USDC,100\n";
    let venue = venue(&rules, book, json!({"BTC": "1", "USDC": "1"}), &[reserve("BTC", "1")]);
    let run = at(&venue, json!({"BTC": "0.001", "USDC": "1"}), &[]);
    assert!(!run.stdout.contains("CANNOT HOLD"), "{}", run.stdout);
}

// What certainly fails is hidden behind UNKNOWN, by prices that leave out what nothing here
// needs.
#[test]
fn what_cannot_hold_is_not_unknown_for_want_of_open_interest() {
    let rules = include_str!("../../../rules/tests/books/open_interest/rules.toml");
    let rules = rules.replace(
        "[assets.USDC]",
        "[[scenarios]]\nname = \"crash\"\nkind = \"stress\"\ndefault_move = \"-0.1\"\n[assets.USDC]",
    );
    let venue = Venue::new();
    venue.write("rules.toml", rules);
    venue
        .write("prices.json", include_str!("../../../rules/tests/books/open_interest/prices.json"));
    venue.write("book.csv", "account,instrument,quantity\nann,deposit USDC,100\n");
    venue.write("reserves.json", reserves(&[reserve("USDC", "1")]));
    assert_eq!(venue.prove("out", &[]).code, 0);
    let mut other: Value = serde_json::from_str(&venue.read("prices.json")).unwrap();
    let with = reprice_code(&venue, &other);
    other.as_object_mut().unwrap().remove("open_interest");
    assert_eq!((with, reprice_code(&venue, &other)), (1, 1));
}

fn reprice_code(venue: &Venue, other: &Value) -> i32 {
    let mut other = other.clone();
    other["prices"]["ADA"] = "1.01".into();
    venue.write("other.json", other.to_string());
    reprice(venue, &["--prices", "other.json", "--require", "coverage.crash=1"]).code
}

#[test]
fn a_sweep_of_what_is_worth_nothing_is_drawn() {
    let rules = rules("bad_debt = { mark = \"100000\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[]);
    venue.write("other.json", prices(json!({"BTC": "0", "USDC": "0"})));
    let run = reprice(&venue, &["--prices", "other.json", "--sweep", "--svg", "sweep.svg"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    assert!(!venue.read("sweep.svg").contains("NaN"));
}

// A proved move of -10.04 %, said to be of -10.1 %: in the text, the proof's figures stand beside a
// move that they are not of.
#[test]
fn a_proved_move_is_named_as_it_is() {
    let rules = rules("bad_debt = { mark = \"0\" }").replace("\"-0.5\"", "\"-0.1004\"");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[]);
    let run = reprice(&venue, &["--sweep"]);
    assert!(!run.stdout.contains("-10.1 %"), "{}", run.stdout);
}

// What the other prices have moved by is 100 times too little to be shown, and shown as nothing.
#[test]
fn a_small_fall_is_not_shown_as_a_rise_of_nothing() {
    let rules = rules("bad_debt = { mark = \"0\" }");
    let venue = venue(&rules, BOOK, json!({"BTC": "100000", "USDC": "1"}), &[]);
    let run = at(&venue, json!({"BTC": "99999", "USDC": "0"}), &[]);
    assert!(!run.stdout.contains("BTC +0 %"), "{}", run.stdout);
}

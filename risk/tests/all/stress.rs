//! Stressed books, computed by hand.

use pacioli_attestation::Reserves;
use pacioli_prover::{BookInputError, LedgerError, Strictness, snapshot::read_csv};
use pacioli_risk::stress::{
    Crossing, Outcome, ScenarioSet, StressBook, StressError, StressScenario, Sweep, Unliquidated,
};
use pacioli_rules::{
    Decimal, Prices, Rules,
    testing::{PRICES, RULES},
};

/// BTC is at 20,000 USD, ETH at 1,000; maintenance counts 0.9 and then 0.8 of BTC and asks for 5 or
/// The rules' maintenance requirement: 10 % of a position, and a borrow of USDC counts 1.05.
const MARGIN: &str =
    "[[scenarios]]\nname = \"maintenance\"\nkind = \"margin\"\nmargin = \"maintenance\"\n";

const BOOK: &str = "account,instrument,quantity\n\
    alice,deposit BTC,3\n\
    bob,deposit BTC,1\nbob,borrow USDC,15000\n\
    carol,deposit USDC,3000\ncarol,long ETH-PERP,12\ncarol,quote debit,9600\n\
    dave,deposit USDC,500\ndave,short ETH-PERP,12\ndave,quote credit,10800\n\
    erin,deposit BTC,0.1\nerin,borrow USDC,2500\n";

/// A fund of 10,000 USDC and a hundredth of a bitcoin, and customers' reserves of 4 BTC.
const RESERVES: &str = r#"{ "as_of": "2026-01-01T00:00:00Z", "reserves": [
    { "asset": "USDC", "amount": "10000", "chain": "bank", "address": "a", "evidence": "b",
      "purpose": "insurance" },
    { "asset": "BTC", "amount": "0.01", "chain": "bitcoin", "address": "a", "evidence": "b",
      "purpose": "insurance" },
    { "asset": "BTC", "amount": "4", "chain": "bitcoin", "address": "c", "evidence": "b",
      "purpose": "customers" } ] }"#;

fn try_book(rules: &str, book: &str) -> Result<StressBook, StressError> {
    StressBook::new(
        &Rules::parse(rules).unwrap(),
        Prices::parse(PRICES).unwrap(),
        Some(Reserves::parse(RESERVES).unwrap()),
        read_csv(book.as_bytes(), "").unwrap(),
        &Strictness::default(),
    )
}

fn book() -> StressBook {
    try_book(RULES, BOOK).unwrap()
}

fn scenario(name: &str, default_move: &str, moves: &[(&str, &str)]) -> StressScenario {
    let moves = moves.iter().map(|(asset, by)| format!("{asset} = \"{by}\"\n"));
    let text = format!(
        "name = \"own\"\nsource = \"x\"\nexactness = \"x\"\n[[scenarios]]\nname = \"{name}\"\n\
         date = \"2026-01-01\"\nsource = \"x\"\ndefault_move = \"{default_move}\"\n\
         [scenarios.moves]\n{}",
        moves.collect::<String>()
    );
    ScenarioSet::parse(&text).unwrap().scenarios.remove(0)
}

fn evaluate(book: &StressBook, scenario: StressScenario) -> Outcome {
    book.evaluate(&[scenario], &()).unwrap().remove(0)
}

/// What is owed and lacked, who has and lacks, and the concentration.
fn figures(outcome: &Outcome) -> (String, String, [u64; 4]) {
    let Outcome { owed, bad_debt, accounts_with_equity, accounts_with_shortfall, .. } = outcome;
    let (half, most) = (outcome.half_of_bad_debt, outcome.nine_tenths_of_bad_debt);
    let counts = [*accounts_with_equity, *accounts_with_shortfall, half, most];
    (owed.to_string(), bad_debt.to_string(), counts)
}

/// How many accounts lack each margin.
fn below(outcome: &Outcome) -> Vec<(&str, u64)> {
    outcome.below_margin.iter().map(|below| (below.scenario.as_str(), below.accounts)).collect()
}

#[test]
fn the_book_stands_as_computed_by_hand() {
    let mark = book().at_mark();
    // 60,000; 5,000; 3,000 + 12,000 - 9,600; 500 + 10,800 - 12,000; 2,000 - 2,500.
    let expected = ("70400".to_owned(), "1200".to_owned(), [3, 2, 1, 2]);
    assert_eq!(figures(&mark), expected);
    assert_eq!(mark.insurance.as_ref().unwrap().to_string(), "10200");
    assert_eq!(mark.customers.as_ref().unwrap().to_string(), "80000");
    // bob: 18,000 - 15,750 is enough; carol: 3,000 + 9,500 + 1,800 - 9,600; dave and erin lack.
    assert_eq!(below(&mark), [("maintenance", 2)]);
}

#[test]
fn a_crash_is_the_one_computed_by_hand() {
    let crash = evaluate(&book(), scenario("crash", "-0.5", &[("BTC", "-0.4")]));
    // 36,000; 12,000 - 15,000; 3,000 + 6,000 - 9,600; 500 + 10,800 - 6,000; 1,200 - 2,500.
    assert_eq!(figures(&crash), ("41300".to_owned(), "4900".to_owned(), [2, 3, 1, 3]));
    assert_eq!(crash.insurance.as_ref().unwrap().to_string(), "10120");
    assert_eq!(crash.customers.as_ref().unwrap().to_string(), "48000");
    assert!(crash.is_insured() && crash.unliquidated.is_none());
    // bob: 0.9 of 12,000 less 15,750; carol: 3,000 + 4,750 + 900 - 9,600; erin; not dave any more.
    assert_eq!(below(&crash), [("maintenance", 3)]);
    assert_eq!(crash.name, "crash");
}

#[test]
fn a_stale_oracle_leaves_those_alone_who_held_their_margin_before() {
    let mut stale = scenario("stale", "-0.5", &[("BTC", "-0.4")]);
    stale.stale_oracle = true;
    let outcome = evaluate(&book(), stale.clone());
    // bob and carol lack 3,000 and 600; erin lacked margin before and would have been closed.
    let Unliquidated { accounts, bad_debt } = outcome.unliquidated.unwrap();
    assert_eq!((accounts, bad_debt.to_string()), (2, "3600".to_owned()));
    assert_eq!(outcome.below_margin, book().at_mark().below_margin, "margin at the old prices");
    assert!(RULES.contains(MARGIN));
    let rules = RULES.replace(MARGIN, "");
    let outcome = evaluate(&try_book(&rules, BOOK).unwrap(), stale);
    assert_eq!(outcome.unliquidated, None, "without a requirement nobody is liquidated at all");
    assert_eq!(outcome.below_margin, []);
}

#[test]
fn a_rally_hurts_the_short_side() {
    let rally = evaluate(&book(), scenario("rally", "1", &[("BTC", "0")]));
    // dave: 500 + 10,800 - 24,000; carol: 3,000 + 24,000 - 9,600.
    assert_eq!(figures(&rally), ("82400".to_owned(), "13200".to_owned(), [3, 2, 1, 1]));
    assert!(!rally.is_insured());
}

#[test]
fn what_the_book_does_not_have_is_left_out_and_named() {
    let moves = [("BTC", "-0.4"), ("DOGE", "9"), ("USD", "-0.1"), ("ETH", "-0.5")];
    let outcome = evaluate(&book(), scenario("own", "0", &moves));
    assert_eq!(outcome.not_in_book, ["DOGE"]);
    assert!(outcome.quote_would_move);
    assert_eq!(outcome.bad_debt.to_string(), "4900");
    let crash = evaluate(&book(), scenario("crash", "-0.5", &[("BTC", "-0.4")]));
    assert!(crash.not_in_book.is_empty() && !crash.quote_would_move);
}

#[test]
fn there_can_be_more_scenarios_than_a_proof_takes() {
    let all: Vec<_> = (0..1001)
        .map(|thousandth: i32| {
            let by = Decimal::new((-thousandth).into(), 3);
            scenario(&format!("s{thousandth}"), &by.to_string(), &[])
        })
        .collect();
    let outcomes = book().evaluate(&all, &()).unwrap();
    assert_eq!(outcomes.len(), 1001);
    for (outcome, scenario) in outcomes.iter().zip(&all) {
        assert_eq!(outcome.name, scenario.name);
    }
    let one = evaluate(&book(), scenario("s777", "-0.777", &[]));
    assert_eq!(outcomes[777], one);
    // At nothing left of BTC and ETH: 15,000, 6,600 and 2,500 are lacked.
    assert_eq!(figures(&outcomes[1000]).1, "24100");
}

#[test]
fn figures_past_128_bits_are_exact() {
    let rules = RULES.replace(MARGIN, "").replace("value_decimals = 6", "value_decimals = 17");
    let rules = rules.replace("quote = \"USD\"", "quote = \"USD\"\nquote_decimals = 2");
    let rows = "account,instrument,quantity\n\
                a,deposit BTC,50000000000000000000000\na,short ETH-PERP,1000000000000000000000000\n\
                b,deposit BTC,50000000000000000000000\nb,short ETH-PERP,1000000000000000000000000\n";
    let book = try_book(&rules, rows).unwrap();
    // Each is worth nothing at mark. With ETH at double its price each lacks 1e27 USD, or 1e44
    // units of value, where 2^128 is 3.4e38.
    let up = evaluate(&book, scenario("up", "0", &[("ETH", "1")]));
    let expected = ("0".to_owned(), format!("2{}", "0".repeat(27)), [0, 2, 1, 2]);
    assert_eq!(figures(&up), expected);
    let down = evaluate(&book, scenario("down", "0", &[("ETH", "-0.000000000000000001")]));
    assert_eq!(figures(&down), ("2000000000".to_owned(), "0".to_owned(), [2, 0, 0, 0]));
    assert_eq!(book.at_mark().accounts_with_equity, 0);
}

#[test]
fn two_scenarios_do_not_bear_one_name() {
    let twice = |names: [&str; 2]| {
        let scenarios = names.map(|name| scenario(name, "0", &[]));
        book().evaluate(&scenarios, &()).unwrap_err().to_string()
    };
    assert_eq!(twice(["a", "a"]), "duplicate scenario `a`");
    assert_eq!(twice(["a", "mark"]), "duplicate scenario `mark`");
    assert_eq!(twice(["maintenance", "a"]), "duplicate scenario `maintenance`");
    let own = [scenario("crash", "0", &[])];
    assert!(book().evaluate(&own, &()).is_ok(), "the rules' own stresses are replaced");
}

#[test]
fn inputs_are_refused_as_for_a_proof() {
    let bad = BOOK.replace("erin,deposit BTC", "erin,deposit DOGE");
    match try_book(RULES, &bad).unwrap_err() {
        StressError::Input(BookInputError::Ledger(LedgerError::Unpriced(assets))) => {
            assert_eq!(assets[0].asset, "DOGE");
        }
        error => panic!("{error}"),
    }
    let rules = RULES.replace("quote = \"USD\"", "quote = \"EUR\"");
    let error = try_book(&rules, BOOK).unwrap_err().to_string();
    assert_eq!(error, "quote: the rules are in EUR and the prices in USD");
    let moon = scenario("moon", "0", &[("BTC", "99999999999999")]);
    let error = book().evaluate(&[moon], &()).unwrap_err().to_string();
    assert!(error.contains("in scenario `moon`, which is not below 2^64"), "{error}");
}

fn at(crossing: &Crossing) -> (String, String) {
    match crossing {
        Crossing::At(point) => (point.by.to_string(), point.bad_debt.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sweep_finds_the_moves_at_which_the_fund_is_used_up() {
    let sweep = book().sweep(None, &()).unwrap();
    let moves: Vec<String> = sweep.points.iter().map(|point| point.by.to_string()).collect();
    assert_eq!((moves.len(), &*moves[0], &*moves[290]), (291, "-0.900", "2.000"));
    // Down to what is left, x: bob lacks 15,000 - 20,000 x, carol 6,600 - 12,000 x, erin
    // 2,500 - 2,000 x; the fund is worth 10,000 + 200 x. 24,100 - 34,000 x > 10,000 + 200 x
    // below x = 0.41228.
    assert_eq!(at(&sweep.down), ("-0.588".to_owned(), "10092".to_owned()));
    // Up by x: dave lacks 700 + 12,000 x, erin 500 - 2,000 x until 0.25; the fund is worth
    // 10,200 + 200 x. 700 + 12,000 x > 10,200 + 200 x above x = 0.80508.
    assert_eq!(at(&sweep.up), ("0.806".to_owned(), "10372".to_owned()));
    // Neighbours inside the range, and the grid's own point.
    let at = |by: &str| sweep.points.iter().find(|point| point.by.to_string() == by).unwrap();
    assert!(at("-0.580").is_insured() && !at("-0.590").is_insured());
    assert!(at("0.800").is_insured() && !at("0.810").is_insured());
    assert_eq!(at("0.000").bad_debt.to_string(), "1200");
}

#[test]
fn a_crossing_on_the_grid_is_found_there() {
    let rows = "account,instrument,quantity\nbob,deposit BTC,1\nbob,borrow USDC,19900\n";
    let sweep = try_book(RULES, rows).unwrap().sweep(Some("BTC"), &()).unwrap();
    // 20,000 x falls short of 19,900 by more than 10,000 + 200 x at x < 9,900 / 20,200 = 0.490099.
    assert_eq!(at(&sweep.down), ("-0.510".to_owned(), "10100".to_owned()));
    assert_eq!(sweep.up, Crossing::Never);
}

#[test]
fn a_sweep_of_one_asset_moves_that_alone() {
    let sweep = book().sweep(Some("ETH"), &()).unwrap();
    assert_eq!(sweep.asset.as_deref(), Some("ETH"));
    assert_eq!(sweep.down, Crossing::Never, "carol alone lacks less than the fund");
    // dave lacks 700 + 12,000 x and erin 500 of a fund of 10,200.
    assert_eq!(at(&sweep.up), ("0.751".to_owned(), "10212".to_owned()));
    // A borrow of what rises: bob lacks 15,000 x - 5,000 and erin 500 + 2,500 x of a fund of
    // 10,200 + 10,000 x, above x = 1.96. Not shocked by default, it moves when it is named.
    let sweep = book().sweep(Some("USDC"), &()).unwrap();
    assert_eq!(at(&sweep.up), ("1.961".to_owned(), "29817.5".to_owned()));
    let error = |asset| book().sweep(Some(asset), &()).unwrap_err().to_string();
    assert_eq!(
        error("btc"),
        "cannot sweep `btc` (did you mean `BTC`?): the book has no such asset or underlying"
    );
    assert_eq!(error("DOGE"), "cannot sweep `DOGE`: the book has no such asset or underlying");
    assert_eq!(
        error("USD"),
        "cannot sweep USD: it is the quote currency, in which everything is counted"
    );
}

#[test]
fn without_a_fund_the_first_bad_debt_is_too_much() {
    let without = |book: &str| -> Sweep {
        let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(PRICES).unwrap());
        let snapshot = read_csv(book.as_bytes(), "").unwrap();
        let book = StressBook::new(&rules, prices, None, snapshot, &Strictness::default()).unwrap();
        assert_eq!(book.fund(), None);
        book.sweep(None, &()).unwrap()
    };
    let sweep = without(BOOK);
    assert_eq!((sweep.down, sweep.up), (Crossing::Already, Crossing::Already));
    let sweep = without("account,instrument,quantity\nbob,deposit BTC,1\nbob,borrow USDC,15000\n");
    assert_eq!(at(&sweep.down), ("-0.251".to_owned(), "20".to_owned()));
    assert_eq!(sweep.up, Crossing::Never);
}

#[test]
fn a_fund_that_is_used_up_already_says_so_wherever_prices_go() {
    let rows = "account,instrument,quantity\na,borrow BTC,1\na,deposit USDC,5000\n";
    let sweep = try_book(RULES, rows).unwrap().sweep(Some("BTC"), &()).unwrap();
    assert_eq!((sweep.down, sweep.up), (Crossing::Already, Crossing::Already));
    assert!(sweep.points[0].is_insured(), "it would not be used up at -90 %");
}

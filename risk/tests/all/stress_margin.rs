//! Margins after a move: who would be closed at the prices of a crash.

use pacioli_prover::{Strictness, snapshot::read_csv};
use pacioli_risk::stress::{Outcome, ScenarioSet, StressBook, StressError, StressScenario};
use pacioli_rules::{
    Prices, Rules,
    testing::{PRICES, RULES},
};

const BOOK: &str = "account,instrument,quantity\n\
    alice,deposit BTC,3\n\
    bob,deposit BTC,1\nbob,borrow USDC,15000\n\
    carol,deposit USDC,3000\ncarol,long ETH-PERP,12\ncarol,quote debit,9600\n\
    dave,deposit USDC,500\ndave,short ETH-PERP,12\ndave,quote credit,10800\n\
    erin,deposit BTC,0.1\nerin,borrow USDC,2500\n";

fn book(rules: &str, prices: &str, book: &str) -> StressBook {
    let (rules, prices) = (Rules::parse(rules).unwrap(), Prices::parse(prices).unwrap());
    let snapshot = read_csv(book.as_bytes(), "").unwrap();
    StressBook::new(&rules, prices, None, snapshot, &Strictness::default()).unwrap()
}

fn scenario(default_move: &str, moves: &str) -> StressScenario {
    let text = format!(
        "name = \"own\"\nsource = \"x\"\nexactness = \"x\"\n[[scenarios]]\nname = \"own\"\n\
         date = \"2026-01-01\"\nsource = \"x\"\ndefault_move = \"{default_move}\"\n\
         moves = {{ {moves} }}\n"
    );
    ScenarioSet::parse(&text).unwrap().scenarios.remove(0)
}

fn evaluate(book: &StressBook, default_move: &str, moves: &str) -> Result<Outcome, StressError> {
    Ok(book.evaluate(&[scenario(default_move, moves)], &())?.remove(0))
}

/// How many accounts lack each margin.
fn below(outcome: &Outcome) -> Vec<u64> {
    outcome.below_margin.iter().map(|below| below.accounts).collect()
}

#[test]
fn an_account_loses_its_margin_before_it_is_short() {
    let dip = evaluate(&book(RULES, PRICES, BOOK), "0", "BTC = \"-0.2\"").unwrap();
    // bob: 0.9 of 16,000 less 15,750 is short of margin, and 16,000 less 15,000 is not short.
    assert_eq!((dip.accounts_with_shortfall, below(&dip)), (2, vec![3]));
    // A hair's breadth: 0.9 of 17,500 is 15,750.
    let at = |by: &str| {
        let moved = evaluate(&book(RULES, PRICES, BOOK), "0", &format!("BTC = \"{by}\""));
        below(&moved.unwrap())
    };
    assert_eq!((at("-0.125"), at("-0.1250001")), (vec![2], vec![3]));
}

#[test]
fn maintenance_and_initial_margin_are_each_counted() {
    let margin = "margin = \"maintenance\"\n";
    let initial = format!(
        "{margin}[[scenarios]]\nname = \"initial\"\nkind = \"margin\"\nmargin = \"initial\"\n"
    );
    let rules = RULES
        .replacen(margin, &initial, 1)
        .replace("maintenance = \"0.9\" }", "maintenance = \"0.9\", initial = \"0.7\" }")
        .replace("maintenance = \"0.8\" }", "maintenance = \"0.8\", initial = \"0.7\" }")
        .replace("maintenance = \"1\"\n", "maintenance = \"1\"\ninitial = \"1\"\n")
        .replace("maintenance = \"0.05\" }", "maintenance = \"0.05\", initial = \"0.3\" }")
        .replace("maintenance = \"0.1\" }", "maintenance = \"0.1\", initial = \"0.6\" }");
    let book = book(&rules, PRICES, BOOK);
    // Initial at mark: bob 14,000 - 15,000; carol 3,000 + 7,000 + 800 - 9,600 is enough.
    assert_eq!(below(&book.at_mark()), [2, 3]);
    // ETH at 840: carol 3,000 + 7,980 + 1,512 - 9,600, and initially 3,000 + 5,880 + 672 - 9,600;
    // dave 11,300 - 8,820 - 1,848, and initially 11,300 - 10,920 - 2,688.
    let dip = evaluate(&book, "-0.16", "BTC = \"0\"").unwrap();
    assert_eq!(below(&dip), [1, 4]);
    assert_eq!(dip.below_margin[1].scenario, "initial");
}

#[track_caller]
fn as_if_those_were_the_prices(
    files: [&str; 3],
    [default_move, moves]: [&str; 2],
    then: &[(&str, &str)],
) -> Vec<u64> {
    as_in_a_prices_file(files, scenario(default_move, moves), then)
}

/// A book stressed, and the same book under a prices file of that moment.
#[track_caller]
fn as_in_a_prices_file(
    [rules, prices, rows]: [&str; 3],
    scenario: StressScenario,
    then: &[(&str, &str)],
) -> Vec<u64> {
    let outcome = book(rules, prices, rows).evaluate(&[scenario], &()).unwrap().remove(0);
    let moved = then.iter().fold(prices.to_owned(), |prices, (from, to)| {
        assert_eq!(prices.matches(from).count(), 1, "{from}");
        prices.replace(from, to)
    });
    let expected = book(rules, &moved, rows).at_mark();
    assert_eq!(outcome.below_margin, expected.below_margin);
    assert_eq!((&outcome.owed, &outcome.bad_debt), (&expected.owed, &expected.bad_debt));
    below(&outcome)
}

#[test]
fn margins_are_those_of_a_prices_file_of_that_moment() {
    let small = [RULES, PRICES, BOOK];
    let then = [("\"20000\"", "\"12345.4\""), ("\"1000.00\"", "\"1337.1\"")];
    let moves = ["0.3371", "BTC = \"-0.38273\""];
    assert_eq!(as_if_those_were_the_prices(small, moves, &then), [3]);
    // A market with a price of its own moves with its underlying.
    let prices = PRICES.replace("\"USDC\"", "\"ETH-PERP\": \"1010\", \"USDC\"");
    let then = [("\"1010\"", "\"606\""), ("\"1000.00\"", "\"600\""), ("\"20000\"", "\"12000\"")];
    let moves = ["-0.4", "USDC = \"0\""];
    assert_eq!(as_if_those_were_the_prices([RULES, &prices, BOOK], moves, &then), [2]);
}

/// Bounds that are values put other parts of a holding into each tier at other prices, and a tier in
/// which no unit fits any more is gone.
#[test]
fn tiers_by_value_are_those_of_the_moved_prices() {
    let rows = "account,instrument,quantity\n\
        over,deposit BTC,2\nover,borrow USDC,105999\n\
        enough,deposit BTC,2\nenough,borrow USDC,105998\n\
        long,deposit USDC,300\nlong,long ADA-PERP,10000\nlong,quote debit,7000\n";
    let files = [
        include_str!("../../../rules/tests/books/priced_bounds/rules.toml"),
        include_str!("../../../rules/tests/books/priced_bounds/prices.json"),
        rows,
    ];
    // BTC at 90,000: no unit of 9 in the tier up to 5; 0.4444 count 0.9 times and 1.5556 half, in all
    // 105,998.4. At 30,000 it is 2 units, not 16 as at 3,000. ADA at 1.4: 2,142 up to 3,000, at 0.03,
    // and the rest at 0.06 ask for 749.8, of 300 and a gain of 7,000.
    let at = |price: &str, by: &str| {
        let then = [("\"30000\"", format!("\"{price}\""))];
        let then = then.each_ref().map(|(from, to)| (*from, to.as_str()));
        as_if_those_were_the_prices(files, ["0", &format!("BTC = \"{by}\"")], &then)
    };
    assert_eq!(at("90000", "2")[0], 1 + 1);
    assert_eq!(at("30000", "0")[0], 2 + 1);
    assert_eq!(at("3000000", "99")[0], 1);
    assert_eq!(at("0", "-1")[0], 2 + 1);
    let then = [("\"0.7\"", "\"1.4\"")];
    assert_eq!(as_if_those_were_the_prices(files, ["1", "BTC = \"0\""], &then)[0], 2);
}

/// The worst loss of each contingency is another one at other prices.
#[test]
fn contingencies_are_the_worst_losses_at_the_moved_prices() {
    let rows = "account,instrument,quantity\n\
        outright,deposit USDC,2600\noutright,short BTC-PERP,0.1\noutright,quote credit,2000\n\
        spread,deposit USDC,600\nspread,long BTC-PERP,0.1\nspread,quote debit,2000\n\
        spread,short ETH-PERP,1.01\nspread,quote credit,1010\n\
        naked,deposit USDC,1100\nnaked,short ETH-PERP,2\nnaked,quote credit,2000\n\
        long,deposit USDC,500\nlong,long ETH-PERP,2\nlong,quote debit,2000\n\
        cash,deposit USDC,5\n";
    let small = [
        include_str!("../../../rules/tests/books/portfolio_margin/rules.toml"),
        include_str!("../../../rules/tests/books/portfolio_margin/prices.json"),
        rows,
    ];
    let at = |btc: &str, eth: &str, by: [&str; 2]| {
        let then = [("\"20000\"", format!("\"{btc}\"")), ("\"1000\"", format!("\"{eth}\""))];
        let then = then.each_ref().map(|(from, to)| (*from, to.as_str()));
        as_if_those_were_the_prices(small, by, &then)
    };
    // spread: 600 + 2,000 - 1,010 - 990 is all it has: nothing else is short, or long, at mark.
    assert_eq!(at("20000", "1000", ["0", ""]), [0]);
    // outright: 4,600 - 3,600 = 1,000 covers 1.25 times 15 % of 3,600; spread has gained; naked:
    // 3,100 - 2,600 does not cover 1.25 times 20 % of 2,600 and 2 % of it.
    assert_eq!(at("36000", "1300", ["0.3", "BTC = \"0.8\""]), [1]);
    assert_eq!(at("10000", "730", ["-0.27", "BTC = \"-0.5\""]), [2]);
}

#[test]
fn options_are_margined_at_the_moved_price_and_forward() {
    let rows = "account,instrument,quantity\n\
        writer,deposit USDC,40\nwriter,short BTC-YEAR-100-C,1\n\
        hedged,deposit USDC,40\nhedged,short BTC-YEAR-100-C,1\nhedged,long BTC-PERP,1\nhedged,quote debit,100\n\
        put,deposit USDC,40\nput,short BTC-JUN-110-P,1\n\
        buyer,long BTC-OLD-90-C,1\n";
    let prices = include_str!("../../../rules/tests/books/options/prices.json").replace(
        "\"2027-01-01T00:00:00Z\": {",
        "\"2027-01-01T00:00:00Z\": { \"forward\": \"101.5\",",
    );
    let rules = include_str!("../../../rules/tests/books/options/rules.toml");
    let small = [rules, &prices, rows];
    let up = [("\"BTC\": \"100\"", "\"BTC\": \"125\""), ("\"101.5\"", "\"126.875\"")];
    assert_eq!(as_if_those_were_the_prices(small, ["0", "BTC = \"0.25\""], &up), [1]);
    let down = [("\"BTC\": \"100\"", "\"BTC\": \"75\""), ("\"101.5\"", "\"76.125\"")];
    assert_eq!(as_if_those_were_the_prices(small, ["0", "BTC = \"-0.25\""], &down), [1]);
}

#[test]
fn volatilities_move_with_the_prices_and_alone() {
    let rows = "account,instrument,quantity\n\
        writer,deposit USDC,27\nwriter,short BTC-YEAR-100-C,1\n\
        put,deposit USDC,40\nput,short BTC-JUN-110-P,1\n\
        buyer,long BTC-YEAR-100-C,1\n";
    let (rules, prices) = (
        include_str!("../../../rules/tests/books/options/rules.toml"),
        include_str!("../../../rules/tests/books/options/prices.json"),
    );
    let year = "\"100\": \"0.2\", \"120\": \"0.2\"";
    // The writer of the call has to keep 9.6 and 15, with volatility up 15.2 and 15; the put's 35.8 and
    // 26.8 with the price down besides.
    let prices =
        prices.replace("\"80\": \"0.2\", \"120\": \"0.2\"", "\"80\": \"0.21\", \"120\": \"0.22\"");
    let prices = prices.replace(
        &format!("\"80\": \"0.2\", {year}"),
        "\"80\": \"0.23\", \"100\": \"0.24\", \"120\": \"0.25\"",
    );
    let small = [rules, &prices, rows];
    let up = ["0.21", "0.22", "0.23", "0.24", "0.25"].map(|vol| format!("\"{vol}\""));
    let moved = ["0.336", "0.352", "0.368", "0.384", "0.4"].map(|vol| format!("\"{vol}\""));
    let mut then: Vec<(&str, &str)> =
        up.iter().zip(&moved).map(|(vol, moved)| (vol.as_str(), moved.as_str())).collect();
    let mut alone = scenario("0", "");
    alone.vol_move = Some("0.6".parse().unwrap());
    assert_eq!(as_in_a_prices_file(small, scenario("0", ""), &[]), [0]);
    assert_eq!(as_in_a_prices_file(small, alone, &then), [1]);
    let mut both = scenario("-0.25", "");
    both.vol_move = Some("0.6".parse().unwrap());
    then.push(("\"BTC\": \"100\"", "\"BTC\": \"75\""));
    assert_eq!(as_in_a_prices_file(small, both.clone(), &then), [1]);
    let without = book(RULES, PRICES, BOOK).evaluate(&[both], &()).unwrap().remove(0);
    assert_eq!(without.not_in_book, ["implied volatilities"]);
}

/// An underlying that is held only through options moves too.
#[test]
fn the_underlying_of_an_option_alone_is_in_the_book() {
    let rules = include_str!("../../../rules/tests/books/options/rules.toml");
    let market = &rules[rules.find("[markets").unwrap()..rules.find("[options").unwrap()];
    let rules = rules.replace(market, "");
    let rows = "account,instrument,quantity\nw,deposit USDC,40\nw,short BTC-YEAR-100-C,1\n";
    let book = book(&rules, include_str!("../../../rules/tests/books/options/prices.json"), rows);
    let outcome = evaluate(&book, "0", "BTC = \"1\"").unwrap();
    assert_eq!((outcome.not_in_book.len(), outcome.accounts_with_shortfall), (0, 1));
    assert!(book.sweep(Some("BTC"), &()).is_ok());
}

#[test]
fn a_price_with_more_digits_than_quantities_leave_room_for_is_cut() {
    // BTC has 3 decimals of 6. 20,000 times 0.87500000000001 is 17,500.0000000002, which is cut to
    // 17,500: 0.9 of that is bob's borrow.
    let stressed = evaluate(&book(RULES, PRICES, BOOK), "0", "BTC = \"-0.12499999999999\"");
    assert_eq!(below(&stressed.unwrap()), [2]);
}

#[test]
fn moves_that_no_prices_file_can_hold_are_refused_with_their_scenario() {
    let refused = |rules: &str, prices: &str, by: [&str; 2]| {
        evaluate(&book(rules, prices, BOOK), by[0], by[1]).unwrap_err().to_string()
    };
    let far = "99999999999999999999999999999999999";
    let error = refused(RULES, PRICES, ["0", &format!("DAI = \"1\", ETH = \"{far}\"")]);
    assert!(error.contains("in scenario `own`, which is not below 2^64"), "{error}");
    // The long at its moved price is worth just less than 2^64, and the short's margin more.
    let error = refused(RULES, PRICES, ["0", "ETH = \"1844674407369\""]);
    let place = "at the prices of `own`: markets.ETH-PERP: ETH-PERP: worth ";
    assert!(error.starts_with(place), "{error}");
}

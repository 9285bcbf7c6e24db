//! Tables whose rows follow from prices: tiers that end at values, and initial rates that rise with
//! open interest.

use pacioli_circuits::reference;
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{Compiled, Prices, Rules, compile, testing::bless};
use serde_json::{Value, json};

const RULES: &str = include_str!("../../../rules/tests/books/priced_bounds/rules.toml");
const PRICES: &str = include_str!("../../../rules/tests/books/priced_bounds/prices.json");

/// Where a key of `ADA-PERP` can stand.
const OPEN: &str = "open_interest = {";

/// What a file has, and what stands there instead.
type Change = [&'static str; 2];

/// A change of the rules and one of the prices. What each comes to is listed in a file, with which
/// the account holder's page is compared.
const CHANGES: &[[Change; 2]] = &[
    [["", ""], ["", ""]],
    // Prices at which tiers come and go: a unit is worth more than the first end, exactly that, less.
    [["", ""], ["\"30000\"", "\"50000\""]],
    [["", ""], ["\"30000\"", "\"50000.00000001\""]],
    [["", ""], ["\"30000\"", "\"49999.99999999\""]],
    [["", ""], ["\"30000\"", "\"10000000\""]],
    [["", ""], ["\"30000\"", "\"10000000.00000001\""]],
    [["", ""], ["\"30000\"", "\"0.00000001\""]],
    [["", ""], ["\"30000\"", "\"0\""]],
    [["", ""], ["\"ADA\": \"0.7\"", "\"ADA\": \"0\""]],
    [["", ""], ["\"ADA\": \"0.7\"", "\"ADA\": \"3000\""]],
    [["", ""], ["\"ADA\": \"0.7\"", "\"ADA\": \"3000.000000000001\""]],
    [["", ""], ["\"ADA\": \"0.7\"", "\"ADA\": \"0.7\", \"ADA-PERP\": \"0.71\""]],
    [["40000.5", "5.0000000000000000000001"], ["", ""]],
    [["40000.5", "99999999999999999999999999"], ["", ""]],
    [["40000.5", "5"], ["", ""]],
    [["40000.5", "4.9"], ["", ""]],
    [["\"5\"", "\"0\""], ["", ""]],
    [["\"5\"", "\"-1\""], ["", ""]],
    [["{ up_to_value = \"5\"", "{ up_to = \"5\""], ["", ""]],
    [["{ up_to_value = \"5\"", "{ up_to = \"5\", up_to_value = \"5\""], ["", ""]],
    [["{ up_to = \"10\"", "{ up_to_value = \"10\""], ["", ""]],
    [["{ up_to_value = \"3000\", ", "{ "], ["", ""]],
    [["{ maintenance = \"0.06\"", "{ up_to_value = \"4000\", maintenance = \"0.06\""], ["", ""]],
    [["up_to_value = \"3000\"", "up_to_value = 3000"], ["", ""]],
    // Ends that are amounts of an asset, at its price: as values of the same worth, at a price of 0,
    // of an asset without a price, of the quote currency, and where no tier ends at a value.
    [[OPEN, "tiers_in = \"ETH\"\nopen_interest = {"], ["", ""]],
    [[OPEN, "tiers_in = \"ETH\"\nopen_interest = {"], ["\"1000\"", "\"0\""]],
    [[OPEN, "tiers_in = \"ETH\"\nopen_interest = {"], ["\"1000\"", "\"0.000000001\""]],
    [[OPEN, "tiers_in = \"ETH\"\nopen_interest = {"], ["\"1000\"", "\"1.23456789\""]],
    [[OPEN, "tiers_in = \"USD\"\nopen_interest = {"], ["", ""]],
    [[OPEN, "tiers_in = \"DOGE\"\nopen_interest = {"], ["", ""]],
    [[OPEN, "tiers_in = \"E TH\"\nopen_interest = {"], ["", ""]],
    [[OPEN, "tiers_in = 1\nopen_interest = {"], ["", ""]],
    [["[classes.pool]", "tiers_in = \"ETH\"\n[classes.pool]"], ["", ""]],
    // Open interest at the caps and beside them, and figures that are not there.
    [["", ""], ["\"40000\"", "\"0\""]],
    [["", ""], ["\"40000\"", "\"28571.4\""]],
    [["", ""], ["\"40000\"", "\"28571.43\""]],
    [["", ""], ["\"40000\"", "\"71429.2857142857142857142857142857\""]],
    [["", ""], ["\"40000\"", "\"71429.3\""]],
    [["", ""], ["\"40000\"", "\"40000.123456789\""]],
    [["\"50000.5\"", "\"20000.0000000000000000000000000001\""], ["", ""]],
    [["initial = \"0.1\" },\n]", "initial = \"1\" },\n]"], ["", ""]],
    [["", ""], ["\"40000\"", "\"-1\""]],
    [["", ""], ["\"ADA-PERP\": \"40000\"", "\"ETH-PERP\": \"40000\""]],
    [["", ""], ["\"40000\"", "\"40000\", \"XYZ\": \"1\""]],
    [["", ""], ["\"40000\"", "\"40000\", \"X YZ\": \"1\""]],
    [["", ""], ["\"40000\"", "40000"]],
    [["\"20000\"", "\"-1\""], ["", ""]],
    [["\"20000\"", "\"50000.5\""], ["", ""]],
    [["\"20000\"", "\"50000.50\""], ["", ""]],
    [[", upper = \"50000.5\"", ""], ["", ""]],
    [["upper =", "cap = \"1\", upper ="], ["", ""]],
    [
        [
            "\n[markets.ETH-PERP]\n",
            "\n[markets.ETH-PERP]\nopen_interest = { lower = \"0\", upper = \"1\" }\n",
        ],
        ["", ""],
    ],
    [
        ["decimals = 6\n", "decimals = 6\nopen_interest = { lower = \"0\", upper = \"1\" }\n"],
        ["", ""],
    ],
];

fn replaced(text: &str, [from, to]: Change) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

fn compiled([rules, prices]: [Change; 2]) -> Result<Compiled, String> {
    let text = |error: &dyn ToString| error.to_string();
    let rules = Rules::parse(&replaced(RULES, rules)).map_err(|error| text(&error))?;
    let prices = Prices::parse(&replaced(PRICES, prices)).map_err(|error| text(&error))?;
    compile(&rules, &prices).map_err(|error| text(&error))
}

/// The rows of the table by which each change can be told.
fn rows(compiled: &Compiled) -> Value {
    let rows = compiled.rows.iter().zip(compiled.table.instruments());
    let rows = rows.map(|(row, instrument)| {
        let values: Vec<_> = instrument.values.iter().map(|v| v.units().to_string()).collect();
        let cap = instrument.cap.map(|cap| cap.units().to_string());
        json!([row.name, cap, values])
    });
    rows.collect()
}

#[test]
fn every_change_comes_to_what_is_listed() {
    let listed = CHANGES.iter().map(|&change| {
        let [[from, to], [price_from, price_to]] = change;
        let rows = compiled(change).ok().map(|compiled| rows(&compiled));
        // One line each.
        json!({ "from": from, "to": to, "price_from": price_from, "price_to": price_to, "rows": rows })
            .to_string()
    });
    let listed = format!("[\n{}\n]\n", listed.collect::<Vec<_>>().join(",\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/test/native/priced_bounds.json");
    bless(path, listed);
}

#[test]
fn refusals_name_what_is_wrong() {
    for (change, expected) in [
        (
            [["", ""], ["\"ADA-PERP\": \"40000\"", "\"ETH-PERP\": \"40000\""]],
            "markets.ADA-PERP.open_interest: the prices have no `open_interest.ADA-PERP`",
        ),
        (
            [["\"20000\"", "\"50000.5\""], ["", ""]],
            "markets.ADA-PERP.open_interest.upper: 50000.5 is not above lower, 50000.5",
        ),
        (
            [[OPEN, "tiers_in = \"DOGE\"\nopen_interest = {"], ["", ""]],
            "markets.ADA-PERP.tiers_in: there is no price for `DOGE`",
        ),
        (
            [["[classes.pool]", "tiers_in = \"ETH\"\n[classes.pool]"], ["", ""]],
            "markets.ETH-PERP.tiers_in: does not belong here: no tier ends at a value",
        ),
        (
            [["40000.5", "4.9"], ["", ""]],
            "assets.BTC.tiers[1].up_to_value: a tier up to 4.9 cannot follow one up to 5",
        ),
    ] {
        assert_eq!(compiled(change).unwrap_err(), expected);
    }
}

#[test]
fn holdings_are_split_over_the_tiers_that_are_there_and_balance() {
    let lines = |change: Change, book: &str| -> Vec<String> {
        let compiled = compiled([["", ""], change]).unwrap();
        let csv = format!("account,instrument,quantity\n{book}");
        let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
        let options = Strictness::default();
        let ledger = balance_accounts(snapshot, &compiled, &options, 64).unwrap();
        assert_eq!(ledger.accounts.len(), 1);
        let (_, account) = ledger.accounts.get(0).unwrap();
        assert_eq!(reference::check_account(&compiled.table, &account), Ok(()));
        let said = account.lines.iter().map(|line| {
            format!("{} {}", compiled.rows[line.instrument.row()].name, line.quantity.units())
        });
        said.filter(|line| !line.contains(':')).collect()
    };
    // At 30,000 USD a unit is worth 3: tiers of 1, 13,332 and 320,000 units.
    let book = "a,deposit BTC,1.4\n";
    let expected = [
        "deposit BTC tier 1 1",
        "headroom deposit BTC tier 1 0",
        "deposit BTC tier 2 13332",
        "headroom deposit BTC tier 2 0",
        "deposit BTC tier 3 667",
        "headroom deposit BTC tier 3 319333",
    ];
    assert_eq!(lines(["", ""], book), expected);
    // At 100,000 a unit is worth more than the first end.
    let expected = [
        "deposit BTC tier 2 4000",
        "headroom deposit BTC tier 2 0",
        "deposit BTC tier 3 10000",
        "headroom deposit BTC tier 3 86000",
    ];
    assert_eq!(lines(["\"30000\"", "\"100000\""], book), expected);
    let high = ["\"30000\"", "\"10000000001\""];
    assert!(compiled([["", ""], high]).unwrap().find("deposit BTC tier 3").is_none());
    assert_eq!(lines(high, book), ["deposit BTC tier 4 14000"]);
    // At nothing the first tier holds whatever there is.
    let dead = format!("a,deposit DEAD,{}\n", ((1u128 << 90) - 1) / 10_000);
    let split = lines(["", ""], &dead);
    assert!(split[0].starts_with("deposit DEAD tier 1 "), "{split:?}");
    assert_eq!(split.len(), 2);
    let position = "a,short ADA-PERP,4290\na,quote credit,3003\n";
    let expected = [
        "short ADA-PERP tier 1 4285",
        "headroom short ADA-PERP tier 1 0",
        "short ADA-PERP tier 2 5",
        "quote credit 3003000000000000",
    ];
    assert_eq!(lines(["", ""], position), expected);
}

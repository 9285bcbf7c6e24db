//! Changes of a book's options, and the table that each comes to: the account holder's page is
//! compared with them.

use pacioli_rules::{Prices, Rules, compile, testing::bless};
use serde_json::{Value, json};

const RULES: &str = include_str!("../../../../rules/tests/books/options/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/options/prices.json");

/// What a file has, and what stands there instead.
type Change = [&'static str; 2];

const SAME: Change = ["", ""];

/// A change of the rules and one of the prices.
const CHANGES: &[[Change; 2]] = &[
    [SAME, SAME],
    // Strikes at, between and beyond those that are listed; numbers of every size.
    [["\"110\"", "\"80\""], SAME],
    [["\"110\"", "\"120.000\""], SAME],
    [["\"110\"", "\"120.001\""], SAME],
    [["\"110\"", "\"79.999\""], SAME],
    [["\"110\"", "\"0\""], SAME],
    [["\"110\"", "\"-110\""], SAME],
    [["\"110\"", "110"], SAME],
    [["\"put\"", "\"straddle\""], SAME],
    [["side = \"put\"\ndecimals = 2", "side = \"put\"\ndecimals = 0"], SAME],
    [["side = \"put\"\ndecimals = 2", "side = \"put\"\ndecimals = 9"], SAME],
    [["value_decimals = 8", "value_decimals = 12"], SAME],
    [["value_decimals = 8", "value_decimals = 6"], SAME],
    // Expiries: before, at and after those that are listed, at the time of the prices, and no times.
    [["2026-07-02T00:00:00Z", "2026-04-02T00:00:00Z"], SAME],
    [["2026-07-02T00:00:00Z", "2026-04-01T23:59:59.999999999Z"], SAME],
    [["2026-07-02T00:00:00Z", "2026-04-02T00:00:00.000000001Z"], SAME],
    [["2026-07-02T00:00:00Z", "2027-01-01T00:00:01Z"], SAME],
    [["2026-07-02T00:00:00Z", "2020-02-29T00:00:00Z"], SAME],
    [["2026-07-02T00:00:00Z", "2026-07-02T00:00:00.50Z"], SAME],
    [["2026-07-02T00:00:00Z", "2026-07-02T00:00:00+00:00"], SAME],
    [["2026-07-02T00:00:00Z", "2026-07-02"], SAME],
    [["\"2026-07-02T00:00:00Z\"", "2026-07-02T00:00:00Z"], SAME],
    // Prices: of every size, none, of the option's own name.
    [SAME, ["\"100\", \"USDC\"", "\"0\", \"USDC\""]],
    [SAME, ["\"100\", \"USDC\"", "\"0.000001\", \"USDC\""]],
    [SAME, ["\"100\", \"USDC\"", "\"1\", \"USDC\""]],
    [SAME, ["\"100\", \"USDC\"", "\"0.99\", \"USDC\""]],
    [SAME, ["\"100\", \"USDC\"", "\"101.123456\", \"USDC\""]],
    [SAME, ["\"100\", \"USDC\"", "\"184467440736\", \"USDC\""]],
    [SAME, ["\"BTC\": \"100\", ", ""]],
    [SAME, ["\"BTC\": \"100\"", "\"BTC\": \"100\", \"BTC-JUN-110-P\": \"9\""]],
    [SAME, ["\"as_of\": \"2026-01-01T00:00:00Z\"", "\"as_of\": \"2026-06-30T12:34:56.789Z\""]],
    [SAME, ["\"as_of\": \"2026-01-01T00:00:00Z\"", "\"as_of\": \"2027-01-01T00:00:00Z\""]],
    // Volatilities: none, for another, of none, large; forwards and rates.
    [SAME, ["\"BTC\": {", "\"ETH\": {"]],
    [SAME, ["\"BTC\": {", "\"B TC\": {"]],
    [SAME, ["\"100\": \"0.2\"", "\"100\": \"0\""]],
    [SAME, ["\"100\": \"0.2\"", "\"100\": \"16\""]],
    [SAME, ["\"100\": \"0.2\"", "\"100\": \"16.0000001\""]],
    [SAME, ["\"100\": \"0.2\"", "\"100\": \"-0.2\""]],
    [SAME, ["\"100\": \"0.2\"", "\"100\": \"0.2\", \"100.0\": \"0.2\""]],
    [SAME, ["\"100\": \"0.2\"", "\"0\": \"0.2\""]],
    [SAME, ["\"100\": \"0.2\"", "\"x\": \"0.2\""]],
    [SAME, ["\"100\": \"0.2\"", "\"109.5\": \"0.7321\""]],
    [SAME, ["{ \"80\": \"0.2\", \"120\": \"0.2\" }", "{}"]],
    [SAME, ["\"80\": \"0.2\", \"120\": \"0.2\"", "\"80\": \"0.9\", \"120\": \"0.1\""]],
    [SAME, ["{ \"strikes\"", "{ \"forward\": \"105.5\", \"strikes\""]],
    [SAME, ["{ \"strikes\"", "{ \"forward\": \"0\", \"strikes\""]],
    [SAME, ["{ \"strikes\"", "{ \"forward\": \"-1\", \"strikes\""]],
    [SAME, ["{ \"strikes\"", "{ \"forwards\": \"1\", \"strikes\""]],
    [SAME, ["\"expiries\"", "\"rate\": \"0.0437\", \"expiries\""]],
    [SAME, ["\"expiries\"", "\"rate\": \"-0.0437\", \"expiries\""]],
    [SAME, ["\"expiries\"", "\"rate\": \"-1\", \"expiries\""]],
    [SAME, ["\"expiries\"", "\"rate\": \"1.01\", \"expiries\""]],
    [SAME, ["\"2026-04-02T00:00:00Z\"", "\"2026-04-02T00:00Z\""]],
    [SAME, ["\"2026-04-02T00:00:00Z\"", "\"2026-04-02\""]],
    [SAME, ["\"2026-04-02T00:00:00Z\"", "\"2027-01-01T00:00Z\""]],
    // Margins.
    [["long = \"0.5\"", "long = \"1\""], SAME],
    [["long = \"0.5\"", "long = \"1.1\""], SAME],
    [["long = \"0.5\"", "long = \"-0.1\""], SAME],
    [["long = \"0.5\"\n", ""], SAME],
    [["call = { base = \"0.15\"", "call = { base = \"0\""], SAME],
    [["call = { base = \"0.15\"", "call = { base = \"-0.15\""], SAME],
    [["call = { base = \"0.15\"", "call = { base = \"0.150000001\""], SAME],
    [["premium = \"0.75\"", "premium = \"3.7777777\""], SAME],
    [["premium = \"0.75\"", "premium = \"-1\""], SAME],
    [["premium = \"0.75\"", "premiums = \"1\""], SAME],
    [["[option_margins.BTC.maintenance]", "[option_margins.BTC.initial]"], SAME],
    [["[option_margins.BTC.maintenance]", "[option_margins.ETH.maintenance]"], SAME],
    [["margin = \"maintenance\"\n", "margin = \"initial\"\n"], SAME],
    [["kind = \"margin\"", "kind = \"credit\""], SAME],
    // Moves.
    [["vol_move = \"0.5\"", "vol_move = \"-1\""], SAME],
    [["vol_move = \"0.5\"", "vol_move = \"-1.1\""], SAME],
    [["vol_move = \"0.5\"", ""], SAME],
    [["moves = { BTC = \"-0.2\" }\n", ""], SAME],
    [["moves = { BTC = \"-0.2\" }", "moves = { BTC = \"-1\" }"], SAME],
    [["moves = { BTC = \"-0.2\" }", "moves = { BTC = \"7.25\" }"], SAME],
    [["kind = \"mark\"", "kind = \"mark\"\nvol_move = \"0\""], SAME],
    [["kind = \"mark\"", "kind = \"mark\"\nexpiries = {}"], SAME],
    [
        [
            "vol_move = \"0.5\"",
            "vol_move = \"0.5\"\n[scenarios.expiries]\n\"2027-01-01T00:00:00Z\" = { move = \"0.25\", \
             vol_move = \"-0.125\" }",
        ],
        SAME,
    ],
    [
        [
            "vol_move = \"0.5\"",
            "[scenarios.expiries]\n\"2026-01-01T00:00:00Z\" = { vol_move = \"1\" }",
        ],
        SAME,
    ],
    [["vol_move = \"0.5\"", "[scenarios.expiries]\n\"2027-01-01T00:00:00Z\" = {}"], SAME],
    [
        ["vol_move = \"0.5\"", "[scenarios.expiries]\n\"2028-01-01T00:00:00Z\" = { move = \"0\" }"],
        SAME,
    ],
    [
        [
            "vol_move = \"0.5\"",
            "[scenarios.expiries]\n\"2027-01-01T00:00:00Z\" = { discount = \"0.5\" }",
        ],
        SAME,
    ],
    [
        [
            "vol_move = \"0.5\"",
            "[scenarios.expiries]\n\"2027-01-01T00:00:00Z\" = { move = \"-1.01\" }",
        ],
        SAME,
    ],
    // Names, classes, policy.
    [["[options.BTC-JUN-110-P]", "[options.BTC-PERP]"], SAME],
    [["[options.BTC-JUN-110-P]", "[options.\"BTC JUN\"]"], SAME],
    [["[policy]", "[classes.house]\n[policy]"], SAME],
    [["[policy]", "[classes.pool]\nmarkets = [\"BTC-JUN-110-P\", \"BTC-PERP\"]\n[policy]"], SAME],
    [["[policy]", "[classes.pool]\nmarkets = [\"BTC-MAY\"]\n[policy]"], SAME],
    [
        [
            "[markets.BTC-PERP]\nunderlying = \"BTC\"\ndecimals = 2\n\
             tiers = [{ maintenance = \"0.05\" }]\n",
            "",
        ],
        SAME,
    ],
    [["cover = false\n", ""], SAME],
    [["cover = false\n", "cover = true\n"], ["\"expiries\"", "\"rate\": \"0.5\", \"expiries\""]],
    [
        ["cover = false\n", ""],
        ["\"80\": \"0.2\", \"100\": \"0.2\"", "\"80\": \"2.5\", \"100\": \"3\""],
    ],
];

/// Fields of a constraint that bounds a contingency of the same rules.
const CONSTRAINTS: &[&str] = &[
    "default_move = \"-0.15\"\nvol_move = \"0.4\"",
    "default_move = \"0.15\"\nmoves = { BTC = \"-0.2\" }\nvol_move = \"-0.3\"\nweight = \"0.35\"",
    "default_move = \"-0.1\"\nonly = [\"BTC-YEAR-100-C\", \"USDC\"]",
    "default_move = \"-0.1\"\nonly = [\"BTC-MAY\"]",
    "default_move = \"0\"\nmoves = { BTC = \"-0.2\" }\nvol_move = \"0.5\"\nweight = \"0.5\"\n\
     expiries = { \"2027-01-01T00:00:00Z\" = { move = \"-0.05\", vol_move = \"0.6\", discount = \
     \"0.94\", weight = \"1.3\" } }",
    "default_move = \"0\"\n\
     expiries = { \"2026-07-02T00:00:00Z\" = { discount = \"0\" }, \"2026-01-01T00:00:00Z\" = { \
     move = \"0.1\", discount = \"0.333333333333\" } }",
    "default_move = \"0\"\nexpiries = { \"2027-01-01T00:00:00Z\" = { discount = \"1.01\" } }",
    "default_move = \"0\"\nexpiries = { \"2027-01-01T00:00:00Z\" = { discount = \"-0.01\" } }",
    "default_move = \"0\"\nexpiries = { \"2027-01-01T00:00:00Z\" = { weight = \"0\" } }",
    "rates = { \"long BTC-YEAR-100-C\" = \"0.0123456789\", \"short BTC-YEAR-100-C\" = \
     \"-0.0123456789\", \"short BTC-PERP\" = \"-0.01\" }",
    "rates = { \"long BTC-YEAR-100-C\" = \"0.0123456789\", \"short BTC-YEAR-100-C\" = \
     \"-0.0123456789\", \"short BTC-PERP\" = \"-0.01\" }\nrates_of = \"underlying\"",
    "rates = { \"long BTC-YEAR-100-C\" = \"0.01\", \"short BTC-YEAR-100-C\" = \"0\" }",
    "rates = { \"short BTC-MAY\" = \"-0.01\" }",
    "rates = { \"short BTC-JUN-110-P\" = \"-0.01\" }\nvol_move = \"0.1\"",
    "rates = { \"short BTC-JUN-110-P\" = \"-0.01\" }\n\
     expiries = { \"2027-01-01T00:00:00Z\" = { move = \"0\" } }",
    "delta = { underlying = \"BTC\", net = \"0.015\", gross = \"0.005\" }",
    "delta = { underlying = \"BTC\", net = \"-0.0150001\", gross = \"0\" }",
    "delta = { underlying = \"BTC\", net = \"1\", gross = \"0.5\" }\nonly = [\"BTC-JUN-110-P\"]",
    "delta = { underlying = \"BTC\", net = \"1\", gross = \"0\" }\nonly = [\"USDC\"]",
    "delta = { underlying = \"USDC\", net = \"1\", gross = \"0.25\" }",
    "delta = { underlying = \"BTC\", net = \"1\", gross = \"-0.5\" }",
    "delta = { underlying = \"BTC\", net = \"1\", gross = \"0.5\" }\nvol_move = \"0.1\"",
];

/// Prices at which constraints are looked at: those of the book, and with forwards, a rate and a time
/// between seconds.
const PRICE_CHANGES: [Change; 2] = [
    SAME,
    [
        "{ \"strikes\": { \"80\": \"0.2\", \"100\"",
        "{ \"forward\": \"107.25\", \"strikes\": { \"80\": \"0.35\", \"100\"",
    ],
];

/// The rows of the table by which each change can be told; nothing where it is refused.
fn rows(rules: &str, prices: &str) -> Option<Value> {
    let (rules, prices) = (Rules::parse(rules).ok()?, Prices::parse(prices).ok()?);
    let compiled = compile(&rules, &prices).ok()?;
    let rows = compiled.rows.iter().zip(compiled.table.instruments());
    let rows = rows.map(|(row, instrument)| {
        let values: Vec<_> = instrument.values.iter().map(|v| v.units().to_string()).collect();
        let cap = instrument.cap.map(|cap| cap.units().to_string());
        json!([row.name, row.decimals, cap, values])
    });
    Some(rows.collect())
}

#[test]
fn every_change_comes_to_what_is_listed() {
    let replaced = |text: &str, [from, to]: [&str; 2]| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let listed = |[from, to]: [&str; 2], price: Change| {
        let rows = rows(&replaced(RULES, [from, to]), &replaced(PRICES, price));
        let [price_from, price_to] = price;
        // One line each.
        json!({ "from": from, "to": to, "price_from": price_from, "price_to": price_to, "rows": rows })
            .to_string()
    };
    let own = CHANGES.iter().map(|&[rules, prices]| listed(rules, prices));
    let constraints = CONSTRAINTS.iter().flat_map(|fields| {
        let constraint = format!(
            "[contingencies.scan]\nmaintenance = \"1.25\"\n[[scenarios]]\nname = \"scan\"\n\
             kind = \"constraint\"\ncontingency = \"scan\"\n{fields}\n[assets.USDC]"
        );
        PRICE_CHANGES.map(|prices| listed(["[assets.USDC]", &constraint], prices))
    });
    let listed = own.chain(constraints).collect::<Vec<_>>().join(",\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/test/native/options.json");
    bless(path, format!("[\n{listed}\n]\n"));
}

/// Tables that the page made of random rules and prices, one a line: `PACIOLI_TABLES` names the file,
/// which `web/test/random-tables.test.ts` writes.
#[test]
#[ignore = "compares a file that a test of the page writes"]
#[expect(clippy::print_stderr, reason = "it is run by hand, for these numbers")]
fn random_tables_are_those_of_the_page() {
    let path = std::env::var("PACIOLI_TABLES").expect("PACIOLI_TABLES names the file");
    let file = std::fs::read_to_string(path).unwrap();
    let mut counts = [0, 0];
    for line in file.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let [rules, prices] = ["rules", "prices"].map(|key| case[key].as_str().unwrap());
        let rows = rows(rules, prices).unwrap_or_default();
        counts[usize::from(rows.is_null())] += 1;
        assert_eq!(rows, case["rows"], "{rules}\n{prices}");
    }
    eprintln!("{} tables are the same, {} are refused by both", counts[0], counts[1]);
}

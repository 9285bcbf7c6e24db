//! Rules with options, compiled by hand.

use pacioli_attestation::figures;
use pacioli_circuits::{Instrument, InstrumentTable, ScenarioId, Total, Totals, Value};
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{
    CheckError, Compiled, Prices, Role, Rules,
    black76::Exposure,
    check_table, compile,
    testing::{changed, refuses_with},
};

const RULES: &str = include_str!("../../../../rules/tests/books/options/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/options/prices.json");

/// Compiles the two files with texts of them replaced.
fn with(rules: &[(&str, &str)], prices: &[(&str, &str)]) -> Result<Compiled, String> {
    let rules = Rules::parse(&changed(RULES, rules)).map_err(|error| error.to_string())?;
    let prices = Prices::parse(&changed(PRICES, prices)).map_err(|error| error.to_string())?;
    compile(&rules, &prices).map_err(|error| error.to_string())
}

fn values(compiled: &Compiled, name: &str) -> Vec<i128> {
    let row = compiled.find(name).unwrap_or_else(|| panic!("{name}"));
    compiled.table.get(row).unwrap().values.iter().map(|value| value.units()).collect()
}

#[track_caller]
fn refuses(rules: &[(&str, &str)], prices: &[(&str, &str)], expected: &str) {
    refuses_with(with(rules, prices), expected);
}

// By mpmath: the call of a year and the put of June, at mark and in the crash.
const YEAR: i128 = 7_965_567;
const YEAR_CRASH: i128 = 3_534_390;
const JUNE: i128 = 12_204_801;
const JUNE_CRASH: i128 = 30_575_734;

// By mpmath and by hand: three calls of a year and half an expired call; one call of a year, one
// put of June and half an expired call sold.
const LONG: [&str; 3] = ["2.119483511831", "0.059542882121551764", "119.08576425"];
const SHORT: [&str; 3] = ["-0.312664528002", "-0.043382119195073816", "-63.16526851"];
const NET: [&str; 3] = ["1.806818983829", "0.016160762926477948", "55.92049574"];

#[test]
fn an_option_is_worth_its_model_and_a_short_its_margin_less() {
    let compiled = with(&[], &[]).unwrap();
    // 7.965567 for a volatility of 20 %. In the crash the forward is 80 and the volatility 30 %.
    // A short keeps 15 % of 100, being at the money.
    assert_eq!(values(&compiled, "long BTC-YEAR-100-C"), [YEAR, YEAR / 2, YEAR_CRASH]);
    assert_eq!(values(&compiled, "short BTC-YEAR-100-C"), [-YEAR, -YEAR - 15_000_000, -YEAR_CRASH]);
    // Halfway in time: a variance between that of April and that of the year. In the money, so that
    // nothing is taken off 15 % of 100.
    assert_eq!(values(&compiled, "long BTC-JUN-110-P"), [JUNE, JUNE / 2, JUNE_CRASH]);
    assert_eq!(values(&compiled, "short BTC-JUN-110-P"), [-JUNE, -JUNE - 15_000_000, -JUNE_CRASH]);
}

#[test]
fn an_expired_option_is_worth_what_exercise_brings() {
    let compiled = with(&[], &[]).unwrap();
    assert_eq!(values(&compiled, "long BTC-OLD-90-C"), [10_000_000, 5_000_000, 0]);
    assert_eq!(values(&compiled, "short BTC-OLD-90-C"), [-10_000_000, -25_000_000, 0]);
    // It needs no volatility: all of these have expired too.
    let later = [("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")];
    let compiled = with(&[], &later).unwrap();
    assert_eq!(values(&compiled, "long BTC-JUN-110-P"), [10_000_000, 5_000_000, 30_000_000]);
}

#[test]
fn a_short_out_of_the_money_keeps_less_and_never_less_than_the_floor() {
    let margin = |from: &str, to: &str| {
        let compiled = with(&[(from, to)], &[]).unwrap();
        let short = values(&compiled, "short BTC-YEAR-100-C");
        short[0] - short[1]
    };
    assert_eq!(margin("strike = \"100\"", "strike = \"103\""), 12_000_000);
    assert_eq!(margin("strike = \"100\"", "strike = \"119\""), 10_000_000);
    assert_eq!(margin("strike = \"100\"", "strike = \"81\""), 15_000_000);
    let premium = "floor = \"0.1\", premium = \"3\"";
    assert_eq!(margin("floor = \"0.1\"", premium), 3 * YEAR);
    assert_eq!(margin("base = \"0.15\"", "base = \"0.1500000001\""), 15_000_001, "rounded up");
    let put = with(&[("\"110\"", "\"96\"")], &[]).unwrap();
    let short = values(&put, "short BTC-JUN-110-P");
    assert_eq!(short[0] - short[1], 11_000_000);
}

#[test]
fn an_option_gains_or_loses_in_a_constraint() {
    let constraint = |fields: &str| {
        let scenario = format!(
            "[contingencies.scan]\nmaintenance = \"1\"\n[[scenarios]]\nname = \"scan\"\n\
             kind = \"constraint\"\ncontingency = \"scan\"\n{fields}\n[assets.USDC]"
        );
        with(&[("[assets.USDC]", &scenario)], &[])
    };
    let gains = |fields: &str| {
        let compiled = constraint(fields).unwrap();
        ["long", "short"].map(|side| values(&compiled, &format!("{side} BTC-YEAR-100-C"))[3])
    };
    let moves = "default_move = \"0\"\nmoves = { BTC = \"-0.2\" }\nvol_move = \"0.5\"";
    let loss = YEAR - YEAR_CRASH;
    assert_eq!(gains(moves), [-loss, loss]);
    // 4,431,177 / 2, both rounded down.
    assert_eq!(gains(&format!("{moves}\nweight = \"0.5\"")), [-2_215_589, 2_215_588]);
    assert_eq!(gains(&format!("{moves}\nonly = [\"BTC-YEAR-100-C\"]")), [-loss, loss]);
    assert_eq!(gains(&format!("{moves}\nonly = [\"BTC-PERP\"]")), [0, 0]);
    let rates = "rates = { \"short BTC-YEAR-100-C\" = \"-0.01\" }";
    assert_eq!(gains(rates), [0, -79_656]);
    let error = constraint("rates = { \"short BTC-MAY\" = \"-0.01\" }").unwrap_err();
    assert!(error.contains("BTC-MAY"), "{error}");
}

#[test]
fn options_stand_after_the_markets_and_count_as_ones() {
    let compiled = with(&[], &[]).unwrap();
    let names: Vec<&str> = compiled.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names[3..11],
        [
            "long BTC-PERP",
            "short BTC-PERP",
            "long BTC-JUN-110-P",
            "short BTC-JUN-110-P",
            "long BTC-OLD-90-C",
            "short BTC-OLD-90-C",
            "long BTC-YEAR-100-C",
            "short BTC-YEAR-100-C",
        ]
    );
    assert_eq!(compiled.rows[10].role, Role::Short { market: 3, tier: 0 });
    assert_eq!(compiled.options.len(), 3);
}

#[test]
fn an_option_whose_sides_are_not_opposite_is_refused() {
    let compiled = with(&[], &[]).unwrap();
    let roles: Vec<_> = compiled.rows.iter().map(|row| row.role).collect();
    let classes: Vec<_> = compiled.rows.iter().map(|row| row.class).collect();
    let kinds: Vec<_> = compiled.scenarios.iter().map(|scenario| scenario.kind).collect();
    let after = |row: usize, scenario: ScenarioId, by: i128| {
        let mut rows: Vec<Instrument> = compiled.table.instruments().to_vec();
        let value = &mut rows[row].values[scenario];
        *value = Value::new(value.units() + by).unwrap();
        check_table(&InstrumentTable::new(3, rows).unwrap(), &roles, &classes, &kinds)
    };
    let [asset, liability] = [9, 10];
    let [mark, margin, stress] = [0, 1, 2].map(ScenarioId::new);
    assert_eq!(after(liability, mark, 0), Ok(()));
    for scenario in [mark, stress] {
        let error = Err(CheckError::Opposite { asset, liability, scenario });
        assert_eq!(after(liability, scenario, 1), error);
        assert_eq!(after(asset, scenario, 1), error);
    }
    let above = Err(CheckError::AboveMark { row: asset, scenario: margin });
    assert_eq!(after(asset, margin, YEAR), above, "a long cannot count for more than its value");
}

#[test]
fn a_holder_of_options_balances_in_every_scenario() {
    let compiled = with(&[], &[]).unwrap();
    let text = "account,instrument,quantity\n\
                a,long BTC-YEAR-100-C,3.00\na,quote debit,20\n\
                b,short BTC-YEAR-100-C,3\nb,deposit USDC,50\n";
    let snapshot = read_csv(text.as_bytes(), "book.csv").unwrap();
    let options = Strictness::default();
    let ledger = balance_accounts(snapshot, &compiled, &options, 64).unwrap();
    let lines = |account: usize| -> Vec<String> {
        let lines = ledger.accounts.get(account).unwrap().1.lines.into_iter();
        let line = lines.map(|line| {
            let name = &compiled.rows[line.instrument.row()].name;
            format!("{name} {}", line.quantity.units())
        });
        line.collect()
    };
    // 300 units of 0.01 option each, in units of 1e-8 USD.
    let (mark, crash) = (300 * YEAR - 2_000_000_000, 2_000_000_000 - 300 * YEAR_CRASH);
    let kept = 2_000_000_000 - 300 * (YEAR / 2);
    assert_eq!(
        lines(0),
        [
            "long BTC-YEAR-100-C 300".to_owned(),
            "quote debit 2000000000".to_owned(),
            format!("equity:mark {mark}"),
            format!("shortfall:maintenance {kept}"),
            format!("shortfall:crash {crash}"),
        ]
    );
    let (mark, crash) = (5_000_000_000 - 300 * YEAR, 5_000_000_000 - 300 * YEAR_CRASH);
    let kept = 300 * (YEAR + 15_000_000) - 5_000_000_000;
    assert_eq!(
        lines(1),
        [
            "deposit USDC 50000000".to_owned(),
            "short BTC-YEAR-100-C 300".to_owned(),
            format!("equity:mark {mark}"),
            format!("shortfall:maintenance {kept}"),
            format!("equity:crash {crash}"),
        ]
    );
    let unknown = read_csv("account,instrument,quantity\na,long BTC-MAY-1-C,1\n".as_bytes(), "b");
    let error =
        balance_accounts(unknown.unwrap(), &compiled, &options, 64).unwrap_err().to_string();
    assert!(error.contains("long BTC-MAY-1-C"), "{error}");
}

#[test]
fn the_books_greeks_follow_from_the_totals() {
    let compiled = with(&[], &[]).unwrap();
    let mut totals = vec![Total { count: 0, quantity: 0 }; compiled.rows.len()];
    for (name, quantity) in [
        ("long BTC-YEAR-100-C", 300),
        ("short BTC-YEAR-100-C", 100),
        ("short BTC-JUN-110-P", 100),
        ("long BTC-OLD-90-C", 50),
        ("short BTC-OLD-90-C", 50),
    ] {
        totals[compiled.find(name).unwrap().row()] = Total { count: 1, quantity };
    }
    let figures = figures(&compiled, &Totals(totals)).unwrap();
    let [option] = &figures.options[..] else { panic!("one underlying") };
    assert_eq!(option.underlying, "BTC");
    let text = |exposure: &Exposure| {
        let gamma = exposure.gamma.as_ref().unwrap().to_string();
        [exposure.delta.to_string(), gamma, exposure.vega.to_string()]
    };
    assert_eq!(text(&option.long), LONG);
    assert_eq!(text(&option.short), SHORT);
    assert_eq!(text(&option.net), NET);
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["options"][0]["net"]["delta"], NET[0]);
}

#[test]
fn a_gamma_without_bound_is_none() {
    let compiled = with(&[("strike = \"90\"", "strike = \"100\"")], &[]).unwrap();
    let mut totals = vec![Total { count: 0, quantity: 0 }; compiled.rows.len()];
    totals[compiled.find("short BTC-OLD-90-C").unwrap().row()] = Total { count: 1, quantity: 1 };
    let figures = figures(&compiled, &Totals(totals)).unwrap();
    assert!(figures.options[0].long.gamma.is_some());
    assert_eq!(figures.options[0].short.gamma, None);
    assert_eq!(figures.options[0].net.gamma, None);
}

#[test]
fn what_is_missing_is_named() {
    refuses(
        &[],
        &[("\"BTC\": {", "\"ETH\": {")],
        "options.BTC-JUN-110-P: the prices have no `vols.BTC`",
    );
    let expiry =
        "options.BTC-JUN-110-P: vols.BTC: there is no volatility for the expiry 2026-07-02";
    refuses(&[], &[("2026-04-02", "2026-07-03")], expiry);
    let strike = "options.BTC-JUN-110-P: vols.BTC: 2026-04-02T00:00:00Z: there is no volatility \
                  for the strike 110";
    refuses(&[], &[("\"120\"", "\"109\"")], strike);
    let price = "options.BTC-JUN-110-P: there is no price for `ETH`";
    let margins = (
        "[option_margins.BTC",
        "[option_margins.ETH.maintenance]\nlong = \"0\"\ncall = { base = \"0\", floor = \"0\" }\nput = { base = \"0\", floor = \"0\" }\n[option_margins.BTC",
    );
    refuses(
        &[
            ("BTC-JUN-110-P]\nunderlying = \"BTC\"", "BTC-JUN-110-P]\nunderlying = \"ETH\""),
            margins,
        ],
        &[],
        price,
    );
    let margin = "option_margins.BTC.maintenance: is missing: a margin scenario needs it";
    refuses(&[("[option_margins.BTC.", "[option_margins.ETH.")], &[], margin);
    let own = "options.BTC-JUN-110-P: does not belong here: the prices have one of its name";
    refuses(&[], &[("\"BTC\": \"100\"", "\"BTC\": \"100\", \"BTC-JUN-110-P\": \"9\"")], own);
}

#[test]
fn each_malformed_option_has_its_own_error() {
    let one = |from: &str, to: &str, expected: &str| refuses(&[(from, to)], &[], expected);
    one("\"110\"", "\"0\"", "options.BTC-JUN-110-P.strike: 0 is not above 0");
    one("\"110\"", "\"-1\"", "options.BTC-JUN-110-P.strike: -1 is not above 0");
    one("\"put\"", "\"straddle\"", "unknown variant `straddle`");
    one("2026-07-02T00:00:00Z", "2026-07-02", "is not a UTC time");
    one("BTC-JUN-110-P", "BTC-PERP", "options.BTC-PERP: duplicate `BTC-PERP`");
    one("BTC-JUN-110-P", "\"BTC JUN\"", "options.BTC JUN: invalid name `BTC JUN`");
    let decimals = "side = \"put\"\ndecimals = 9";
    one("side = \"put\"\ndecimals = 2", decimals, "options.BTC-JUN-110-P.decimals: 9 decimals");
    let key = "option_margins.BTC.maintenance";
    one("long = \"0.5\"", "long = \"1.5\"", &format!("{key}.long: 1.5 is not from 0 to 1"));
    one("long = \"0.5\"", "long = \"-1\"", &format!("{key}.long: -1 is not from 0 to 1"));
    one("base = \"0.15\"", "base = \"-1\"", &format!("{key}.call.base: -1 is not at least 0"));
    one("premium = \"0.75\"", "premium = \"-1\"", &format!("{key}.put.premium: -1 is not"));
    one("vol_move = \"0.5\"", "vol_move = \"-1.5\"", "scenarios[2].vol_move: -1.5 is not at least");
    let mark = "kind = \"mark\"\nvol_move = \"0\"";
    one("kind = \"mark\"", mark, "scenarios[0].vol_move: does not belong here");
}

#[test]
fn what_cannot_be_valued_is_refused() {
    let stable = [("underlying = \"BTC\"", "underlying = \"USDC\"")];
    let worth = "options.BTC-JUN-110-P: worth -100000000000000000000 units of value in scenario \
                 `maintenance`, which is not below 2^64";
    refuses(&stable, &[("\"100\"", "\"1000000000000000\"")], worth);
    let variance = "options.BTC-YEAR-100-C: the total variance, 400, is not from 0 to 256";
    refuses(&[], &[("\"100\": \"0.2\"", "\"100\": \"20\"")], variance);
    let option = RULES.split_once("[options.BTC-OLD-90-C]").unwrap().1;
    let option = option.split_once("[options").unwrap().0;
    let many: Vec<_> = (3..1_020).map(|n| format!("[options.BTC-{n}]{option}")).collect();
    let many = format!("{}[option_margins", many.concat());
    // Of 2,048 rows the empty slot, the quote and the closings take nine.
    let error = "options: 1020 options are more than the 1019 that a table has rows for";
    refuses(&[("[option_margins", &many)], &[], error);
    let house = many.replace("[option_margins", "[classes.house]\n[option_margins");
    let error = "options: 1020 options are more than the 509 that a table has rows for";
    refuses(&[("[option_margins", &house)], &[], error);
}

#[test]
fn volatility_moves_only_where_there_are_options() {
    let (head, rest) = RULES.split_once("[options.BTC-JUN-110-P]").unwrap();
    let policy = rest.split_once("[policy]").unwrap().1;
    let error = Rules::parse(&format!("{head}[policy]{policy}")).unwrap_err().to_string();
    assert!(error.starts_with("scenarios[2].vol_move: does not belong here"), "{error}");
}

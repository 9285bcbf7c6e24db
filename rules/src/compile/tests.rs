use super::*;
use crate::{
    prices::Prices,
    rules::Rules,
    testing::{refuses_with, small_book_with as with},
};

#[track_caller]
fn refuses(rules: &[(&str, &str)], prices: &[(&str, &str)], expected: &str) {
    refuses_with(with(rules, prices), expected);
}

fn values(compiled: &Compiled, name: &str) -> Vec<i128> {
    let row = compiled.find(name).unwrap();
    compiled.table.get(row).unwrap().values.iter().map(|value| value.units()).collect()
}

#[test]
fn the_same_files_make_the_same_table() {
    assert_eq!(with(&[], &[]).unwrap(), with(&[], &[]).unwrap());
}

#[test]
fn every_value_but_mark_is_rounded_against_the_account() {
    // 0.000001 USD a unit: 10^6 units of value, times 10^-3 of quantity and 10^-6 of price.
    let compiled = with(&[], &[("\"20000\"", "\"0.007\""), ("\"1000.00\"", "\"0.0007\"")]);
    let compiled = compiled.unwrap();
    assert_eq!(values(&compiled, "deposit BTC tier 1"), [7, 6, 4]);
    assert_eq!(values(&compiled, "borrow BTC"), [-7, -7, -5]);
    assert_eq!(values(&compiled, "long ETH-PERP tier 1"), [7, 6, 3]);
    assert_eq!(values(&compiled, "short ETH-PERP tier 1"), [-7, -8, -4]);
}

/// At a price of 1 unit a deposit would be worth nothing after a move of -1 %, so that a stress
/// owed nothing to anybody.
#[test]
fn what_a_stress_rounds_off_is_a_small_part() {
    let coarse = "worth less than 1000 units of value in scenario `crash`, and not a whole number";
    let asked = ("[policy]", "[policy]\ncoverage = { crash = \"0.1\" }");
    let tiny = |price: &str, by: &str| {
        let moves = ("moves = { BTC = \"-0.4\" }", by);
        with(&[moves, asked], &[("\"20000\"", price)]).map(|_| ())
    };
    let moved = |by: &str| format!("moves = {{ BTC = \"{by}\" }}");
    for (price, by) in [("0.001", "-0.01"), ("0.007", "-0.4"), ("1.665", "-0.4001")] {
        let error = tiny(&format!("\"{price}\""), &moved(by)).unwrap_err();
        assert!(error.contains(coarse), "{error}");
    }
    for (price, by) in [("0.010", "-0.4"), ("0.001", "-1"), ("0", "-0.01"), ("1.667", "-0.4")] {
        assert_eq!(tiny(&format!("\"{price}\""), &moved(by)), Ok(()), "{price}");
    }
    let cheap = ("\"1000.00\"", "\"0.0007\"");
    let short = with(&[asked], &[cheap]).unwrap_err();
    assert!(short.contains(coarse) && short.contains("ETH-PERP"), "{short}");
    // Where no clause rests on what is owed there, only the figure is rounded.
    assert!(with(&[], &[cheap]).is_ok());
}

/// An option's value is rounded at mark as well: one of less than a unit would be owed to nobody.
#[test]
fn an_options_unit_is_a_small_part_of_its_underlying() {
    let rules = include_str!("../../tests/books/options/rules.toml");
    let prices = include_str!("../../tests/books/options/prices.json");
    let compiled = |rules: &str| {
        compile(&Rules::parse(rules).unwrap(), &Prices::parse(prices).unwrap()).map(|_| ())
    };
    assert!(compiled(rules).is_ok());
    let (head, tail) = rules.split_once("underlying = \"BTC\"").unwrap();
    let coarse =
        format!("{head}underlying = \"BTC\"{}", tail.replace("decimals = 2", "decimals = 8"));
    let error = compiled(&coarse).unwrap_err().to_string();
    assert!(error.contains("worth less than 1000000 units of value in scenario `mark`"), "{error}");
}

#[test]
fn a_price_of_zero_and_a_move_to_zero_are_worth_nothing() {
    let compiled = with(&[("\"-0.4\"", "\"-1\"")], &[("\"1000.00\"", "\"0\"")]).unwrap();
    assert_eq!(values(&compiled, "deposit BTC tier 1"), [20_000_000, 18_000_000, 0]);
    assert_eq!(values(&compiled, "long ETH-PERP tier 2"), [0, 0, 0]);
    assert_eq!(values(&compiled, "short ETH-PERP tier 2"), [0, 0, 0]);
}

#[test]
fn a_mark_price_finer_than_a_unit_of_value_says_which_decimals_would_do() {
    let expected = "assets.BTC: BTC: the price 0.00070 needs 4 decimals, and with 3 decimals \
                    of quantity and value_decimals 6 a price has 3: use at most 2 decimals";
    refuses(&[], &[("\"20000\"", "\"0.00070\"")], expected);
    assert!(with(&[("decimals = 3", "decimals = 2")], &[("20000", "0.00070")]).is_ok());
}

#[test]
fn values_stay_below_their_bound() {
    let expected = "assets.BTC: BTC: worth 18446744073709551616 units of value in scenario \
                    `mark`, which is not below 2^64";
    refuses(&[], &[("\"20000\"", "\"18446744073709551.616\"")], expected);
    assert!(with(&[], &[("\"20000\"", "\"18446744073709551.615\"")]).is_ok());
    let expected = "assets.BTC: BTC: worth 36893488147419103230 units of value in scenario `crash`";
    let double = [("\"-0.4\"", "\"1\"")];
    refuses(&double, &[("\"20000\"", "\"18446744073709551.615\"")], expected);
    let quote = [("value_decimals = 6", "value_decimals = 20\nquote_decimals = 0")];
    let tiny = [("20000", "0"), ("\"1000.00\"", "\"0\""), ("\"1\"", "\"0\"")];
    refuses(&quote, &tiny, "quote_decimals: USD: worth 100000000000000000000 units of value");
}

#[test]
fn a_table_has_2048_rows_at_most() {
    let prices = |assets: usize| {
        let list: Vec<_> = (0..assets).map(|n| format!("\"A{n}\": \"1\"")).collect();
        format!("{}, \"ETH\": \"1\"", list.join(", "))
    };
    let default = "[asset_default]\ndecimals = 2\nmaintenance = \"0.5\"\n[assets.BTC]";
    let compiled = |assets| {
        let from = "\"BTC\": \"20000\", \"ETH\": \"1000.00\", \"USDC\": \"1\"";
        with(&[("[assets.BTC]", default)], &[(from, &prices(assets))])
    };
    // 15 rows for the empty slot, the market, the quote and the closings; two for each asset.
    assert_eq!(compiled(1_015).unwrap().rows.len(), 2_047);
    let error = compiled(1_016).unwrap_err();
    assert!(error.contains("a table has 1 to 2048 instruments, not 2049"), "{error}");
}

/// The last asset's value is too large, which would be said first.
#[test]
fn what_has_no_room_is_counted_and_not_valued() {
    let list: Vec<_> = (0..1_100).map(|n| format!("\"A{n}\": \"1\"")).collect();
    let prices = format!("{}, \"ETH\": \"1\", \"Z\": \"9999999999999999\"", list.join(", "));
    let default = "[asset_default]\ndecimals = 2\nmaintenance = \"0.5\"\n[assets.BTC]";
    let from = "\"BTC\": \"20000\", \"ETH\": \"1000.00\", \"USDC\": \"1\"";
    let error = with(&[("[assets.BTC]", default)], &[(from, &prices)]).unwrap_err();
    assert!(error.contains("a table has 1 to 2048 instruments, not 2219"), "{error}");
}

#[test]
fn the_default_rule_is_for_every_priced_asset_without_its_own() {
    let default =
        "[asset_default]\ndecimals = 1\nmaintenance = \"0.5\"\nborrow = false\n[assets.BTC]";
    let compiled = with(&[("[assets.BTC]", default)], &[]).unwrap();
    assert_eq!(values(&compiled, "deposit ETH"), [100_000_000, 50_000_000, 50_000_000]);
    assert_eq!(compiled.find("borrow ETH"), None);
    assert!(compiled.unruled.is_empty());
    assert_eq!(with(&[], &[]).unwrap().unruled, BTreeSet::from(["ETH".to_owned()]));
}

#[test]
fn a_list_shares_one_rule_and_what_has_no_price_has_no_row() {
    let also = [("decimals = 2\nshocked", "decimals = 2\nalso = [\"DAI\", \"USDT\"]\nshocked")];
    let compiled = with(&also, &[("\"ETH\"", "\"DAI\": \"0.99\", \"ETH\"")]).unwrap();
    assert_eq!(values(&compiled, "borrow DAI"), [-9_900, -10_395, -9_900]);
    assert_eq!(compiled.find("deposit USDT"), None);
}

#[test]
fn the_quote_currency_is_an_asset_worth_one_that_never_moves() {
    let usd = [("[assets.USDC]", "[assets.USD]")];
    let compiled = with(&usd, &[]).unwrap();
    assert_eq!(values(&compiled, "deposit USD"), [10_000, 10_000, 10_000]);
    let shocked = [("[assets.USDC]", "[assets.USD]"), ("shocked = false", "shocked = true")];
    assert_eq!(values(&with(&shocked, &[]).unwrap(), "deposit USD"), [10_000; 3]);
    refuses(&[], &[("\"USD\"", "\"EUR\"")], "quote: the rules are in USD and the prices in EUR");
}

#[test]
fn a_market_has_its_own_price_or_its_underlyings() {
    let own = [("\"ETH\"", "\"ETH-PERP\": \"1010\", \"ETH\"")];
    let compiled = with(&[], &own).unwrap();
    let long = values(&compiled, "long ETH-PERP tier 1");
    assert_eq!(long, [10_100_000, 9_595_000, 5_050_000]);
    assert!(!compiled.unruled.contains("ETH-PERP"));
    refuses(&[], &[("\"ETH\"", "\"ETC\"")], "markets.ETH-PERP: there is no price for `ETH`");
}

#[test]
fn a_market_may_bear_the_name_of_its_underlying() {
    let default = "[asset_default]\ndecimals = 2\nmaintenance = \"1\"\n[assets.BTC]";
    let rules = [("[assets.BTC]", default), ("markets.ETH-PERP", "markets.ETH")];
    let compiled = with(&rules, &[]).unwrap();
    assert!(compiled.find("deposit ETH").is_some());
    let rules = [("[assets.BTC]", default)];
    let compiled = with(&rules, &[("\"ETH\"", "\"ETH-PERP\": \"1010\", \"ETH\"")]).unwrap();
    assert_eq!(compiled.find("deposit ETH-PERP"), None);
}

#[test]
fn a_market_moves_with_its_underlying() {
    let moves = [("BTC = \"-0.4\"", "ETH = \"-0.25\"")];
    let compiled = with(&moves, &[]).unwrap();
    assert_eq!(values(&compiled, "long ETH-PERP tier 1")[2], 7_500_000);
    assert_eq!(values(&compiled, "deposit BTC tier 1")[2], 10_000_000);
}

#[test]
fn a_market_on_a_stablecoin_is_not_shocked_by_default() {
    let stable = [("underlying = \"ETH\"", "underlying = \"USDC\"")];
    let compiled = with(&stable, &[]).unwrap();
    assert_eq!(values(&compiled, "long ETH-PERP tier 1"), [10_000, 9_500, 10_000]);
    let default =
        "[asset_default]\ndecimals = 2\nmaintenance = \"1\"\nshocked = false\n[assets.BTC]";
    let compiled = with(&[("[assets.BTC]", default)], &[]).unwrap();
    assert_eq!(values(&compiled, "short ETH-PERP tier 1")[2], -10_000_000);
}

#[test]
fn a_cap_is_the_size_of_its_tier_alone() {
    let third = "{ up_to = \"2.5\", maintenance = \"0.8\" }, { maintenance = \"0.8\" }";
    let compiled = with(&[("{ maintenance = \"0.8\" }", third)], &[]).unwrap();
    let cap = |name| {
        let row = compiled.table.get(compiled.find(name).unwrap()).unwrap();
        row.cap.map(|cap| cap.units())
    };
    assert_eq!(cap("deposit BTC tier 1"), Some(2_000));
    assert_eq!(cap("deposit BTC tier 2"), Some(500));
    assert_eq!(cap("deposit BTC tier 3"), None);
    assert_eq!(compiled.assets["BTC"].deposits.len(), 3);
}

/// Names and caps of the rows whose name holds `part`, at a price of BTC and a price of ETH-PERP.
fn capped(part: &str, [btc, eth]: [&str; 2]) -> Vec<(String, Option<u128>)> {
    let rules = [
        (
            "{ up_to = \"2\"",
            "{ up_to_value = \"1000\", maintenance = \"0.95\" }, { up_to_value = \"40000\"",
        ),
        ("{ up_to = \"10\"", "{ up_to_value = \"9000\""),
    ];
    let eth = format!("\"ETH-PERP\": \"{eth}\", \"ETH\"");
    let compiled = with(&rules, &[("20000", btc), ("\"ETH\"", &eth)]).unwrap();
    let rows = compiled.rows.iter().zip(compiled.table.instruments());
    let rows = rows.filter(|(row, _)| row.name.contains(part));
    rows.map(|(row, one)| (row.name.clone(), one.cap.map(|cap| cap.units()))).collect()
}

#[test]
fn tiers_that_end_at_values_keep_their_names_at_every_price() {
    let row = |name: &str, cap| (name.to_owned(), cap);
    let deposit = |tier: usize, cap| row(&format!("deposit BTC tier {tier}"), cap);
    let headroom = |tier: usize| row(&format!("headroom deposit BTC tier {tier}"), None);
    let all =
        [deposit(1, Some(50)), headroom(1), deposit(2, Some(1_950)), headroom(2), deposit(3, None)];
    assert_eq!(capped("deposit BTC", ["20000", "1000"]), all);
    // Not one thousandth of a coin is worth 1,000 or less.
    let high = [deposit(2, Some(39)), headroom(2), deposit(3, None)];
    assert_eq!(capped("deposit BTC", ["1000000.001", "1000"]), high);
    assert_eq!(capped("deposit BTC", ["40000000.001", "1000"]), [deposit(3, None)]);
    let most = [deposit(1, Some((1 << 90) - 1)), headroom(1), deposit(3, None)];
    assert_eq!(capped("deposit BTC", ["0", "1000"]), most);
}

#[test]
fn a_market_has_its_tiers_at_its_own_price() {
    let caps = |price| -> Vec<_> {
        let rows = capped("ETH-PERP", ["20000", price]).into_iter();
        rows.filter_map(|(name, cap)| Some((name, cap?))).collect()
    };
    let both = |cap| ["long", "short"].map(|side| (format!("{side} ETH-PERP tier 1"), cap));
    assert_eq!(caps("1000"), both(900));
    assert_eq!(caps("1010"), both(891));
    assert_eq!(caps("900000.01"), []);
}

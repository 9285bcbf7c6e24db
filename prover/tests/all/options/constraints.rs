//! What options and what stands beside them gain in constraints, computed by mpmath: the values at
//! the moved forwards and volatilities, rounded down, and the products of decimals.

use pacioli_circuits::ScenarioId;
use pacioli_rules::{Compiled, Prices, Rules, compile};

const RULES: &str = include_str!("../../../../rules/tests/books/options/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/options/prices.json");

fn compiled(fields: &str, prices: &str) -> Result<Compiled, String> {
    let constraint = format!(
        "[contingencies.scan]\nmaintenance = \"1\"\n[[scenarios]]\nname = \"scan\"\n\
         kind = \"constraint\"\ncontingency = \"scan\"\n{fields}\n[assets.USDC]"
    );
    let rules = RULES.replace("[assets.USDC]", &constraint);
    let rules = Rules::parse(&rules).map_err(|error| error.to_string())?;
    compile(&rules, &Prices::parse(prices).unwrap()).map_err(|error| error.to_string())
}

/// What both sides of a market gain in the constraint of these fields.
fn gains_at(compiled: &Compiled, market: &str) -> [i128; 2] {
    ["long", "short"].map(|side| {
        let row = compiled.find(&format!("{side} {market}")).unwrap();
        compiled.table.get(row).unwrap().values[ScenarioId::new(3)].units()
    })
}

fn gains(fields: &str, market: &str) -> [i128; 2] {
    gains_at(&compiled(fields, PRICES).unwrap(), market)
}

const YEAR: &str = "BTC-YEAR-100-C";
const JUNE: &str = "BTC-JUN-110-P";
const OLD: &str = "BTC-OLD-90-C";
const PERP: &str = "BTC-PERP";

/// The moves of the scenario, and an entry for the expiry of a year from now.
fn of_the_year(entry: &str) -> String {
    format!(
        "default_move = \"0\"\nmoves = {{ BTC = \"-0.2\" }}\nvol_move = \"0.5\"\nweight = \"0.5\"\n\
         expiries = {{ \"2027-01-01T00:00:00Z\" = {{ {entry} }} }}"
    )
}

#[test]
fn an_expiry_moves_and_counts_in_its_own_way() {
    for (entry, expected) in [
        // At a forward of 95 and a volatility of 32 %: 10,051,583, of which 94 % count.
        (
            "move = \"-0.05\", vol_move = \"0.6\", discount = \"0.94\", weight = \"1.3\"",
            [1_927_797, -1_927_798],
        ),
        ("move = \"-0.05\"", [664_041, -664_041]),
        ("vol_move = \"0.6\"", [-1_943_554, 1_943_553]),
        ("discount = \"0.94\"", [-2_321_621, 2_321_620]),
        ("discount = \"0\"", [-3_982_784, 3_982_783]),
        ("weight = \"1.3\"", [-5_760_531, 5_760_530]),
    ] {
        let fields = of_the_year(entry);
        assert_eq!(gains(&fields, YEAR), expected, "{entry}");
        assert_eq!(gains(&fields, JUNE), [9_185_466, -9_185_467], "{entry}: another expiry");
        assert_eq!(gains(&fields, PERP), [-10_000_000, 10_000_000], "{entry}: no expiry");
        let only = format!("{fields}\nonly = [\"{PERP}\"]");
        assert_eq!(gains(&only, YEAR), [0, 0], "{entry}: left out");
    }
}

#[test]
fn an_expired_option_moves_from_its_underlyings_price() {
    let fields = "default_move = \"0\"\nmoves = { BTC = \"-0.2\" }\n\
                  expiries = { \"2026-01-01T00:00:00Z\" = { move = \"0.1\", discount = \"0.5\" } }";
    // max(110 - 90, 0) and a half of it, against 10.
    assert_eq!(gains(fields, OLD), [0, 0]);
    assert_eq!(gains(&fields.replace(", discount = \"0.5\"", ""), OLD), [10_000_000, -10_000_000]);
}

#[test]
fn a_stress_moves_an_expiry_in_its_own_way() {
    let entry = "expiries = { \"2027-01-01T00:00:00Z\" = { move = \"-0.3\", vol_move = \"1\" } }";
    let rules = RULES.replace("vol_move = \"0.5\"", &format!("vol_move = \"0.5\"\n{entry}"));
    let prices = Prices::parse(PRICES).unwrap();
    let compiled = compile(&Rules::parse(&rules).unwrap(), &prices).unwrap();
    let value = |name: &str| {
        let row = compiled.find(name).unwrap();
        compiled.table.get(row).unwrap().values[ScenarioId::new(2)].units()
    };
    assert_eq!(value("long BTC-YEAR-100-C"), 3_371_151);
    assert_eq!(value("short BTC-YEAR-100-C"), -3_371_151);
    assert_eq!(value("long BTC-JUN-110-P"), 30_575_734);
    assert_eq!(value("long BTC-PERP"), 80_000_000);
}

#[test]
fn rates_of_the_underlying_are_parts_of_its_price() {
    let rates = format!(
        "rates = {{ \"long {YEAR}\" = \"0.0123456789\", \"short {YEAR}\" = \"-0.0123456789\", \
         \"short {PERP}\" = \"-0.01\" }}"
    );
    // Of 100, whatever the option or the perpetual is worth.
    let own = PRICES.replace("\"BTC\": \"100\"", "\"BTC\": \"100\", \"BTC-PERP\": \"101.5\"");
    let of = format!("{rates}\nrates_of = \"underlying\"");
    let table = compiled(&of, &own).unwrap();
    assert_eq!(gains_at(&table, YEAR), [1_234_567, -1_234_568]);
    assert_eq!(gains_at(&table, PERP), [0, -1_000_000]);
    let of = format!("{rates}\nrates_of = \"price\"");
    for fields in [rates, of] {
        let table = compiled(&fields, &own).unwrap();
        assert_eq!(gains_at(&table, YEAR), [98_340, -98_341]);
        assert_eq!(gains_at(&table, PERP), [0, -1_015_000]);
    }
}

#[test]
fn a_delta_is_that_of_the_model() {
    let fields = |net: &str, gross: &str| {
        format!("delta = {{ underlying = \"BTC\", net = \"{net}\", gross = \"{gross}\" }}")
    };
    let both = fields("0.015", "0.005");
    assert_eq!(gains(&both, YEAR), [539_827, -1_079_656]);
    assert_eq!(gains(&both, JUNE), [-1_454_327, 727_163]);
    assert_eq!(gains(&both, OLD), [1_000_000, -2_000_000]);
    assert_eq!(gains(&both, PERP), [1_000_000, -2_000_000]);
    // Nothing is lost on both sides but the rounding.
    let net = fields("-0.0150001", "0");
    assert_eq!(gains(&net, YEAR), [-809_748, 809_747]);
    assert_eq!(gains(&net, JUNE), [1_090_752, -1_090_753]);
    assert_eq!(gains(&net, PERP), [-1_500_010, 1_500_010]);
    let only = format!("{both}\nonly = [\"{JUNE}\"]");
    assert_eq!(gains(&only, YEAR), [0, 0]);
    assert_eq!(gains(&only, PERP), [0, 0]);
    assert_eq!(gains(&only, JUNE), [-1_454_327, 727_163]);
}

/// A forward moves as its underlying does: 1 % of both is 1.05, of which the delta to it counts.
#[test]
fn a_delta_counts_at_its_forward() {
    let (listed, forward) =
        ("\"2027-01-01T00:00:00Z\": {", "\"2027-01-01T00:00:00Z\": { \"forward\": \"105\",");
    let prices = PRICES.replace(listed, forward);
    let fields = "delta = { underlying = \"BTC\", net = \"0.015\", gross = \"0.005\" }";
    let table = compiled(fields, &prices).unwrap();
    assert_eq!(gains_at(&table, YEAR), [666_286, -1_332_573]);
    assert_eq!(gains_at(&table, PERP), [1_000_000, -2_000_000]);
}

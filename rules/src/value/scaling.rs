//! Initial rates that rise with the open interest of a market, as those of dYdX v4 do
//! (`dydxprotocol/v4-chain`, `protocol/x/perpetuals/types/liquidity_tier.go`):
//!
//! ```text
//! rate = base + (1 - base) * min(1, max(0, (open interest - lower) / (upper - lower)))
//! ```
//!
//! where open interest is what the prices state in units of the market, times the price that the
//! market is marked at. Where it is above `lower`, the rate is rounded up to 18 decimals: a larger
//! base never gets a smaller rate, and no rate is above 1. Maintenance never scales, so who can be
//! liquidated does not depend on it. The figure stated is held against the book by
//! `pacioli_attestation::open_interest`.

use num_bigint::BigInt;

use super::terms::Base;
use crate::{
    decimal::{Decimal, div_floor},
    error::{Problem, RulesError, refuse},
    prices::Prices,
    schema::OpenInterestCaps,
};

/// Decimals of a scaled rate.
const RATE_DIGITS: u32 = 18;

/// The position of a market's open interest between the caps, as a fraction in `[0, 1]`.
pub(crate) struct Scaling {
    part: BigInt,
    whole: BigInt,
}

impl OpenInterestCaps {
    /// The scaling of a market's rates at the open interest that the prices state. `base` is what
    /// one unit of `10^-decimals` is worth.
    ///
    /// # Errors
    /// If the prices do not state it.
    pub(crate) fn scaling(
        &self,
        market: &str,
        prices: &Prices,
        base: &Base,
        [decimals, value_decimals]: [u32; 2],
    ) -> Result<Scaling, RulesError> {
        let Some(stated) = prices.open_interest.get(market) else {
            let key = format!("markets.{market}.open_interest");
            return refuse(key, Problem::NoOpenInterest(market.to_owned()));
        };
        // A whole unit is 10^decimals units of quantity, so the product has the decimals of value
        // and those of the figure; caps may have more.
        let product = stated.scale() + value_decimals;
        let scale = product.max(self.lower.scale()).max(self.upper.scale());
        let value = BigInt::from(stated.mantissa()) * &base.units;
        let value = value * BigInt::from(10).pow(decimals + scale - product);
        let [lower, upper] = [self.lower, self.upper].map(|cap| cap.floor_units(scale).0);
        let whole = &upper - &lower;
        let part = (value - lower).clamp(BigInt::ZERO, whole.clone());
        Ok(Scaling { part, whole })
    }
}

impl Scaling {
    /// The scaled rate.
    pub(crate) fn rate(&self, base: Decimal) -> Decimal {
        if self.part == BigInt::ZERO {
            return base;
        }
        // base + (1 - base) part / whole over the denominator 10^scale * whole.
        let one = BigInt::from(10).pow(base.scale());
        let rise = (&one - base.mantissa()) * &self.part;
        let rate = &self.whole * base.mantissa() + rise;
        let digits = BigInt::from(10).pow(RATE_DIGITS);
        let units = -div_floor(&-(rate * digits), &(one * &self.whole)).0;
        let units = i128::try_from(&units).expect("a rate of at most 1 has 19 digits");
        Decimal::new(units, RATE_DIGITS)
    }
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::ScenarioId;

    use super::*;
    use crate::{
        compile::compile,
        rules::Rules,
        table::Compiled,
        testing::{self, changed},
    };

    const RULES: &str = include_str!("../../tests/books/open_interest/rules.toml");
    const PRICES: &str = include_str!("../../tests/books/open_interest/prices.json");

    /// What the rules come to with a text of each file replaced.
    fn with(rules: [&str; 2], prices: [&str; 2]) -> Result<Compiled, String> {
        let replace = |text: &str, [from, to]: [&str; 2]| changed(text, &[(from, to)]);
        let rules = Rules::parse(&replace(RULES, rules)).map_err(|error| error.to_string())?;
        let prices = Prices::parse(&replace(PRICES, prices)).unwrap();
        compile(&rules, &prices).map_err(|error| error.to_string())
    }

    /// What a long and a short of one unit count for in maintenance and initial.
    fn at(open_interest: &str) -> [i128; 4] {
        let compiled = with(["", ""], ["\"3000000\"", &format!("\"{open_interest}\"")]).unwrap();
        let row = |side| compiled.find(&format!("{side} ADA-USD")).unwrap();
        let value =
            |side, scenario| compiled.table.get(row(side)).unwrap().values[scenario].units();
        let [maintenance, initial] = [1, 2].map(ScenarioId::new);
        [
            value("long", maintenance),
            value("short", maintenance),
            value("long", initial),
            value("short", initial),
        ]
    }

    #[test]
    fn the_rate_is_the_base_up_to_the_lower_cap_and_1_from_the_upper() {
        // At 2 USD the caps are 10 and 20 million coins. A coin is 2,000,000 units of value.
        for open_interest in ["0", "9999999.99999", "10000000"] {
            assert_eq!(at(open_interest), [1_940_000, -2_060_000, 1_900_000, -2_100_000]);
        }
        for open_interest in ["20000000", "20000000.1", "99999999999999999999999999999999999999"] {
            assert_eq!(at(open_interest), [1_940_000, -2_060_000, 0, -4_000_000]);
        }
        assert_eq!(at("15000000"), [1_940_000, -2_060_000, 950_000, -3_050_000]);
    }

    #[test]
    fn a_scaled_rate_is_rounded_up_at_the_18th_digit() {
        let caps = |upper: &str| OpenInterestCaps {
            lower: "0".parse().unwrap(),
            upper: upper.parse().unwrap(),
        };
        let prices = |stated: &str| {
            let text = PRICES.replacen("3000000", stated, 1);
            Prices::parse(&text).unwrap()
        };
        let rate = |upper: &str, stated: &str, base: &str| {
            let scaling = caps(upper).scaling("ADA-USD", &prices(stated), &Base::one(0), [0, 0]);
            scaling.unwrap().rate(base.parse().unwrap()).to_string()
        };
        assert_eq!(rate("3", "1", "0"), "0.333333333333333334");
        assert_eq!(rate("3", "2", "0.1"), "0.700000000000000000");
        assert_eq!(rate("3", "2", "0.10"), "0.700000000000000000");
        assert_eq!(rate("4", "0.000000000000000001", "0"), "0.000000000000000001");
        assert_eq!(rate("3", "0", "0.1000000000000000000001"), "0.1000000000000000000001");
        assert_eq!(rate("3", "1", "1"), "1.000000000000000000");
        assert_eq!(rate("0.0000000003", "0.0000000001", "0"), "0.333333333333333334");
    }

    #[test]
    fn open_interest_is_valued_at_the_price_of_the_market() {
        // Twice the underlying's price: 15 million coins are past the upper cap.
        let own = ["\"ADA\": \"2\"", "\"ADA\": \"2\", \"ADA-USD\": \"4\""];
        let compiled = with(["", ""], own).unwrap();
        let long = compiled.table.get(compiled.find("long ADA-USD").unwrap()).unwrap();
        assert_eq!(long.values[ScenarioId::new(2)].units(), 3_800_000);
        let prices = PRICES.replacen("3000000", "15000000", 1).replacen(own[0], own[1], 1);
        let rules = Rules::parse(RULES).unwrap();
        let compiled = compile(&rules, &Prices::parse(&prices).unwrap()).unwrap();
        let long = compiled.table.get(compiled.find("long ADA-USD").unwrap()).unwrap();
        assert_eq!(long.values[ScenarioId::new(2)].units(), 0);
    }

    #[test]
    fn caps_and_figure_have_to_be_there_and_in_order() {
        let refuses = |rules: [&str; 2], prices: [&str; 2], expected: &str| {
            testing::refuses(with(rules, prices), expected);
        };
        let key = "markets.ADA-USD.open_interest";
        let none = ["", ""];
        let expected = format!("{key}.lower: -1 is not at least 0");
        refuses(["lower = \"20000000\"", "lower = \"-1\""], none, &expected);
        for upper in ["20000000", "20000000.0", "19999999.9"] {
            let expected = format!("{key}.upper: {upper} is not above lower, 20000000");
            refuses(["upper = \"40000000\"", &format!("upper = \"{upper}\"")], none, &expected);
        }
        let maintenance = RULES.replace("margin = \"initial\"", "margin = \"maintenance\"");
        let error = Rules::parse(&maintenance.replacen(", initial = \"0.05\"", "", 1)).unwrap_err();
        let expected = "markets.ADA-USD.tiers[0].initial: is missing: open interest scales it";
        assert_eq!(error.to_string(), expected);
        let expected = format!("{key}: the prices have no `open_interest.ADA-USD`");
        refuses(none, ["ADA-USD", "SOL-USD"], &expected);
        let error = with([", upper = \"40000000\"", ""], none).unwrap_err();
        assert!(error.contains("missing field `upper`"), "{error}");
        let error = with(["upper =", "top = \"1\", upper ="], none).unwrap_err();
        assert!(error.contains("unknown field `top`"), "{error}");
        // A figure that no market asks for says nothing, as volatilities without an option do.
        assert!(with(none, ["\"3000000\"", "\"3000000\", \"SOL-USD\": \"1\""]).is_ok());
    }

    #[test]
    fn a_rate_of_nothing_never_passes_1_and_keeps_the_order_of_bases() {
        let scaling = Scaling { part: 999.into(), whole: 1_000.into() };
        let rates: Vec<Decimal> =
            ["0", "0.05", "0.0500000000000000000001", "0.5", "0.999999999999999999999", "1"]
                .map(|base| scaling.rate(base.parse().unwrap()))
                .into();
        assert!(rates.is_sorted_by(|a, b| a <= b));
        assert_eq!(rates[5], Decimal::from(1));
    }
}

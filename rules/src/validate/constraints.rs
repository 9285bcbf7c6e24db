//! Constraint scenarios: what an account gains or loses in the case that each is about.
//!
//! A constraint has one of three forms. With moves, everything gains what its value changes by at
//! the moved prices, options at moved volatilities:
//!
//! ```toml
//! default_move = "-0.1"
//! vol_move = "0.4"
//! ```
//!
//! With rates, what is named gains a part of its price, or of its underlying's price:
//!
//! ```toml
//! rates = { "short ETH-PERP" = "-0.02" }
//! rates_of = "underlying"
//! ```
//!
//! With a delta, everything on one underlying gains by its delta `d`, at the underlying's price
//! `S`: a long `(net d - gross |d|) S` and a short `(-net d - gross |d|) S`. Of an option it is the
//! delta to `S`: to its forward `F`, which moves as `S` does, it is `d S / F`, so that `d S` is
//! that times `F`.
//!
//! ```toml
//! delta = { underlying = "BTC", net = "0.015", gross = "0.005" }
//! ```
//!
//! In none of them do the two sides of an asset or market gain together, after rounding included:
//! what moves gain is opposite on both sides, rates add up to no more than 0, and of a delta both
//! sides together lose `2 gross |d| S`.

use std::collections::BTreeMap;

use super::range::{name_at, weight_at};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    names::Held,
    schema::{Delta, Form, Scenario, TableSchema},
};

impl TableSchema {
    /// Checks what a constraint has beside the moves of a stress.
    pub(super) fn check_constraint(
        &self,
        key: &str,
        scenario: &Scenario,
    ) -> Result<(), RulesError> {
        let at = format!("{key}.contingency");
        match &scenario.contingency {
            None => return refuse(at, Problem::Missing("the contingency that the loss bounds")),
            Some(name) if !self.contingencies.contains_key(name) => {
                let known = self.contingencies.keys().map(String::as_str);
                return refuse(at, Problem::unknown("contingency", name, known));
            }
            Some(_) => {}
        }
        let forbid = |field: &str, is_there: bool, problem| match is_there {
            true => refuse(format!("{key}.{field}"), Problem::Misplaced(problem)),
            false => Ok(()),
        };
        let form = scenario.form();
        match form {
            Form::Moves => {}
            Form::Rates(_) => {
                let problem = "a scenario with rates has none";
                forbid("weight", scenario.weight.is_some(), problem)?;
                forbid("only", scenario.only.is_some(), problem)?;
            }
            Form::Delta(_) => {
                let problem = "a scenario with a delta has none";
                forbid("weight", scenario.weight.is_some(), problem)?;
                forbid("rates", !scenario.rates.is_empty(), problem)?;
            }
        }
        let is_rates = matches!(form, Form::Rates(_));
        let problem = "a scenario without rates has none";
        forbid("rates_of", scenario.rates_of.is_some() && !is_rates, problem)?;
        weight_at(format!("{key}.weight"), scenario.weight)?;
        for (index, name) in scenario.only.iter().flatten().enumerate() {
            let key = format!("{key}.only[{index}]");
            name_at(&key, name)?;
            if !self.has_asset(name) && !self.has_market(name) {
                let known = self.asset_names().chain(self.market_names());
                return refuse(key, Problem::unknown("asset or market", name, known));
            }
        }
        match form {
            Form::Moves => Ok(()),
            Form::Rates(rates) => self.check_rates_of_sides(key, rates),
            Form::Delta(delta) => self.check_delta(key, scenario, delta),
        }
    }

    /// Rates name instruments that can be held, and no two sides gain together: holding both would
    /// else cover a loss with nothing.
    fn check_rates_of_sides(
        &self,
        key: &str,
        rates: &BTreeMap<String, Decimal>,
    ) -> Result<(), RulesError> {
        for (name, &rate) in rates {
            let key = format!("{key}.rates.{name}");
            let (known, other) = match Held::parse(name) {
                Some(Held::Deposit(asset)) => (self.has_asset(asset), format!("borrow {asset}")),
                Some(Held::Borrow(asset)) => {
                    let borrow = self.rule_of(asset).is_some_and(|rule| rule.borrow);
                    (borrow, format!("deposit {asset}"))
                }
                Some(Held::Long(market)) => (self.has_market(market), format!("short {market}")),
                Some(Held::Short(market)) => (self.has_market(market), format!("long {market}")),
                Some(Held::QuoteCredit | Held::QuoteDebit) | None => (false, String::new()),
            };
            if !known {
                let sides =
                    |sides: [&str; 2], name: &str| sides.map(|side| format!("{side} {name}"));
                let assets = self.asset_names().flat_map(|name| sides(["deposit", "borrow"], name));
                let markets = self.market_names().flat_map(|name| sides(["long", "short"], name));
                let known: Vec<_> = assets.chain(markets).collect();
                let known = known.iter().map(String::as_str);
                return refuse(
                    key,
                    Problem::unknown("instrument that gains or loses", name, known),
                );
            }
            let opposite = rates.get(&other).copied().unwrap_or(Decimal::from(0));
            let scale = rate.scale().max(opposite.scale());
            let both = rate.floor_units(scale).0 + opposite.floor_units(scale).0;
            if both > 0.into() {
                return refuse(key, Problem::BothGain { rate, other });
            }
        }
        Ok(())
    }

    /// A delta is of an asset that something follows, and gross is a loss to both sides.
    fn check_delta(&self, key: &str, scenario: &Scenario, delta: &Delta) -> Result<(), RulesError> {
        let Delta { underlying, net: _, gross } = delta;
        self.check_moved(format!("{key}.delta.underlying"), underlying)?;
        if gross.is_negative() {
            let problem = Problem::Range { value: *gross, range: "at least 0" };
            return refuse(format!("{key}.delta.gross"), problem);
        }
        let follows = |name: &String| {
            let market = self.markets.get(name).map(|market| &market.underlying);
            let option = self.options.get(name).map(|option| &option.underlying);
            [Some(name), market, option].contains(&Some(underlying))
        };
        let astray = scenario.only.iter().flatten().position(|name| !follows(name));
        astray.map_or(Ok(()), |index| {
            let problem = "it does not follow the delta's underlying";
            refuse(format!("{key}.only[{index}]"), Problem::Misplaced(problem))
        })
    }
}

#[cfg(test)]
mod tests {
    use num_rational::BigRational;

    use super::*;
    use crate::{
        rules::Rules,
        testing::{self, RULES, changed},
    };

    const SCAN: &str = r#"
[contingencies.scan]
maintenance = "1"

[[scenarios]]
name = "down"
kind = "constraint"
contingency = "scan"
default_move = "-0.1"
moves = { BTC = "-0.2" }
weight = "0.5"
only = ["ETH-PERP"]

[[scenarios]]
name = "net"
kind = "constraint"
contingency = "scan"
rates = { "long ETH-PERP" = "0.02", "short ETH-PERP" = "-0.02" }
rates_of = "underlying"

[[scenarios]]
name = "by-delta"
kind = "constraint"
contingency = "scan"
delta = { underlying = "ETH", net = "-0.015", gross = "0.005" }
only = ["ETH-PERP"]

[policy]"#;

    /// The small book's rules with one text replaced by another are refused.
    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        let rules = RULES.replace("[policy]", SCAN);
        assert!(Rules::parse(&rules).is_ok());
        testing::refuses(Rules::parse(&changed(&rules, &[(from, to)])), expected);
    }

    #[test]
    fn a_constraint_says_what_it_bounds_and_by_how_much() {
        let [down, net] = ["scenarios[3]", "scenarios[4]"];
        refuses("contingency = \"scan\"\n", "", &format!("{down}.contingency: is missing"));
        let to = "contingency = \"scam\"";
        let problem = format!("{down}.contingency: there is no contingency `scam`");
        refuses("contingency = \"scan\"", to, &problem);
        let to = "kind = \"constraint\"\nmargin = \"initial\"";
        refuses("kind = \"constraint\"", to, &format!("{down}.margin: does not belong here"));
        for (weight, range) in [("0", "above 0"), ("-1", "above 0")] {
            let to = format!("weight = \"{weight}\"");
            let problem = format!("{down}.weight: {weight} is not {range}");
            refuses("weight = \"0.5\"", &to, &problem);
        }
        let problem = format!("{down}.default_move: is missing");
        refuses("default_move = \"-0.1\"\n", "", &problem);
        let problem = format!("{down}.only[0]: there is no asset or market `ETH-PREP`");
        refuses("[\"ETH-PERP\"]", "[\"ETH-PREP\"]", &problem);
        let rates = "rates = { \"long ETH-PERP\" = \"0\" }";
        for field in ["weight = \"0.5\"", "only = [\"ETH-PERP\"]"] {
            let name = field.split(' ').next().unwrap();
            let problem = format!("{net}.{name}: does not belong here");
            refuses("rates = {", &format!("{field}\nrates = {{"), &problem);
        }
        let problem = format!("{down}.default_move: does not belong here");
        let (from, to) = ("weight = \"0.5\"\nonly = [\"ETH-PERP\"]", rates);
        refuses(from, to, &problem);
    }

    #[test]
    fn only_a_constraint_has_its_fields() {
        let rates_of = "rates_of = \"price\"";
        let delta = "delta = { underlying = \"BTC\", net = \"0\", gross = \"0\" }";
        let fields = ["contingency = \"scan\"", "weight = \"1\"", "only = []", rates_of, delta];
        for field in fields {
            let name = field.split(' ').next().unwrap();
            let to = format!("kind = \"stress\"\n{field}");
            let problem = format!("scenarios[2].{name}: does not belong here");
            refuses("kind = \"stress\"", &to, &problem);
        }
        let to = "kind = \"stress\"\nrates = { \"long ETH-PERP\" = \"0\" }";
        refuses("kind = \"stress\"", to, "scenarios[2].rates: does not belong here");
    }

    #[test]
    fn rates_are_of_instruments_and_never_gain_on_both_sides() {
        let rates = "scenarios[4].rates.";
        for name in ["long ETH", "borrow DOGE", "quote debit", "ETH-PERP", "deposit ETH-PERP"] {
            let problem = format!("{rates}{name}: there is no instrument that gains or loses");
            refuses("\"long ETH-PERP\"", &format!("\"{name}\""), &problem);
        }
        let problem = format!("{rates}long ETH-PERP: 0.02 is more than `short ETH-PERP` loses");
        refuses("= \"-0.02\" }", "= \"-0.01\" }", &problem);
        let problem = format!("{rates}deposit BTC: 0.1 is more than `borrow BTC` loses");
        refuses("\"long ETH-PERP\" = \"0.02\"", "\"deposit BTC\" = \"0.1\"", &problem);
    }

    #[test]
    fn rates_are_of_a_price_that_is_named() {
        let from = "rates_of = \"underlying\"";
        let rules = RULES.replace("[policy]", SCAN).replace(from, "rates_of = \"mark\"");
        let error = Rules::parse(&rules).unwrap_err().to_string();
        assert!(
            error.contains("unknown variant `mark`, expected `price` or `underlying`"),
            "{error}"
        );
        let problem = "does not belong here: a scenario without rates has none";
        let to = "weight = \"0.5\"\nrates_of = \"price\"";
        refuses("weight = \"0.5\"", to, &format!("scenarios[3].rates_of: {problem}"));
        let to = "rates_of = \"underlying\"\ndelta =";
        refuses("delta =", to, &format!("scenarios[5].rates_of: {problem}"));
    }

    #[test]
    fn a_delta_is_of_an_asset_and_stands_alone() {
        let at = "scenarios[5]";
        let underlying = |to: &str, problem: &str| {
            let to = format!("underlying = \"{to}\", net");
            let problem = format!("{at}.delta.underlying: {problem}");
            refuses("underlying = \"ETH\", net", &to, &problem);
        };
        underlying("DOGE", "there is no asset `DOGE`");
        underlying("USD", "does not belong here: the quote currency does not move");
        underlying("E TH", "invalid name `E TH`");
        let below = format!("{at}.delta.gross: -0.005 is not at least 0");
        refuses("gross = \"0.005\"", "gross = \"-0.005\"", &below);
        for (field, name) in [
            ("default_move = \"0\"", "default_move"),
            ("moves = { BTC = \"0\" }", "moves"),
            ("vol_move = \"0\"", "vol_move"),
            ("weight = \"1\"", "weight"),
            ("rates = { \"long ETH-PERP\" = \"-1\" }", "rates"),
            ("expiries = { \"2026-07-02T00:00:00Z\" = {} }", "expiries"),
        ] {
            let problem = format!("{at}.{name}: does not belong here: a scenario with a delta has");
            refuses("delta =", &format!("{field}\ndelta ="), &problem);
        }
        let (from, to) = ("0.005\" }\nonly = [\"ETH-PERP\"]", "0.005\" }\nonly = [\"BTC\"]");
        refuses(from, to, &format!("{at}.only[0]: does not belong here: it does not follow"));
        let to = "0.005\" }\nonly = [\"ETC\"]";
        refuses(from, to, &format!("{at}.only[0]: there is no asset or market `ETC`"));
        let missing =
            Rules::parse(&RULES.replace("[policy]", &SCAN.replace(", gross = \"0.005\"", "")));
        assert!(missing.unwrap_err().to_string().contains("missing field `gross`"));
    }

    /// However large the net rate, and however it is rounded.
    #[test]
    fn the_sides_of_a_delta_never_gain_together() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let ratio = |numerator: i64| BigRational::new(numerator.into(), 7.into());
        let gains = |net: &str, gross: &str, delta: i64, price: i64| {
            let [net, gross] = [net, gross].map(decimal);
            let delta = Delta { underlying: "BTC".to_owned(), net, gross }
                .gains(&ratio(delta), &ratio(price));
            delta.map(|gain| i64::try_from(gain).unwrap())
        };
        // 700 / 7 at a delta of 1: 100.
        assert_eq!(gains("0.015", "0.005", 7, 70_000), [100, -200]);
        assert_eq!(gains("-0.015", "0.005", 7, 70_000), [-200, 100]);
        // A put's delta of -1, and none at all.
        assert_eq!(gains("0.015", "0.005", -7, 70_000), [-200, 100]);
        assert_eq!(gains("0.015", "0.005", 0, 70_000), [0, 0]);
        assert_eq!(gains("0.015", "0.005", 7, 0), [0, 0]);
        // 14.285.. and -14.285.., both rounded down.
        assert_eq!(gains("0.01", "0", 1, 70_000), [14, -15]);
        for net in ["-3", "-0.5", "0", "0.0001", "17"] {
            for gross in ["0", "0.0003", "2"] {
                for delta in [-7, -3, 0, 1, 7] {
                    let [long, short] = gains(net, gross, delta, 12_345);
                    assert!(long + short <= 0, "{net} {gross} {delta}");
                }
            }
        }
    }
}

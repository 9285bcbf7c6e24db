//! Tiers of haircuts and margins: bounds that grow, and rates that never reward size.

use pacioli_circuits::Quantity;

use super::{
    error::{Problem, RulesError, refuse},
    file::{AssetRule, Margin, Tier},
    validate::{compare, whole},
};
use crate::decimal::Decimal;

impl Tier {
    /// The weight or margin rate of one kind of requirement.
    pub(super) fn rate(&self, margin: Margin) -> Option<Decimal> {
        match margin {
            Margin::Maintenance => self.maintenance,
            Margin::Initial => self.initial,
        }
    }
}

impl AssetRule {
    /// The tiers, of which there is one without an end where the rule has none.
    pub(super) fn all_tiers(&self) -> Vec<Tier> {
        let flat = Tier { up_to: None, maintenance: self.maintenance, initial: self.initial };
        self.tiers.clone().unwrap_or_else(|| vec![flat])
    }
}

/// The caps of all tiers but the last, in units of `10^-decimals`: bounds grow, the last tier alone
/// has none, and each tier is a whole number of units in `[1, 2^90)`.
pub(super) fn tier_caps(
    key: &str,
    tiers: &[Tier],
    decimals: u32,
) -> Result<Vec<Quantity>, RulesError> {
    let Some((last, capped)) = tiers.split_last() else {
        return refuse(format!("{key}.tiers"), Problem::Missing("at least one tier"));
    };
    let mut before = whole(0);
    let mut caps = Vec::with_capacity(capped.len());
    for (index, tier) in capped.iter().enumerate() {
        let key = format!("{key}.tiers[{index}].up_to");
        let Some(value) = tier.up_to else {
            return refuse(key, Problem::Missing("only the last tier has no end"));
        };
        if compare(value, before).is_le() {
            return refuse(key, Problem::Bounds { value, before });
        }
        let Some(units) = value.exact_units(decimals) else {
            return refuse(key, Problem::BoundDigits { value, decimals });
        };
        let size = units - before.floor_units(decimals).0;
        let Some(cap) = u128::try_from(&size).ok().and_then(Quantity::new) else {
            return refuse(key, Problem::CapBound { units: size.to_string(), decimals });
        };
        caps.push(cap);
        before = value;
    }
    if last.up_to.is_some() {
        let key = format!("{key}.tiers[{}].up_to", capped.len());
        return refuse(key, Problem::Misplaced("the last tier has no end"));
    }
    Ok(caps)
}

/// Rates are there where `needed`, in `[0, 1]`, and `order` finds no problem between one and the
/// one before. `path` gives the key of a tier.
pub(super) fn check_rates(
    path: impl Fn(usize) -> String,
    tiers: &[Tier],
    margin: Margin,
    needed: bool,
    order: impl Fn(Decimal, Decimal) -> Option<Problem>,
) -> Result<(), RulesError> {
    let field = match margin {
        Margin::Maintenance => "maintenance",
        Margin::Initial => "initial",
    };
    let mut before = None;
    for (index, tier) in tiers.iter().enumerate() {
        let key = format!("{}.{field}", path(index));
        let Some(value) = tier.rate(margin) else {
            if needed {
                return refuse(key, Problem::Missing("a margin scenario needs it"));
            }
            continue;
        };
        if value.is_negative() || compare(value, whole(1)).is_gt() {
            return refuse(key, Problem::Range { value, range: "between 0 and 1" });
        }
        if let Some(problem) = before.and_then(|before| order(value, before)) {
            return refuse(key, problem);
        }
        before = Some(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::rules::Rules;

    const RULES: &str = include_str!("../../tests/small_book/rules.toml");

    /// The small book's rules with one text replaced by another are refused.
    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        assert!(RULES.contains(from), "{from}");
        let error = Rules::parse(&RULES.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn haircuts_are_concave() {
        let tier = "assets.BTC.tiers[1].maintenance: ";
        let convex = format!("{tier}weight 0.91 after 0.9: a larger deposit cannot");
        refuses("\"0.8\"", "\"0.91\"", &convex);
        refuses("\"0.8\"", "\"-0.1\"", &format!("{tier}-0.1 is not between 0 and 1"));
        refuses("{ maintenance = \"0.8\" }", "{}", &format!("{tier}is missing"));
    }

    #[test]
    fn margins_are_convex() {
        let tier = "markets.ETH-PERP.tiers[1].maintenance: ";
        let concave = format!("{tier}margin 0.04 after 0.05: a larger position cannot");
        refuses("\"0.1\"", "\"0.04\"", &concave);
        refuses("\"0.1\"", "\"1.1\"", &format!("{tier}1.1 is not between 0 and 1"));
        refuses("{ maintenance = \"0.1\" }", "{}", &format!("{tier}is missing"));
    }

    #[test]
    fn tiers_have_growing_bounds_below_the_largest_quantity() {
        let key = "assets.BTC.tiers[0].up_to: ";
        let cap = |to: &str, problem: &str| {
            refuses("up_to = \"2\"", &format!("up_to = \"{to}\""), &format!("{key}{problem}"));
        };
        cap("0", "a tier up to 0 cannot follow one up to 0");
        cap("-1", "a tier up to -1 cannot follow one up to 0");
        cap("0.0001", "0.0001 has more digits than the 3 of a quantity");
        cap("1237940039285380274899124.224", "a tier of 1237940039285380274899124224 units");
        let largest = RULES.replacen("\"2\"", "\"1237940039285380274899124.223\"", 1);
        assert!(Rules::parse(&largest).is_ok());
        refuses("up_to = \"2\", ", "", &format!("{key}is missing"));
        let end = "{ up_to = \"3\", maintenance = \"0.8\" }";
        let problem = "assets.BTC.tiers[1].up_to: does not belong here";
        refuses("{ maintenance = \"0.8\" }", end, problem);
        let order = "{ up_to = \"1\", maintenance = \"0.8\" }, { maintenance = \"0.8\" }";
        let problem = "assets.BTC.tiers[1].up_to: a tier up to 1 cannot follow one up to 2";
        refuses("{ maintenance = \"0.8\" }", order, problem);
        let tiers = "[{ up_to = \"2\", maintenance = \"0.9\" }, { maintenance = \"0.8\" }]";
        refuses(tiers, "[]", "assets.BTC.tiers: is missing");
    }
}

//! The checks of a rules file that need no prices. Each file checks one part of the
//! schema, and the first [`Problem`] found is reported with the key it is about.

mod assets;
mod classes;
mod constraints;
mod expiries;
mod markets;
mod options;
mod policy;
mod range;
mod rates;
mod scenarios;
mod tiers;
mod tokens;
mod twins;

use jiff::civil::Date;
use pacioli_circuits::MAX_SCENARIOS;

use self::range::{decimals_at, name_at};
pub(crate) use self::{
    assets::convex,
    markets::concave,
    tiers::{CappedTier, bounds, check_resolved},
    twins::{Obligations, twin_name},
};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{Policy, RulesFile, TableSchema},
};

/// The most decimals of a value or a quantity: the digits of a [`Decimal`].
const MAX_DECIMALS: u32 = 38;

/// Checks everything that needs no prices.
///
/// # Errors
/// If a key has a [`Problem`]: the first, with the key.
pub(crate) fn rules(file: &RulesFile) -> Result<Obligations, RulesError> {
    // A table of more scenarios is in no attestation, and takes long to compute.
    let (got, most) = (file.table.scenarios.len(), MAX_SCENARIOS);
    if got > most {
        return refuse("scenarios", Problem::TooManyScenarios { got, most });
    }
    for (key, text) in
        [("name", &file.name), ("source", &file.source), ("exactness", &file.exactness)]
    {
        if text.trim().is_empty() {
            return refuse(key, Problem::Missing("rules say what they are"));
        }
    }
    if !file.date.parse().is_ok_and(|date: Date| date.to_string() == file.date) {
        return refuse("date", Problem::Date(file.date.clone()));
    }
    table(&file.table)?;
    tokens::check(&file.table, &file.tokens)?;
    policy(&file.table, &file.policy)
}

/// Checks what compiles to the instrument table.
///
/// # Errors
/// If a key has a [`Problem`]: the first, with the key.
pub(crate) fn table(table: &TableSchema) -> Result<(), RulesError> {
    name_at("quote", &table.quote)?;
    if table.value_decimals > MAX_DECIMALS {
        let value = Decimal::from(table.value_decimals);
        return refuse("value_decimals", Problem::Range { value, range: "at most 38" });
    }
    decimals_at("quote_decimals", table.quote_decimals(), table.value_decimals)?;
    table.check_scenarios()?;
    table.check_assets()?;
    table.check_markets()?;
    table.check_classes()?;
    table.check_rates()?;
    table.check_options()?;
    table.check_contingencies()
}

/// Checks a policy against the rules that it is about, and says what it asks of their table.
///
/// # Errors
/// If a clause has a [`Problem`], or the twins that it asks for are more scenarios than a table
/// has.
pub(crate) fn policy(table: &TableSchema, policy: &Policy) -> Result<Obligations, RulesError> {
    table.check_policy(policy)?;
    let obligations = Obligations::of(table, policy);
    let (scenarios, twins) = (table.scenarios.len(), obligations.twins.len());
    if scenarios + twins > MAX_SCENARIOS {
        let problem = Problem::TooManyTwins { scenarios, twins, most: MAX_SCENARIOS };
        return refuse("scenarios", problem);
    }
    if table.cover && scenarios + twins == MAX_SCENARIOS {
        return refuse("cover", Problem::NoRoomForCover { most: MAX_SCENARIOS });
    }
    Ok(obligations)
}

#[cfg(test)]
mod tests {
    use pacioli_circuits::ScenarioId;

    use crate::{
        rules::Rules,
        testing::{self, RULES, changed},
    };

    /// The error of the small book's rules with one text replaced by another.
    fn refused(from: &str, to: &str) -> String {
        Rules::parse(&changed(RULES, &[(from, to)])).unwrap_err().to_string()
    }

    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        testing::refuses(Rules::parse(&changed(RULES, &[(from, to)])), expected);
    }

    #[test]
    fn the_small_book_has_sound_rules() {
        let rules = Rules::parse(RULES).unwrap();
        assert_eq!(rules.quote_decimals(), 6);
        assert_eq!(rules.listed_assets().len(), 2);
    }

    #[test]
    fn malformed_text_is_refused_with_its_line() {
        for (from, to, part) in [
            ("date =", "dates =", "unknown field `dates`"),
            ("underlying =", "inverse = true\nunderlying =", "docs/snapshot.md says how"),
            ("date = \"2026-01-01\"\n", "", "missing field `date`"),
            ("\"0.9\"", "0.9", "a decimal number in quotes"),
            ("\"0.9\"", "\"9e-1\"", "exponent notation"),
            ("decimals = 3", "decimals = -3", "expected u32"),
            ("kind = \"mark\"", "kind = \"market\"", "unknown variant `market`"),
            ("per_asset = \"all\"", "per_asset = \"some\"", "`some` is neither"),
            ("crash = \"5000\"", "crash = \"fund\"", "`fund` is not a decimal number"),
            ("decimals = 2\n", "decimals = 2\ndecimals = 2\n", "duplicate key"),
        ] {
            let error = refused(from, to);
            assert!(error.contains(part), "{error}");
            assert!(error.contains("at line "), "{error}");
        }
    }

    #[test]
    fn header_values_are_in_range() {
        refuses("\"small book\"", "\" \"", "name: is missing");
        refuses("\"exact\"", "\"\"", "exactness: is missing");
        for date in ["2026-02-30", "2026-1-1", "20260101", "2026-01-01T00:00:00"] {
            refuses("2026-01-01", date, &format!("date: `{date}` is not a date"));
        }
        refuses("\"USD\"", "\"US D\"", "quote: invalid name `US D`");
        refuses("value_decimals = 6", "value_decimals = 39", "value_decimals: 39 is not at most");
        let quote = "value_decimals = 6\nquote_decimals = 7";
        refuses("value_decimals = 6", quote, "quote_decimals: 7 decimals are more than");
    }

    #[test]
    fn assets_are_named_once_and_in_range() {
        refuses("[assets.USDC]", "[assets.\"US DC\"]", "assets.US DC: invalid name `US DC`");
        let also = "decimals = 3\nalso = [\"USDC\"]";
        refuses("decimals = 3", also, "assets.USDC: duplicate `USDC`");
        let also = "decimals = 3\nalso = [\"\"]";
        refuses("decimals = 3", also, "assets.BTC.also[0]: invalid name ``");
        refuses("decimals = 3", "decimals = 7", "assets.BTC.decimals: 7 decimals are more than");
        let both = "decimals = 3\nmaintenance = \"1\"";
        refuses("decimals = 3", both, "assets.BTC.maintenance: does not belong here");
        refuses("\"1.05\"", "\"0.95\"", "assets.USDC.borrow_maintenance: 0.95 is not at least 1");
        let no_borrow = "borrow = false\nborrow_maintenance";
        let key = "assets.USDC.borrow_maintenance: does not belong here";
        refuses("borrow_maintenance", no_borrow, key);
        refuses("\nmaintenance = \"1\"", "", "assets.USDC.maintenance: is missing");
        refuses("= \"1\"\nborrow", "= \"1.1\"\nborrow", "assets.USDC.maintenance: 1.1 is not");
        let default = "[asset_default]\ndecimals = 2\nalso = [\"DOGE\"]\n[assets.BTC]";
        refuses("[assets.BTC]", default, "asset_default.also: does not belong here");
    }

    #[test]
    fn there_are_no_more_scenarios_than_a_table_has() {
        let with = |count: usize| {
            let more = (3..count).map(|number| {
                format!(
                    "[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"0\"\n"
                )
            });
            Rules::parse(&RULES.replace("[policy]", &(more.collect::<String>() + "[policy]")))
        };
        assert_eq!(with(1024).unwrap().scenarios.len(), 1024);
        let expected = "scenarios: 1025 scenarios are more than the 1024 that a table can have";
        assert_eq!(with(1025).unwrap_err().to_string(), expected);
    }

    #[test]
    fn twins_count_as_scenarios() {
        let with = |own: usize| {
            let more = (3..own).map(|number| {
                format!(
                    "[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"0\"\n"
                )
            });
            let more = more.collect::<String>() + "[classes.insurance]\n[policy]";
            let fund = "bad_debt = { crash = \"insurance\", s3 = \"insurance\", s4 = \"5\" }";
            let limits = "bad_debt = { mark = \"insurance\", crash = \"5000\" }";
            Rules::parse(&RULES.replace("[policy]", &more).replace(limits, fund))
        };
        assert_eq!(with(1022).unwrap().twins(), [2, 3].map(ScenarioId::new));
        let expected = "scenarios: 1023 scenarios and 2 twins, one for each stress with the clause \
                        `insurance`, are more than the 1024 that a table can have";
        assert_eq!(with(1023).unwrap_err().to_string(), expected);
    }

    #[test]
    fn classes_hold_what_the_rules_have() {
        let class = |text: &str| format!("[classes.{text}\n[policy]");
        refuses("[policy]", &class("customer]"), "classes.customer: does not belong here");
        let doge = class("house]\nassets = [\"DOGE\"]");
        refuses("[policy]", &doge, "classes.house.assets[0]: there is no asset `DOGE`");
        let market = class("house]\nmarkets = [\"BTC\"]");
        refuses("[policy]", &market, "classes.house.markets[0]: there is no market `BTC`");
        let twice = class("pool]\nassets = [\"BTC\", \"BTC\"]");
        refuses("[policy]", &twice, "classes.pool.assets[1]: duplicate `BTC`");
        let error = refused("[policy]", &class("pools]"));
        assert!(error.contains("unknown variant `pools`"), "{error}");
        let fund = RULES.replace("[policy]", &class("insurance]"));
        assert!(Rules::parse(&fund.replace("mark = \"insurance\", ", "")).is_ok());
    }
}

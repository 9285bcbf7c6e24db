//! Options and their margins: as many as a table has rows for, their numbers in range.

use pacioli_circuits::MAX_INSTRUMENTS;

use super::range::{decimals_at, name_at};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{Kind, Margin, OptionMargin, Scenario, ShortMargin, TableSchema},
};

/// Most options times scenarios.
const MAX_OPTION_VALUES: usize = 1 << 17;

impl TableSchema {
    /// The number of options that a table has room for, each with two rows for customers and two
    /// for every class that holds all, beside the rows that all tables of these scenarios have.
    fn most_options(&self) -> usize {
        let closing = |scenario: &Scenario| if scenario.kind == Kind::Constraint { 1 } else { 2 };
        let closings: usize = self.scenarios.iter().map(closing).sum();
        let quotes = 2 * (1 + self.classes.len());
        // Of customers' options there are a plain and a covered long and a covered short besides, of
        // quote currency three forms, and one row closes `cover`.
        let [forms, cover] = if self.cover { [3, 3 + 1] } else { [0, 0] };
        let others = 1 + quotes + self.contingencies.len() + closings + cover;
        let holders = 1 + self.classes.values().filter(|rule| rule.markets.is_none()).count();
        MAX_INSTRUMENTS.saturating_sub(others) / (2 * holders + forms)
    }

    /// Checks every option and option margin.
    pub(super) fn check_options(&self) -> Result<(), RulesError> {
        // A table refuses too many of any kind, but of these only once they are valued.
        let (got, most) = (self.options.len(), self.most_options());
        if got > most {
            return refuse("options", Problem::TooManyOptions { got, most });
        }
        // A value takes a fraction of a millisecond, and everyone computes all of them who reads an
        // attestation, before its proofs are looked at.
        let (options, scenarios, most) = (got, self.scenarios.len(), MAX_OPTION_VALUES);
        if options * scenarios > most {
            return refuse("options", Problem::TooManyOptionValues { options, scenarios, most });
        }
        for (underlying, margins) in &self.option_margins {
            let key = format!("option_margins.{underlying}");
            name_at(&key, underlying)?;
            for margin in [Margin::Maintenance, Margin::Initial] {
                if let (Some(rates), name) = margins.of(margin) {
                    check_margin(&format!("{key}.{name}"), rates)?;
                }
            }
        }
        for (name, option) in &self.options {
            let key = format!("options.{name}");
            name_at(&key, name)?;
            name_at(&format!("{key}.underlying"), &option.underlying)?;
            decimals_at(&format!("{key}.decimals"), option.decimals, self.value_decimals)?;
            if self.markets.contains_key(name) {
                return refuse(key, Problem::Twice(name.clone()));
            }
            if option.strike.mantissa() <= 0 {
                let problem = Problem::Range { value: option.strike, range: "above 0" };
                return refuse(format!("{key}.strike"), problem);
            }
            let margins = self.option_margins.get(&option.underlying).copied().unwrap_or_default();
            for margin in [Margin::Maintenance, Margin::Initial] {
                let (rates, word) = margins.of(margin);
                if self.needs(margin) && rates.is_none() {
                    let key = format!("option_margins.{}.{word}", option.underlying);
                    return refuse(key, Problem::Missing("a margin scenario needs it"));
                }
            }
        }
        Ok(())
    }
}

fn check_margin(key: &str, margin: &OptionMargin) -> Result<(), RulesError> {
    if margin.long.is_negative() || margin.long > Decimal::from(1) {
        let problem = Problem::Range { value: margin.long, range: "from 0 to 1" };
        return refuse(format!("{key}.long"), problem);
    }
    for (side, ShortMargin { base, floor, premium }) in [("call", margin.call), ("put", margin.put)]
    {
        for (name, value) in [("base", base), ("floor", floor), ("premium", premium)] {
            if value.is_negative() {
                let problem = Problem::Range { value, range: "at least 0" };
                return refuse(format!("{key}.{side}.{name}"), problem);
            }
        }
    }
    Ok(())
}

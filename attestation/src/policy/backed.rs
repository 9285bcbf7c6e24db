//! Clauses about what is owed, bad debt, and the reserves that back them.

use num_bigint::BigInt;
use pacioli_rules::{Amount, Class, Decimal};

use super::{Book, Clause, unknown};
use crate::{backing::Backing, by::By, figures::AssetCredit, reserves::Purpose};

impl Book<'_> {
    /// What backs the book in `mark` or a stress.
    fn behind(&self, scenario: &str) -> Option<&Backing> {
        self.backing.iter().find(|backing| backing.scenario == scenario)
    }

    /// Customers' reserves, valued in a scenario, are at least `required` times what is owed there.
    pub(super) fn coverage(&self, name: String, scenario: &str, required: Decimal) -> Clause {
        let by = By::Publisher;
        let Some(Backing { reserves, owed, coverage, .. }) = self.behind(scenario) else {
            return unknown(
                name,
                &format!("scenario `{scenario}` that reserves are valued in"),
                by,
            );
        };
        let left = BigInt::from(reserves.units.clone()) * BigInt::from(10).pow(required.scale());
        let right = BigInt::from(required.mantissa()) * BigInt::from(owed.units.clone());
        let coverage = match coverage {
            Some(ratio) => format!("coverage {ratio} rounded down"),
            None => "nothing is owed".to_owned(),
        };
        let quote = &self.evidence.compiled.quote;
        // As printed without trailing zeros.
        let required = Amount::new(required.mantissa().unsigned_abs(), required.scale());
        Clause {
            name,
            holds: left >= right,
            detail: format!(
                "reserves for customers are worth {reserves} {quote} and {owed} {quote} is owed: \
                 {coverage}, at least {required} required"
            ),
            by,
        }
    }

    /// Customers' reserves of one asset are at least its deposits, or those less the borrows of it
    /// that count.
    pub(super) fn asset(&self, asset: &str, credit: bool) -> Clause {
        let (name, by) = (format!("per_asset.{asset}"), By::Publisher);
        let figures = self.evidence.figures.assets.iter().find(|figures| figures.name == asset);
        let Some(figures) = figures else { return unknown(name, "price of the asset", by) };
        let deposits = &figures.deposits;
        let nothing = || Amount::new(0u32, deposits.decimals);
        let held = self.evidence.reserves.map_or_else(nothing, |reserves| {
            reserves.held(asset, Purpose::Customers, deposits.decimals)
        });
        let detail = format!("reserves of {held} {asset} for deposits of {deposits} {asset}");
        if !credit {
            return Clause { name, holds: held.units >= deposits.units, detail, by };
        }
        let Some(AssetCredit { counted, .. }) = &figures.credit else {
            return unknown(name, "credit scenario", by);
        };
        let holds = &held.units + &counted.units >= deposits.units;
        let detail = format!("{detail} less credited borrows of {counted} {asset}");
        Clause { name, holds, detail, by }
    }

    /// The bad debt of one scenario is within its limit.
    pub(super) fn bad_debt(&self, scenario: &str, limit: &Decimal) -> Clause {
        let (name, by) = (format!("bad_debt.{scenario}"), By::Proved);
        let Some(figures) = self.evidence.figures.scenario(scenario) else {
            return unknown(name, "such scenario", by);
        };
        let (bad_debt, accounts) = (&figures.bad_debt, figures.accounts_with_shortfall);
        let most = limit.floor_units(bad_debt.decimals).0;
        let (plural, quote) = (if accounts == 1 { "" } else { "s" }, &self.evidence.compiled.quote);
        Clause {
            name,
            holds: BigInt::from(bad_debt.units.clone()) <= most,
            detail: format!(
                "bad debt is {bad_debt} {quote} in {accounts} account{plural}, and the limit is \
                 {limit} {quote}"
            ),
            by,
        }
    }

    /// All reserves, valued in a scenario, are at least what all but the insurance fund are owed
    /// there, so that the fund meets the scenario's bad debt.
    pub(super) fn insurance(&self, scenario: &str) -> Clause {
        let (name, by) = (format!("bad_debt.{scenario}"), By::Publisher);
        let Some(backing) = self.behind(scenario) else {
            return unknown(
                name,
                &format!("scenario `{scenario}` that reserves are valued in"),
                by,
            );
        };
        let (Some(others), Some(fund)) = (&backing.owed_to_others, &backing.fund) else {
            let twin = format!("twin of `{scenario}`, which says what all but the fund are owed");
            return unknown(name, &twin, by);
        };
        let compiled = self.evidence.compiled;
        let (held, quote) = (backing.all_reserves(), &compiled.quote);
        let owed = match compiled.classes.contains_key(&Class::Insurance) {
            true => format!("all but the insurance fund are owed {others} {quote}"),
            false => format!("{others} {quote} is owed"),
        };
        let left = match fund.negative {
            true => format!("{} {quote} is missing", fund.size),
            false => format!("{} {quote} is left for the insurance fund", fund.size),
        };
        Clause {
            name,
            holds: !fund.negative,
            detail: format!("all reserves are worth {held} {quote} and {owed}: {left}"),
            by,
        }
    }
}

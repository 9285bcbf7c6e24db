//! What is owed, and what bad debt is, at any prices, at most: from the totals of one proof.
//!
//! A proof says both at the prices of its scenarios. Prices move a minute later. From the same totals
//! everyone can bound both at any values `V` of the rows, without the publisher and without a proof.
//!
//! **The bound.** Let `T[j]` be the total of row j, over all rows but the closing ones; `V_s[j]` its
//! value in scenario s; `G_s` the proved shortfall of scenario s, and 0 where it closes by slack. For
//! any numbers `lambda_s >= 0`, a [`Certificate`],
//!
//! ```text
//! bad debt(V)  <=  B  =  sum_s lambda_s G_s + sum_j T[j] max(0, sum_s lambda_s V_s[j] - V[j])
//! owed(V)      <=  sum_j T[j] V[j] + B
//! ```
//!
//! **Why.** Every account balances in every scenario: the lines that close s are worth there what all
//! its other lines are worth, with the opposite sign. They are at most its equity, or its slack, which
//! is not negative, less its shortfall. So its other lines are worth at least minus its shortfall,
//!
//! ```text
//! sum_j q[j] V_s[j]  >=  -shortfall_s      for every s, of whatever kind
//! ```
//!
//! and if E is what the account is worth at V,
//!
//! ```text
//! -E = sum_j q[j] (sum_s lambda_s V_s[j] - V[j]) - sum_s lambda_s sum_j q[j] V_s[j]
//!   <= sum_j q[j] max(0, sum_s lambda_s V_s[j] - V[j]) + sum_s lambda_s shortfall_s
//! ```
//!
//! which is the account's own part of B, and not negative. So max(0, -E) is at most that part; the
//! parts of all accounts sum to B; and what is owed is what accounts are worth together and bad debt.
//!
//! Nothing was said of forms. A plain row is worth nothing in any scenario but `cover`, and a covered
//! one its cover there: the table says which scenarios a row meets, and the same line of arithmetic is
//! right for all, margins, constraints, twins and the credit scenario included. At V a row of a form is
//! worth what the row is worth that it stands for, contingencies and headroom nothing.
//!
//! Any certificate is valid, so whoever finds a good one ([`Repricing::find`]) need not be trusted.
//! Margin figures have no such bound: they are those of the proof.

mod certificate;
mod find;
mod values;

pub use certificate::{Certificate, CertificateError};
pub use values::RepriceError;

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_circuits::Totals;
use pacioli_rules::{Amount, Closing, Compiled, Prices, TableRules};
use serde::Serialize;

use self::values::values;

/// A proved book at other prices.
#[derive(Clone, Debug)]
pub struct Repricing<'a> {
    proved: &'a Compiled,
    totals: &'a Totals,
    now: Compiled,
    /// What one unit of each row is worth at the other prices, in units of value.
    values: Vec<i128>,
}

/// What is owed and what bad debt is at other prices, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// What is owed, at most.
    pub owed_at_most: Amount,
    /// What is owed, at least: what all accounts are worth together.
    pub owed_at_least: Amount,
    /// The bad debt, at most.
    pub bad_debt_at_most: Amount,
    /// The bad debt, at least: as much as all accounts together are worth less than nothing.
    pub bad_debt_at_least: Amount,
}

impl<'a> Repricing<'a> {
    /// The book with these totals over the table `proved`, which was compiled from `rules`, at other
    /// prices.
    ///
    /// # Errors
    /// If the rules do not compile with these prices, or a row that is held has no price or another
    /// unit.
    ///
    /// # Panics
    /// If there are not as many totals as rows.
    pub fn new(
        proved: &'a Compiled,
        totals: &'a Totals,
        rules: &TableRules,
        prices: &Prices,
    ) -> Result<Self, RepriceError> {
        assert_eq!(totals.0.len(), proved.rows.len(), "there is one total per row");
        let now = pacioli_rules::compile(&rules.only_mark(), prices)?;
        let values = values(proved, totals, &now)?;
        Ok(Self { proved, totals, now, values })
    }

    /// The table at the other prices, of `mark` alone.
    pub fn now(&self) -> &Compiled {
        &self.now
    }

    /// What a certificate shows.
    ///
    /// # Errors
    /// If it names a scenario that the table does not have.
    pub fn check(&self, certificate: &Certificate) -> Result<Bound, CertificateError> {
        let multipliers = certificate.multipliers(self.proved)?;
        Ok(self.bound(&multipliers))
    }

    /// The bound under one multiplier per scenario, in units of 1 over [`Certificate::UNIT`].
    fn bound(&self, multipliers: &[u64]) -> Bound {
        let unit = BigInt::from(Certificate::UNIT);
        let scenarios = self.proved.scenarios_by_id().zip(multipliers);
        let scenarios: Vec<_> = scenarios.filter(|(_, multiplier)| **multiplier > 0).collect();
        let mut bad_debt: BigInt = scenarios
            .iter()
            .filter_map(|((_, scenario), multiplier)| {
                let [_, shortfall] = scenario.balance()?;
                Some(BigInt::from(self.totals.0[shortfall.row()].quantity) * **multiplier)
            })
            .sum();
        let mut worth = BigInt::ZERO;
        let rows = self.proved.table.instruments().iter().zip(&self.totals.0).zip(&self.values);
        let closing = self.closing();
        for (((row, total), &value), closes) in rows.zip(&closing) {
            if total.quantity == 0 || *closes {
                continue;
            }
            let quantity = BigInt::from(total.quantity);
            worth += &quantity * value;
            let met: BigInt = scenarios
                .iter()
                .map(|((id, _), multiplier)| BigInt::from(row.values[*id].units()) * **multiplier)
                .sum();
            let above: BigInt = met - &unit * value;
            if above.sign() == Sign::Plus {
                bad_debt += quantity * above;
            }
        }
        // Rounded up.
        let bad_debt: BigInt = (bad_debt + &unit - 1) / unit;
        let decimals = self.proved.value_decimals;
        let amount = |units: BigInt| {
            let units = units.to_biguint().unwrap_or(BigUint::ZERO);
            Amount::new(units, decimals)
        };
        Bound {
            owed_at_most: amount(&worth + &bad_debt),
            owed_at_least: amount(worth.clone()),
            bad_debt_at_least: amount(-worth),
            bad_debt_at_most: amount(bad_debt),
        }
    }

    /// For each row whether it closes a scenario.
    fn closing(&self) -> Vec<bool> {
        let mut closing = vec![false; self.proved.rows.len()];
        for scenario in &self.proved.scenarios {
            match scenario.closing {
                Closing::Balance { equity, shortfall } => {
                    closing[equity.row()] = true;
                    closing[shortfall.row()] = true;
                }
                Closing::Slack(slack) => closing[slack.row()] = true,
            }
        }
        closing
    }
}

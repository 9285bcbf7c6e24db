//! What every account is worth at moved prices, added up and counted.

use num_bigint::BigUint;
use pacioli_circuits::Account;
use rayon::prelude::*;
use serde::Serialize;

use super::{
    book::StressBook,
    values::Values,
    worth::{CUT, Worth},
};
use crate::{amount::Amount, reserves::Purpose};

/// What becomes of a book in one scenario. Amounts are exact, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The scenario.
    pub name: String,
    /// What is left over for accounts.
    pub owed: Amount,
    /// What accounts lack.
    pub bad_debt: Amount,
    /// How many accounts have something left over.
    pub accounts_with_equity: u64,
    /// How many accounts lack something.
    pub accounts_short: u64,
    /// The fewest accounts that make up half of the bad debt.
    pub half_of_bad_debt: u64,
    /// The fewest accounts that make up nine tenths of the bad debt.
    pub nine_tenths_of_bad_debt: u64,
    /// What the customers' reserves are worth, where they are known.
    pub customers: Option<Amount>,
    /// What the insurance fund is worth, where it is known.
    pub insurance: Option<Amount>,
    /// Whether the scenario has a stale oracle.
    pub stale_oracle: bool,
    /// What a venue with a stale oracle would not have liquidated, under rules with a maintenance
    /// requirement.
    pub unliquidated: Option<Unliquidated>,
    /// Assets of the scenario that move nothing in the book.
    pub not_in_book: Vec<String>,
    /// The scenario has a move of the quote currency, which is left out: all is counted in it.
    pub quote_would_move: bool,
}

/// Accounts that hold their maintenance margin at the old prices and are short at the new ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unliquidated {
    /// How many.
    pub accounts: u64,
    /// What they lack at the new prices.
    pub bad_debt: Amount,
}

impl Outcome {
    /// Whether the insurance fund is worth the bad debt. An unknown fund is worth nothing.
    pub fn is_insured(&self) -> bool {
        insures(self.insurance.as_ref(), &self.bad_debt)
    }
}

/// Whether a fund is worth the bad debt, both having the book's value decimals.
pub(super) fn insures(fund: Option<&Amount>, bad_debt: &Amount) -> bool {
    fund.map_or(&BigUint::ZERO, |fund| &fund.units) >= &bad_debt.units
}

/// The sums and counts of one scenario over some accounts.
#[derive(Default)]
pub(super) struct Tally {
    owed: Worth,
    bad_debt: Worth,
    with_equity: u64,
    pub(super) short: u64,
    /// What each short account lacks; empty where that is not wanted.
    shortfalls: Vec<Worth>,
    unliquidated: u64,
    unliquidated_bad_debt: Worth,
}

impl Tally {
    fn add(&mut self, worth: Worth, has_maintenance: bool, keep: bool) {
        if worth > Worth::ZERO {
            self.owed += worth;
            self.with_equity += 1;
        } else if worth < Worth::ZERO {
            let lacks = -worth;
            self.bad_debt += lacks;
            self.short += 1;
            if has_maintenance {
                self.unliquidated_bad_debt += lacks;
                self.unliquidated += 1;
            }
            if keep {
                self.shortfalls.push(lacks);
            }
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.owed += other.owed;
        self.bad_debt += other.bad_debt;
        self.with_equity += other.with_equity;
        self.short += other.short;
        self.shortfalls.append(&mut other.shortfalls);
        self.unliquidated += other.unliquidated;
        self.unliquidated_bad_debt += other.unliquidated_bad_debt;
    }
}

/// One thread's tallies, and the sums of the account at hand over the halves of its quantities, by
/// scenario of the table.
struct Adding {
    tallies: Vec<Tally>,
    upper: Vec<i128>,
    lower: Vec<i128>,
}

impl Adding {
    fn new(values: &Values) -> Self {
        let scenarios = values.scenarios();
        Self {
            tallies: values.asked.iter().map(|_| Tally::default()).collect(),
            upper: vec![0; scenarios],
            lower: vec![0; scenarios],
        }
    }

    fn account(&mut self, account: &Account, values: &Values, keep: bool) {
        self.upper.fill(0);
        self.lower.fill(0);
        for line in &account.lines {
            let quantity = line.quantity.units();
            let (upper, lower) = ((quantity >> CUT) as i128, (quantity % (1 << CUT)) as i128);
            let row = values.of(line.instrument);
            for (sum, value) in self.lower.iter_mut().zip(row) {
                *sum += lower * value;
            }
            if upper != 0 {
                for (sum, value) in self.upper.iter_mut().zip(row) {
                    *sum += upper * value;
                }
            }
        }
        let worth = |index: usize| Worth::join(self.upper[index], self.lower[index]);
        let has_maintenance = values.maintenance.iter().all(|&index| worth(index) >= Worth::ZERO);
        for (tally, &index) in self.tallies.iter_mut().zip(&values.asked) {
            tally.add(worth(index), has_maintenance, keep);
        }
    }
}

impl StressBook {
    /// One tally for each scenario asked for.
    pub(super) fn tally(&self, values: &Values, keep: bool) -> Vec<Tally> {
        let parts = self.accounts.par_iter().fold(
            || Adding::new(values),
            |mut adding, account| {
                adding.account(account, values, keep);
                adding
            },
        );
        let parts = parts.map(|adding| adding.tallies);
        parts.reduce(
            || values.asked.iter().map(|_| Tally::default()).collect(),
            |mut all, part| {
                all.iter_mut().zip(part).for_each(|(tally, other)| tally.merge(other));
                all
            },
        )
    }

    /// One outcome for each scenario asked for; `stale` says which have a stale oracle.
    pub(super) fn outcomes(&self, values: &Values, stale: &[bool]) -> Vec<Outcome> {
        let tallies = self.tally(values, true).into_iter();
        let asked = tallies.zip(&values.asked).zip(stale);
        let outcome = |((mut tally, &index), &stale): ((Tally, &usize), &bool)| {
            let unliquidated = Unliquidated {
                accounts: tally.unliquidated,
                bad_debt: self.amount(tally.unliquidated_bad_debt),
            };
            tally.shortfalls.par_sort_unstable_by(|a, b| b.cmp(a));
            Outcome {
                name: values.compiled.scenarios[index].name.clone(),
                owed: self.amount(tally.owed),
                bad_debt: self.amount(tally.bad_debt),
                accounts_with_equity: tally.with_equity,
                accounts_short: tally.short,
                half_of_bad_debt: fewest(&tally.shortfalls, tally.bad_debt, 5),
                nine_tenths_of_bad_debt: fewest(&tally.shortfalls, tally.bad_debt, 9),
                customers: self.reserves(values, index, Purpose::Customers),
                insurance: self.reserves(values, index, Purpose::Insurance),
                stale_oracle: stale,
                unliquidated: (stale && !values.maintenance.is_empty()).then_some(unliquidated),
                not_in_book: Vec::new(),
                quote_would_move: false,
            }
        };
        asked.map(outcome).collect()
    }

    /// What is owed, what is lacked, and how many lack it, without the rest of an outcome.
    pub(super) fn sums(&self, values: &Values) -> Vec<(Amount, Amount, u64)> {
        let tallies = self.tally(values, false).into_iter();
        let sums = tallies
            .map(|tally| (self.amount(tally.owed), self.amount(tally.bad_debt), tally.short));
        sums.collect()
    }

    /// What the reserves for one purpose are worth in a scenario of the table.
    pub(super) fn reserves(
        &self,
        values: &Values,
        scenario: usize,
        purpose: Purpose,
    ) -> Option<Amount> {
        let reserves = self.reserves.as_ref()?;
        Some(reserves.worth(&values.compiled, purpose, scenario))
    }

    fn amount(&self, worth: Worth) -> Amount {
        Amount::new(worth.units(), self.compiled.value_decimals)
    }
}

/// How many of the largest shortfalls make up so many tenths of their sum. They stand in falling
/// order.
fn fewest(shortfalls: &[Worth], sum: Worth, tenths: u32) -> u64 {
    let wanted = sum.units() * tenths;
    let mut so_far = BigUint::ZERO;
    let mut count = 0;
    for shortfall in shortfalls {
        if so_far >= wanted {
            break;
        }
        so_far += shortfall.units() * 10u32;
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_accounts_are_the_largest_up_to_a_share() {
        let list = |sizes: &[i128]| -> (Vec<Worth>, Worth) {
            let mut sum = Worth::ZERO;
            let each = sizes.iter().map(|&size| Worth::join(0, size)).collect();
            for &worth in &each as &Vec<Worth> {
                sum += worth;
            }
            (each, sum)
        };
        let fewest = |sizes: &[i128], tenths| {
            let (each, sum) = list(sizes);
            super::fewest(&each, sum, tenths)
        };
        assert_eq!((fewest(&[], 5), fewest(&[], 9)), (0, 0));
        assert_eq!((fewest(&[7], 5), fewest(&[7], 9)), (1, 1));
        assert_eq!((fewest(&[5, 4, 1], 5), fewest(&[5, 4, 1], 9)), (1, 2));
        assert_eq!((fewest(&[4, 4, 2], 5), fewest(&[4, 4, 2], 9)), (2, 3));
        assert_eq!((fewest(&[1; 100], 5), fewest(&[1; 100], 9)), (50, 90));
    }
}

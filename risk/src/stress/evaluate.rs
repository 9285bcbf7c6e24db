//! What every account is worth at moved prices, added up and counted.

use num_bigint::BigUint;
use pacioli_attestation::Purpose;
use pacioli_circuits::Account;
use pacioli_rules::Amount;
use rayon::prelude::*;
use serde::Serialize;

use super::{
    book::StressBook,
    columns::Bend,
    margin::BelowMargin,
    values::{Asked, Values},
    wide_int::{CUT, WideInt},
};

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
    pub accounts_with_shortfall: u64,
    /// How many of these are no customers'.
    pub own_accounts_with_shortfall: u64,
    /// How many accounts have less margin than the rules ask for, for each of their margin
    /// scenarios: at the moved prices, or, where the oracle is stale, at the old ones.
    pub below_margin: Vec<BelowMargin>,
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
    /// Assets of the scenario that move nothing in the book, and implied volatilities where the rules
    /// have no options.
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
    pub(super) owed: WideInt,
    pub(super) bad_debt: WideInt,
    with_equity: u64,
    pub(super) short: u64,
    own_accounts_with_shortfall: u64,
    /// Accounts below each margin, and how many of them are no customers'.
    below: Vec<[u64; 2]>,
    /// What each short account lacks; empty where that is not wanted.
    shortfalls: Vec<WideInt>,
    unliquidated: u64,
    unliquidated_bad_debt: WideInt,
}

impl Tally {
    fn new(asked: &Asked) -> Self {
        Self { below: vec![[0; 2]; asked.margins.len()], ..Self::default() }
    }

    /// Counts an account in; `house` where it is no customer's.
    fn add(&mut self, asked: &Asked, worth: impl Fn(usize) -> WideInt, house: bool, keep: bool) {
        let mut has_maintenance = true;
        for (margin, [below, of_house]) in asked.margins.iter().zip(&mut self.below) {
            if margin.exceeds(&worth) {
                *below += 1;
                *of_house += u64::from(house);
                has_maintenance &= !margin.is_maintenance;
            }
        }
        let worth = worth(asked.column);
        if worth > WideInt::ZERO {
            self.owed += worth;
            self.with_equity += 1;
        } else if worth < WideInt::ZERO {
            let lacks = -worth;
            self.bad_debt += lacks;
            self.short += 1;
            self.own_accounts_with_shortfall += u64::from(house);
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
        self.own_accounts_with_shortfall += other.own_accounts_with_shortfall;
        for (below, other) in self.below.iter_mut().zip(other.below) {
            below[0] += other[0];
            below[1] += other[1];
        }
        self.shortfalls.append(&mut other.shortfalls);
        self.unliquidated += other.unliquidated;
        self.unliquidated_bad_debt += other.unliquidated_bad_debt;
    }
}

/// One thread's tallies, and the sums of the account at hand over the halves of its quantities, by
/// column.
struct Adding {
    tallies: Vec<Tally>,
    upper: Vec<i128>,
    lower: Vec<i128>,
}

impl Adding {
    fn new(values: &Values) -> Self {
        let width = values.by_row.width();
        Self {
            tallies: values.asked.iter().map(Tally::new).collect(),
            upper: vec![0; width],
            lower: vec![0; width],
        }
    }

    fn account(&mut self, account: &Account, values: &Values, house: bool, keep: bool) {
        self.upper.fill(0);
        self.lower.fill(0);
        for line in &account.lines {
            let quantity = line.quantity.units();
            let row = values.by_row.of(line.instrument);
            let [upper, lower] = halves(quantity);
            for (sum, value) in self.lower.iter_mut().zip(row) {
                *sum += lower * value;
            }
            if upper != 0 {
                for (sum, value) in self.upper.iter_mut().zip(row) {
                    *sum += upper * value;
                }
            }
            for &Bend { column, bound, rise } in values.by_row.bends(line.instrument) {
                let [upper, lower] = halves(quantity.saturating_sub(bound));
                self.upper[column] += upper * rise;
                self.lower[column] += lower * rise;
            }
        }
        let worth = |column: usize| WideInt::join(self.upper[column], self.lower[column]);
        for (tally, asked) in self.tallies.iter_mut().zip(&values.asked) {
            tally.add(asked, worth, house, keep);
        }
    }
}

/// A quantity cut in two.
fn halves(quantity: u128) -> [i128; 2] {
    [(quantity >> CUT) as i128, (quantity % (1 << CUT)) as i128]
}

impl StressBook {
    /// One tally for each scenario asked for.
    pub(super) fn tally(&self, values: &Values, keep: bool) -> Vec<Tally> {
        let customers = self.customers();
        let parts = self.accounts.par_iter().enumerate().fold(
            || Adding::new(values),
            |mut adding, (index, account)| {
                adding.account(account, values, index >= customers, keep);
                adding
            },
        );
        let parts = parts.map(|adding| adding.tallies);
        parts.reduce(
            || values.asked.iter().map(Tally::new).collect(),
            |mut all, part| {
                all.iter_mut().zip(part).for_each(|(tally, other)| tally.merge(other));
                all
            },
        )
    }

    /// One outcome for each scenario asked for.
    pub(super) fn outcomes(&self, values: &Values) -> Vec<Outcome> {
        let tallies = self.tally(values, true).into_iter().zip(&values.asked);
        tallies.map(|(tally, asked)| self.outcome(values, asked, tally)).collect()
    }

    fn outcome(&self, values: &Values, asked: &Asked, mut tally: Tally) -> Outcome {
        let Values { compiled, .. } = values;
        let has_maintenance = asked.margins.iter().any(|margin| margin.is_maintenance);
        let unliquidated = Unliquidated {
            accounts: tally.unliquidated,
            bad_debt: self.amount(tally.unliquidated_bad_debt),
        };
        let below = asked.margins.iter().zip(&tally.below).map(|(margin, &[accounts, house])| {
            BelowMargin { scenario: margin.name.clone(), accounts, house }
        });
        let below_margin = below.collect();
        tally.shortfalls.par_sort_unstable_by(|a, b| b.cmp(a));
        Outcome {
            name: compiled.scenarios[asked.scenario].name.clone(),
            owed: self.amount(tally.owed),
            bad_debt: self.amount(tally.bad_debt),
            accounts_with_equity: tally.with_equity,
            accounts_with_shortfall: tally.short,
            own_accounts_with_shortfall: tally.own_accounts_with_shortfall,
            below_margin,
            half_of_bad_debt: fewest(&tally.shortfalls, tally.bad_debt, 5),
            nine_tenths_of_bad_debt: fewest(&tally.shortfalls, tally.bad_debt, 9),
            customers: self.reserves_for(Purpose::Customers, compiled, asked.scenario),
            insurance: self.insurance(compiled, asked.scenario),
            stale_oracle: asked.stale,
            unliquidated: (asked.stale && has_maintenance).then_some(unliquidated),
            not_in_book: Vec::new(),
            quote_would_move: false,
        }
    }
}

/// How many of the largest shortfalls make up so many tenths of their sum. They stand in falling
/// order.
fn fewest(shortfalls: &[WideInt], sum: WideInt, tenths: u32) -> u64 {
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
        let list = |sizes: &[i128]| -> (Vec<WideInt>, WideInt) {
            let mut sum = WideInt::ZERO;
            let each = sizes.iter().map(|&size| WideInt::join(0, size)).collect();
            for &worth in &each as &Vec<WideInt> {
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

//! The worth of every account at moved prices, summed and counted.

use std::collections::BTreeSet;

use num_bigint::BigUint;
use pacioli_attestation::{Progress, Purpose};
use pacioli_circuits::Account;
use rayon::prelude::*;

use super::{
    book::StressBook,
    columns::Bend,
    error::StressError,
    outcome::{BelowMargin, Outcome, Unliquidated},
    scenarios::StressScenario,
    values::{Asked, Values, together},
    wide_int::{CUT, WideInt},
};

/// The name of volatility moves among moves ignored; not an asset's name, which has no spaces.
const VOLATILITIES: &str = "implied volatilities";

/// The sums and counts of one scenario over some accounts.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) owed: WideInt,
    pub(super) bad_debt: WideInt,
    with_equity: u64,
    pub(super) with_shortfall: u64,
    own_accounts_with_shortfall: u64,
    /// The accounts below each margin.
    below: Vec<Below>,
    /// The shortfall of each account that has one; empty if not asked for.
    shortfalls: Vec<WideInt>,
    unliquidated: u64,
    unliquidated_bad_debt: WideInt,
}

/// The accounts below one margin.
#[derive(Clone, Copy, Default)]
struct Below {
    accounts: u64,
    /// The own accounts among them: all but customers'.
    own: u64,
}

impl Tally {
    fn new(asked: &Asked) -> Self {
        Self { below: vec![Below::default(); asked.margins.len()], ..Self::default() }
    }

    /// Counts an account; `own` unless it is a customer's. `keep` collects its shortfall.
    fn add(&mut self, asked: &Asked, worth: impl Fn(usize) -> WideInt, own: bool, keep: bool) {
        let mut has_maintenance = true;
        for (margin, below) in asked.margins.iter().zip(&mut self.below) {
            if margin.exceeds(&worth) {
                below.accounts += 1;
                below.own += u64::from(own);
                has_maintenance &= !margin.is_maintenance;
            }
        }
        let worth = worth(asked.column);
        if worth > WideInt::ZERO {
            self.owed += worth;
            self.with_equity += 1;
        } else if worth < WideInt::ZERO {
            let shortfall = -worth;
            self.bad_debt += shortfall;
            self.with_shortfall += 1;
            self.own_accounts_with_shortfall += u64::from(own);
            if has_maintenance {
                self.unliquidated_bad_debt += shortfall;
                self.unliquidated += 1;
            }
            if keep {
                self.shortfalls.push(shortfall);
            }
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.owed += other.owed;
        self.bad_debt += other.bad_debt;
        self.with_equity += other.with_equity;
        self.with_shortfall += other.with_shortfall;
        self.own_accounts_with_shortfall += other.own_accounts_with_shortfall;
        for (below, other) in self.below.iter_mut().zip(other.below) {
            below.accounts += other.accounts;
            below.own += other.own;
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

    fn account(&mut self, account: &Account, values: &Values, own: bool, keep: bool) {
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
            tally.add(asked, worth, own, keep);
        }
    }
}

/// A quantity cut in two.
fn halves(quantity: u128) -> [i128; 2] {
    [(quantity >> CUT) as i128, (quantity % (1 << CUT)) as i128]
}

impl StressBook {
    /// The outcome at the current prices.
    pub fn at_mark(&self) -> Outcome {
        let mut outcomes = self.outcomes(&self.values_at_mark());
        outcomes.remove(0)
    }

    /// The outcome of each scenario, in order.
    ///
    /// # Errors
    /// If two scenarios have the same name, or a moved value is too large for a table.
    pub fn evaluate(
        &self,
        scenarios: &[StressScenario],
        progress: &dyn Progress,
    ) -> Result<Vec<Outcome>, StressError> {
        let own = self.rules.scenarios.iter().map(|scenario| scenario.name.as_str());
        let mut names: BTreeSet<&str> = own.collect();
        for scenario in scenarios {
            if !names.insert(&scenario.name) {
                return Err(StressError::DuplicateScenario(scenario.name.clone()));
            }
        }
        let phase = format!("stressing {} accounts", self.accounts.len());
        progress.begin(&phase, scenarios.len() as u64);
        let mut outcomes = Vec::with_capacity(scenarios.len());
        for chunk in scenarios.chunks(together(&self.compiled)) {
            let found = self.outcomes(&self.values_in(chunk)?).into_iter().zip(chunk);
            outcomes.extend(found.map(|(outcome, scenario)| Outcome {
                name: scenario.name.clone(),
                not_in_book: self.not_in_book(scenario),
                quote_would_move: scenario.moves.contains_key(self.quote()),
                ..outcome
            }));
            progress.reach(outcomes.len() as u64);
        }
        Ok(outcomes)
    }

    fn not_in_book(&self, scenario: &StressScenario) -> Vec<String> {
        let assets = scenario.moves.keys();
        let assets = assets.filter(|asset| !self.moves(asset) && *asset != self.quote()).cloned();
        let vols = scenario.vol_move.filter(|_| self.rules.options.is_empty());
        assets.chain(vols.map(|_| VOLATILITIES.to_owned())).collect()
    }

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
        let below =
            asked.margins.iter().zip(&tally.below).map(|(margin, &Below { accounts, own })| {
                BelowMargin { scenario: margin.name.clone(), accounts, own_accounts: own }
            });
        let below_margin = below.collect();
        tally.shortfalls.par_sort_unstable_by(|a, b| b.cmp(a));
        Outcome {
            name: compiled.scenario(asked.scenario).name.clone(),
            owed: self.amount(tally.owed),
            bad_debt: self.amount(tally.bad_debt),
            accounts_with_equity: tally.with_equity,
            accounts_with_shortfall: tally.with_shortfall,
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

/// The number of the largest shortfalls that make up so many tenths of their sum; `shortfalls` are in
/// falling order.
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

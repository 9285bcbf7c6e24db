//! Figures from totals: sums over the rows of an asset, a market, a class.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_circuits::{InstrumentId, ScenarioId, Total, Totals};
use pacioli_rules::{
    Amount, AssetRows, Class, Compiled, MarketRows, RowsOf, ScenarioKind, SignedAmount,
    black76::Exposure,
};
use thiserror::Error;

use super::{
    AssetFigures, ClassFigures, ClassWorth, ContingencyFigures, Figures, FundFigures,
    MarketFigures, OptionFigures, ScenarioFigures, or_nothing,
};

/// Why totals have no figures.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FiguresError {
    /// There is one total per row of the table.
    #[error("{got} totals for {expected} instruments")]
    Length {
        /// Rows of the table.
        expected: usize,
        /// Totals given.
        got: usize,
    },
}

/// The figures of the totals of every row of the table.
///
/// # Errors
/// If there are not as many totals as rows.
pub fn figures(compiled: &Compiled, totals: &Totals) -> Result<Figures, FiguresError> {
    let (expected, totals) = (compiled.rows.len(), &totals.0);
    if totals.len() != expected {
        return Err(FiguresError::Length { expected, got: totals.len() });
    }
    let book = Book { compiled, totals };
    let credit = book.credit();
    let (mut scenarios, mut funds) = (Vec::new(), Vec::new());
    let has_forms = !compiled.forms.is_empty();
    let count = |row: InstrumentId| (!has_forms).then_some(totals[row.row()].count);
    for (id, scenario) in compiled.scenarios_by_id() {
        let Some([equity, shortfall]) = scenario.balance() else { continue };
        let owed = book.owed(&book.row(equity), id);
        let accounts_with_equity = count(equity);
        if let ScenarioKind::Twin { of } = scenario.kind {
            let scenario = compiled.scenario(of).name.clone();
            funds.push(FundFigures { scenario, owed_to_others: owed, accounts_with_equity });
            continue;
        }
        scenarios.push(ScenarioFigures {
            name: scenario.name.clone(),
            owed,
            bad_debt: book.row(shortfall),
            accounts_with_equity,
            accounts_with_shortfall: totals[shortfall.row()].count,
        });
    }
    let contingencies = compiled.contingencies.iter().map(|contingency| ContingencyFigures {
        name: contingency.name.clone(),
        required: book.required(contingency),
        accounts: count(contingency.row),
    });
    let all = &Class::ALL[..];
    let [quote_credit, quote_debit] = book.quote(all);
    let classes = match compiled.classes.is_empty() {
        true => &[],
        false => all,
    };
    Ok(Figures {
        scenarios,
        funds,
        contingencies: contingencies.collect(),
        assets: book.credited_assets(credit.as_ref()),
        credit,
        markets: book.markets(all),
        options: book.options(all),
        classes: classes.iter().filter_map(|class| book.class(*class)).collect(),
        quote_credit,
        quote_debit,
    })
}

/// What a class is worth in one scenario of the table: 0 where that is negative, `None` where the
/// rules have no such class.
pub fn class_fund(
    compiled: &Compiled,
    totals: &Totals,
    class: Class,
    scenario: ScenarioId,
) -> Option<Amount> {
    compiled.rows_of(class)?;
    Some(or_nothing(&Book { compiled, totals: &totals.0 }.worth(class, scenario)))
}

/// Totals and the table that they are of.
pub(super) struct Book<'a> {
    pub(super) compiled: &'a Compiled,
    /// One for each row.
    pub(super) totals: &'a [Total],
}

impl Book<'_> {
    /// The total of a row.
    pub(super) fn row(&self, row: InstrumentId) -> Amount {
        self.sum([row], self.compiled.rows[row.row()].decimals)
    }

    /// The totals of rows of one asset or market, and of their forms.
    pub(super) fn sum(
        &self,
        rows: impl IntoIterator<Item = InstrumentId>,
        decimals: u32,
    ) -> Amount {
        let quantity = |row: InstrumentId| self.quantity(row);
        Amount::new(rows.into_iter().map(quantity).sum::<BigUint>(), decimals)
    }

    /// What all accounts hold in a row, and in its plain and covered form.
    fn quantity(&self, row: InstrumentId) -> BigUint {
        let of = |row: InstrumentId| BigUint::from(self.totals[row.row()].quantity);
        of(row) + self.compiled.forms_of(row).map(of).sum::<BigUint>()
    }

    /// The totals of every asset that one of the classes may hold.
    pub(super) fn assets(&self, classes: &[Class]) -> Vec<AssetFigures> {
        let rows = |name: &String| -> Vec<&AssetRows> {
            let held = classes.iter().filter_map(|class| self.compiled.rows_of(*class));
            held.filter_map(|rows| rows.assets.get(name)).collect()
        };
        let names = self.compiled.assets.iter();
        let figures = names.filter_map(|(name, AssetRows { decimals, .. })| {
            let rows = rows(name);
            let deposits = rows.iter().flat_map(|rows| rows.deposits.iter().copied());
            let borrows =
                rows.iter().flat_map(|rows| rows.borrow.into_iter().chain(rows.uncredited));
            (!rows.is_empty()).then(|| AssetFigures {
                name: name.clone(),
                deposits: self.sum(deposits, *decimals),
                borrows: self.sum(borrows, *decimals),
                credit: None,
            })
        });
        figures.collect()
    }

    /// The totals of every market that one of the classes may hold.
    fn markets(&self, classes: &[Class]) -> Vec<MarketFigures> {
        let rows = |name: &String| -> Vec<&MarketRows> {
            let held = classes.iter().filter_map(|class| self.compiled.rows_of(*class));
            held.filter_map(|rows| rows.markets.get(name)).collect()
        };
        let names = self.compiled.markets.iter();
        let figures = names.filter_map(|(name, MarketRows { decimals, .. })| {
            let rows = rows(name);
            let longs = rows.iter().flat_map(|rows| rows.longs.iter().copied());
            let shorts = rows.iter().flat_map(|rows| rows.shorts.iter().copied());
            (!rows.is_empty()).then(|| MarketFigures {
                name: name.clone(),
                long: self.sum(longs, *decimals),
                short: self.sum(shorts, *decimals),
            })
        });
        figures.collect()
    }

    /// The greeks of every underlying whose options one of the classes may hold.
    fn options(&self, classes: &[Class]) -> Vec<OptionFigures> {
        let mut underlyings = BTreeMap::new();
        let held = classes.iter().filter_map(|class| self.compiled.rows_of(*class));
        for RowsOf { markets, .. } in held {
            for (name, option) in &self.compiled.options {
                let Some(rows) = markets.get(name) else { continue };
                let of = underlyings.entry(option.underlying.as_str());
                let [long, short, net]: &mut [Exposure; 3] = of.or_default();
                for (rows, side, sign) in [(&rows.longs, long, 1), (&rows.shorts, short, -1)] {
                    for row in rows {
                        let quantity = BigInt::from(self.quantity(*row)) * sign;
                        side.add(&option.greeks, &quantity, option.decimals);
                        net.add(&option.greeks, &quantity, option.decimals);
                    }
                }
            }
        }
        let figures = underlyings.into_iter().map(|(underlying, [long, short, net])| {
            OptionFigures { underlying: underlying.to_owned(), long, short, net }
        });
        figures.collect()
    }

    /// The totals of the classes' quote credits and quote debits.
    fn quote(&self, classes: &[Class]) -> [Amount; 2] {
        let decimals = self.compiled.rows[self.compiled.quote_rows[0].row()].decimals;
        [0, 1].map(|side| {
            let held = classes.iter().filter_map(|class| self.compiled.rows_of(*class));
            self.sum(held.map(|rows| rows.quote_rows[side]), decimals)
        })
    }

    fn class(&self, class: Class) -> Option<ClassFigures> {
        self.compiled.rows_of(class)?;
        let [quote_credit, quote_debit] = self.quote(&[class]);
        let scenarios = self.compiled.scenarios_by_id();
        let worth = scenarios.filter_map(|(id, scenario)| match scenario.kind {
            ScenarioKind::Mark | ScenarioKind::Stress => {
                Some(ClassWorth { scenario: scenario.name.clone(), worth: self.worth(class, id) })
            }
            ScenarioKind::Margin(_) | ScenarioKind::Credit => None,
            ScenarioKind::Constraint { .. } | ScenarioKind::Twin { .. } | ScenarioKind::Cover => {
                None
            }
        });
        Some(ClassFigures {
            class,
            assets: self.assets(&[class]),
            markets: self.markets(&[class]),
            options: self.options(&[class]),
            quote_credit,
            quote_debit,
            worth: worth.collect(),
        })
    }

    /// Total times value over what the accounts of a class hold: what closing lines come to for
    /// all of them together.
    fn worth(&self, class: Class, scenario: ScenarioId) -> SignedAmount {
        let held = self.compiled.rows.iter().zip(self.totals).enumerate();
        let held = held.filter(|(_, (row, _))| row.class == class && !row.role.is_shared());
        let worth = held.map(|(index, (_, total))| {
            BigInt::from(self.compiled.counts_for(index, scenario)) * total.quantity
        });
        let worth: BigInt = worth.sum();
        let size = Amount::new(worth.magnitude().clone(), self.compiled.value_decimals);
        SignedAmount { negative: worth.sign() == Sign::Minus, size }
    }
}

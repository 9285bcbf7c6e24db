//! What the totals of a book say, in words everyone can compute: what is owed, bad debt, open
//! interest.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_circuits::{InstrumentId, Total, Totals};
use pacioli_rules::{
    Amount, AssetRows, Class, Compiled, MarketRows, Role, RowsOf, ScenarioKind, SignedAmount,
    black76::Exposure,
};
use serde::Serialize;
use thiserror::Error;

/// The figures of a book. Each is exact for the accounts that were committed to; `owed`,
/// `bad_debt` and the counts beside them can only err upwards, since an account may write both
/// equity and shortfall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// One for each scenario but constraints and twins, in the table's order.
    pub scenarios: Vec<ScenarioFigures>,
    /// What all but the insurance fund are owed, for each stress that has a twin, in the table's
    /// order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<FundFigures>,
    /// One for each contingency, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contingencies: Vec<ContingencyFigures>,
    /// One for each asset, by name, of all classes together.
    pub assets: Vec<AssetFigures>,
    /// What keeps loans from being credited against deposits, where rules have a credit scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<CreditFigures>,
    /// One for each market and option, markets and options together by name, of all classes
    /// together.
    pub markets: Vec<MarketFigures>,
    /// One for each underlying of options, by name, of all classes together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionFigures>,
    /// One for each class, customers first, where the rules have any but customers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassFigures>,
    /// Quote currency owed to accounts outside of deposits, such as the entries of shorts.
    pub quote_credit: Amount,
    /// Quote currency owed by accounts outside of loans, such as the entries of longs.
    pub quote_debit: Amount,
}

/// The figures of one scenario, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioFigures {
    /// The scenario.
    pub name: String,
    /// What is left over for accounts: in `mark`, what is owed to them.
    pub owed: Amount,
    /// What accounts lack.
    pub bad_debt: Amount,
    /// How many accounts have something left over.
    pub accounts_with_equity: u64,
    /// How many accounts lack something.
    pub accounts_with_shortfall: u64,
}

/// What all but the insurance fund are owed in one stress, in the quote currency: `equity` of the
/// stress's twin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FundFigures {
    /// The stress.
    pub scenario: String,
    /// What is left over for accounts where nothing of the class `insurance` counts. It errs upwards
    /// alone, as `owed` does, so that a prover who mixes classes in one account, or invents accounts,
    /// only makes it larger.
    pub owed_to_others: Amount,
    /// How many accounts have something left over there.
    pub accounts_with_equity: u64,
}

/// The figures of one contingency, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContingencyFigures {
    /// The contingency.
    pub name: String,
    /// The worst losses of all accounts together, or more: an account may write a larger one.
    pub required: Amount,
    /// How many accounts have something to lose.
    pub accounts: u64,
}

/// The figures of one asset, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetFigures {
    /// The asset.
    pub name: String,
    /// What accounts have deposited, over all tiers.
    pub deposits: Amount,
    /// What accounts have borrowed, credited or not.
    pub borrows: Amount,
    /// What of it is credited: of all classes together, where the rules have a credit scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<AssetCredit>,
}

/// The loans of one asset by their labels, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetCredit {
    /// Loans of accounts that the publisher calls solvent.
    pub credited: Amount,
    /// All other loans.
    pub uncredited: Amount,
    /// What counts against deposits: the credited loans, less as much of the asset as
    /// [`CreditFigures::taken`] is worth at mark, and nothing where the asset is worth nothing.
    pub counted: Amount,
}

/// What is taken off the credited loans of each asset, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditFigures {
    /// The credit scenario.
    pub scenario: String,
    /// What accounts lack in it: losses, and credited loans that no collateral covers.
    pub lacking: Amount,
    /// What positions and quote currency come to at mark, all accounts together, and 0 where that
    /// is a loss: gains that are no account's loss, and no collateral.
    pub unfunded: Amount,
    /// Both together.
    pub taken: Amount,
}

/// The figures of one market, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarketFigures {
    /// The market.
    pub name: String,
    /// Open interest of longs, over all tiers.
    pub long: Amount,
    /// Open interest of shorts, over all tiers.
    pub short: Amount,
}

/// The greeks of all options on one underlying.
///
/// The net is that of all accounts together: nothing where every long of the book has its short in
/// it, and else the opposite of what those outside of it have, such as the venue itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionFigures {
    /// The underlying.
    pub underlying: String,
    /// Of all longs.
    pub long: Exposure,
    /// Of all shorts.
    pub short: Exposure,
    /// Of both together.
    pub net: Exposure,
}

/// The figures of one class of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassFigures {
    /// The class.
    pub class: Class,
    /// One for each asset that it may hold, by name.
    pub assets: Vec<AssetFigures>,
    /// One for each market that it may hold, by name.
    pub markets: Vec<MarketFigures>,
    /// One for each underlying of options that it may hold, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionFigures>,
    /// Quote currency owed to its accounts outside of deposits.
    pub quote_credit: Amount,
    /// Quote currency owed by its accounts outside of loans.
    pub quote_debit: Amount,
    /// What its accounts are worth together, in `mark` and in every stress.
    pub worth: Vec<ClassWorth>,
}

/// What the accounts of a class are worth together in one scenario, in the quote currency: what is
/// owed to some less what others lack.
///
/// A figure to look at, on which no clause rests: an account that nobody has may hold lines of two
/// classes, and move any worth from one to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassWorth {
    /// The scenario.
    pub scenario: String,
    /// Their worth.
    pub worth: SignedAmount,
}

impl Figures {
    /// The figures of one scenario.
    pub fn scenario(&self, name: &str) -> Option<&ScenarioFigures> {
        self.scenarios.iter().find(|figures| figures.name == name)
    }

    /// What a class is worth in one scenario: 0 where that is negative, `None` where the rules have
    /// no such class, or the scenario is none of `mark` and the stresses.
    pub fn fund(&self, class: Class, scenario: &str) -> Option<Amount> {
        let class = self.classes.iter().find(|figures| figures.class == class)?;
        let worth = class.worth.iter().find(|worth| worth.scenario == scenario)?;
        Some(or_nothing(&worth.worth))
    }
}

/// What a class is worth in one scenario of the table: 0 where that is negative, `None` where the
/// rules have no such class.
pub fn class_fund(
    compiled: &Compiled,
    totals: &Totals,
    class: Class,
    scenario: usize,
) -> Option<Amount> {
    compiled.rows_of(class)?;
    Some(or_nothing(&Book { compiled, totals: &totals.0 }.worth(class, scenario)))
}

/// What can be paid out of something.
fn or_nothing(SignedAmount { negative, size }: &SignedAmount) -> Amount {
    if *negative { Amount::new(0u32, size.decimals) } else { size.clone() }
}

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
/// Where there are not as many totals as rows.
pub fn figures(compiled: &Compiled, totals: &Totals) -> Result<Figures, FiguresError> {
    let (expected, totals) = (compiled.rows.len(), &totals.0);
    if totals.len() != expected {
        return Err(FiguresError::Length { expected, got: totals.len() });
    }
    let book = Book { compiled, totals };
    let credit = book.credit();
    let (mut scenarios, mut funds) = (Vec::new(), Vec::new());
    for scenario in &compiled.scenarios {
        let Some([equity, shortfall]) = scenario.balance() else { continue };
        let (owed, accounts_with_equity) = (book.row(equity), totals[equity.row()].count);
        if let ScenarioKind::Twin { of } = scenario.kind {
            let scenario = compiled.scenarios[usize::from(of)].name.clone();
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
        required: book.row(contingency.row),
        accounts: totals[contingency.row.row()].count,
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

struct Book<'a> {
    compiled: &'a Compiled,
    totals: &'a [Total],
}

impl Book<'_> {
    /// The total of a row.
    fn row(&self, row: InstrumentId) -> Amount {
        self.sum([row], self.compiled.rows[row.row()].decimals)
    }

    /// The totals of rows of one asset or market.
    fn sum(&self, rows: impl IntoIterator<Item = InstrumentId>, decimals: u32) -> Amount {
        let quantity = |row: InstrumentId| BigUint::from(self.totals[row.row()].quantity);
        Amount::new(rows.into_iter().map(quantity).sum::<BigUint>(), decimals)
    }

    /// The totals of every asset that one of the classes may hold.
    fn assets(&self, classes: &[Class]) -> Vec<AssetFigures> {
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

    /// What is taken off credited loans.
    fn credit(&self) -> Option<CreditFigures> {
        let scenario = &self.compiled.scenarios[self.compiled.credit_scenario()?];
        let [_, shortfall] = scenario.balance()?;
        let lacking = self.row(shortfall);
        let rows = self.compiled.rows.iter().zip(self.compiled.table.instruments());
        let claims = rows.zip(self.totals).filter(|((row, _), _)| {
            let is_position = matches!(row.role, Role::Long { .. } | Role::Short { .. });
            is_position || matches!(row.role, Role::QuoteCredit | Role::QuoteDebit)
        });
        let claims: BigInt = claims
            .map(|((_, row), total)| BigInt::from(row.values[0].units()) * total.quantity)
            .sum();
        let unfunded = claims.to_biguint().unwrap_or_default();
        let decimals = self.compiled.value_decimals;
        Some(CreditFigures {
            scenario: scenario.name.clone(),
            taken: Amount::new(&lacking.units + &unfunded, decimals),
            unfunded: Amount::new(unfunded, decimals),
            lacking,
        })
    }

    /// The totals of every asset, and what of its loans is credited.
    fn credited_assets(&self, credit: Option<&CreditFigures>) -> Vec<AssetFigures> {
        let mut assets = self.assets(&Class::ALL);
        let Some(CreditFigures { taken, .. }) = credit else { return assets };
        for asset in &mut assets {
            let held = Class::ALL.iter().filter_map(|class| self.compiled.rows_of(*class));
            let held: Vec<_> = held.filter_map(|rows| rows.assets.get(&asset.name)).collect();
            let decimals = asset.borrows.decimals;
            let credited = self.sum(held.iter().filter_map(|rows| rows.borrow), decimals);
            let uncredited = self.sum(held.iter().filter_map(|rows| rows.uncredited), decimals);
            let price = held.iter().find_map(|rows| rows.borrow).map_or(0, |row| {
                self.compiled.table.instruments()[row.row()].values[0].units().unsigned_abs()
            });
            // Of what is worth nothing, anyone can borrow any amount and stay solvent.
            let off = match price {
                0 => credited.units.clone(),
                _ => (&taken.units + price - 1u32) / price,
            };
            let off = off.min(credited.units.clone());
            let counted = Amount::new(&credited.units - off, decimals);
            asset.credit = Some(AssetCredit { credited, uncredited, counted });
        }
        assets
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
                        let quantity = BigInt::from(self.totals[row.row()].quantity) * sign;
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
        let scenarios = self.compiled.scenarios.iter().enumerate();
        let worth = scenarios.filter_map(|(index, scenario)| match scenario.kind {
            ScenarioKind::Mark | ScenarioKind::Stress => Some(ClassWorth {
                scenario: scenario.name.clone(),
                worth: self.worth(class, index),
            }),
            ScenarioKind::Margin(_) | ScenarioKind::Credit => None,
            ScenarioKind::Constraint { .. } | ScenarioKind::Twin { .. } => None,
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
    fn worth(&self, class: Class, scenario: usize) -> SignedAmount {
        let rows = self.compiled.rows.iter().zip(self.compiled.table.instruments());
        let held = rows.zip(self.totals);
        let held = held.filter(|((row, _), _)| row.class == class && !row.role.is_shared());
        let worth = held.map(|((_, instrument), total)| {
            BigInt::from(instrument.values[scenario].units()) * total.quantity
        });
        let worth: BigInt = worth.sum();
        let size = Amount::new(worth.magnitude().clone(), self.compiled.value_decimals);
        SignedAmount { negative: worth.sign() == Sign::Minus, size }
    }
}

//! What the totals of a book say, as anyone can compute it: what is owed, bad debt, open interest.
//!
//! A customer's holding is counted in one of several rows: its tiers, and its plain and covered form.
//! Every figure sums all of them. What plain and covered lines are worth is in no closing line, and
//! is added to what is owed ([`forms`]).

mod credit;
mod forms;
mod sums;

pub use sums::{FiguresError, class_fund, figures};

use pacioli_rules::{Amount, Class, SignedAmount, black76::Exposure};
use serde::Serialize;

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
    /// What keeps borrows from being credited against deposits, where rules have a credit scenario.
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
    /// Quote currency owed by accounts outside of borrows, such as the entries of longs.
    pub quote_debit: Amount,
}

/// The figures of one scenario, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioFigures {
    /// The scenario.
    pub name: String,
    /// What is left over for accounts: in `mark`, what is owed to them.
    pub owed: Amount,
    /// The sum of the accounts' shortfalls.
    pub bad_debt: Amount,
    /// How many accounts have something left over; `None` where some may be plain or covered, which
    /// do not say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts_with_equity: Option<u64>,
    /// How many accounts have a shortfall.
    pub accounts_with_shortfall: u64,
}

/// What all but the insurance fund are owed in one stress, in the quote currency: `equity` of the
/// stress's twin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FundFigures {
    /// The stress.
    pub scenario: String,
    /// What is left over for accounts where nothing of the class `insurance` counts. It errs
    /// upwards alone, as `owed` does, so that a prover who mixes classes in one account, or invents
    /// accounts, only makes it larger.
    pub owed_to_others: Amount,
    /// How many accounts have something left over there; `None` where some may be plain or covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts_with_equity: Option<u64>,
}

/// The figures of one contingency, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContingencyFigures {
    /// The contingency.
    pub name: String,
    /// The worst losses of all accounts together, or more: an account may write a larger one, and
    /// one that is plain or covered counts for the worst losses of its lines, each by itself.
    pub required: Amount,
    /// How many accounts have something to lose; `None` where some may be plain or covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u64>,
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

/// The borrows of one asset by their labels, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetCredit {
    /// Borrows of accounts that the publisher calls solvent.
    pub credited: Amount,
    /// All other borrows.
    pub uncredited: Amount,
    /// What counts against deposits: the credited borrows, less as much of the asset as
    /// [`CreditFigures::taken`] is worth at mark, and nothing where the asset is worth nothing.
    pub counted: Amount,
}

/// What is taken off the credited borrows of each asset, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreditFigures {
    /// The credit scenario.
    pub scenario: String,
    /// The sum of shortfalls in it: losses, and credited borrows that no collateral covers.
    pub shortfalls: Amount,
    /// What positions and quote currency come to at mark, all accounts together, and 0 where that
    /// is a loss: gains that are no account's loss, and no collateral.
    pub unmatched: Amount,
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
    /// Quote currency owed by its accounts outside of borrows.
    pub quote_debit: Amount,
    /// What its accounts are worth together, in `mark` and in every stress.
    pub worth: Vec<ClassWorth>,
}

/// What the accounts of a class are worth together in one scenario, in the quote currency: what is
/// owed to some less the shortfalls of others.
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
    /// no such class, or the scenario is neither `mark` nor a stress.
    pub fn fund(&self, class: Class, scenario: &str) -> Option<Amount> {
        let class = self.classes.iter().find(|figures| figures.class == class)?;
        let worth = class.worth.iter().find(|worth| worth.scenario == scenario)?;
        Some(or_nothing(&worth.worth))
    }
}

/// What can be paid out of something.
fn or_nothing(SignedAmount { negative, size }: &SignedAmount) -> Amount {
    if *negative { Amount::new(0u32, size.decimals) } else { size.clone() }
}

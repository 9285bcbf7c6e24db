//! Every error of rules, with the key it is about.

use pacioli_circuits::TableError;
use thiserror::Error;

use crate::{
    black76::{BlackError, SurfaceError},
    closest::Closest,
    decimal::Decimal,
    names::NameError,
    prices::Prices,
    soundness::CheckError,
    volatility::SourceError,
};

/// Reasons to refuse rules, alone or with prices.
#[derive(Debug, Error)]
pub enum RulesError {
    /// Text that is not TOML of the expected form; the message shows the place.
    #[error("the rules are malformed: {0}")]
    Malformed(#[from] toml::de::Error),
    /// A key that other systems have for coin-margined or quanto contracts.
    #[error(
        "the rules are malformed: {0}coin-margined (inverse) and quanto contracts are two markets each, \
         one for the coins and one for what they are worth: docs/snapshot.md says how, and the presets \
         coin-linear, coin-steps and coin-tiered are examples"
    )]
    Contracts(toml::de::Error),
    /// A key with a problem.
    #[error("{key}: {problem}")]
    At {
        /// The key, such as `assets.BTC.tiers[1].maintenance`; indices count from 0.
        key: String,
        /// The problem.
        problem: Box<Problem>,
    },
    /// Rows that are not a table; most likely there are too many.
    #[error("the rules and prices do not compile to a table: {0}")]
    Table(#[from] TableError),
    /// A table that is not sound. The compiler never makes one.
    #[error("the rules and prices compile to an unsound table: {0}")]
    Unsound(#[from] CheckError),
}

/// Problems of a key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// An invalid name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A market without its price, for which its underlying's would stand in.
    #[error(
        "its price was refused, because sources did not agree on it, and no other price stands in \
         for it: price it, or leave the market out of the rules"
    )]
    RefusedPrice,
    /// A text that names no source.
    #[error(transparent)]
    Source(SourceError),
    /// A date in another form.
    #[error("`{}` is not a date such as `2026-01-01`", .0.escape_debug())]
    Date(String),
    /// A first scenario other than `mark`, or a second `mark`.
    #[error("the first scenario must have the name and the kind `mark`, and no other may")]
    MarkFirst,
    /// A name given twice.
    #[error("duplicate `{0}`")]
    Twice(String),
    /// A name of nothing in the rules.
    #[error("there is no {what} `{name}` in these rules{closest}")]
    Unknown {
        /// The kind of thing that it should name.
        what: &'static str,
        /// The name.
        name: String,
        /// The name that was meant.
        closest: Closest,
    },
    /// A missing key.
    #[error("is missing: {0}")]
    Missing(&'static str),
    /// A key that must be left out.
    #[error("does not belong here: {0}")]
    Misplaced(&'static str),
    /// A number outside its range.
    #[error("{value} is not {range}")]
    Range {
        /// The number.
        value: Decimal,
        /// The range, in text.
        range: &'static str,
    },
    /// Tier bounds that do not grow.
    #[error("a tier up to {value} cannot follow one up to {before}")]
    Bounds {
        /// The bound.
        value: Decimal,
        /// The bound of the tier before.
        before: Decimal,
    },
    /// A later tier that counts for more: the best split would not be the true one.
    #[error("weight {value} after {before}: a larger deposit cannot have a larger weight")]
    Convex {
        /// The weight.
        value: Decimal,
        /// The weight of the tier before.
        before: Decimal,
    },
    /// A later tier that asks for less: the best split would not be the true one.
    #[error("margin {value} after {before}: a larger position cannot have a lower margin")]
    Concave {
        /// The margin.
        value: Decimal,
        /// The margin of the tier before.
        before: Decimal,
    },
    /// Rates with which one of each side would gain together.
    #[error("{rate} is more than `{other}` loses: the two sides cannot gain together")]
    BothGain {
        /// The rate.
        rate: Decimal,
        /// The other side.
        other: String,
    },
    /// A tier's bound that is finer than the quantity.
    #[error("{value} has more decimals than a quantity, which has {decimals}")]
    BoundDigits {
        /// The bound.
        value: Decimal,
        /// The quantity's decimals.
        decimals: u32,
    },
    /// A tier of 2^90 units or more.
    #[error("a tier of {units} units of 1e-{decimals}: a cap is below 2^90; use fewer decimals")]
    CapBound {
        /// The tier's size in its smallest unit.
        units: String,
        /// The quantity's decimals.
        decimals: u32,
    },
    /// A quantity that is finer than a value.
    #[error("{decimals} decimals are more than value_decimals, {value_decimals}")]
    Decimals {
        /// The decimals.
        decimals: u32,
        /// The book's value decimals.
        value_decimals: u32,
    },
    /// A mark price that is not a whole number of units of value.
    #[error(
        "the price {price} needs {needed} decimals, and with {decimals} decimals of quantity and \
         value_decimals {value_decimals} a price has {left}: use at most {most} decimals of \
         quantity, or more value_decimals"
    )]
    PriceDigits {
        /// The price.
        price: Decimal,
        /// The decimals it needs.
        needed: u32,
        /// The quantity's decimals.
        decimals: u32,
        /// The book's value decimals.
        value_decimals: u32,
        /// Decimals that are left for a price.
        left: u32,
        /// The most decimals a quantity can have at this price.
        most: u32,
    },
    /// A value of 2^64 units or more.
    #[error(
        "worth {units} units of value in scenario `{scenario}`, which is not below 2^64: use more \
         decimals of quantity, or fewer value_decimals"
    )]
    ValueBound {
        /// The value.
        units: String,
        /// The scenario's name.
        scenario: String,
    },
    /// A value whose rounding is a large part of it.
    #[error(
        "worth less than {least} units of value in scenario `{scenario}`, and not a whole number of \
         them, so that rounding would change what is owed: use fewer decimals of quantity, or more \
         value_decimals"
    )]
    Coarse {
        /// The scenario's name.
        scenario: String,
        /// The least that may be rounded.
        least: u32,
    },
    /// An asset or market without a price.
    #[error("there is no price for `{name}`{closest}")]
    NoPrice {
        /// The name.
        name: String,
        /// The name in the prices that was meant.
        closest: Closest,
    },
    /// More options than a table has rows for.
    #[error("{got} options are more than the {most} that a table has rows for")]
    TooManyOptions {
        /// Options of the rules.
        got: usize,
        /// The limit.
        most: usize,
    },
    /// More options times scenarios than whoever reads the rules should have to value.
    #[error(
        "{options} options in {scenarios} scenarios are {values} values, more than the {most} that \
         rules can ask for",
        values = options * scenarios
    )]
    TooManyOptionValues {
        /// Options of the rules.
        options: usize,
        /// Scenarios of the rules.
        scenarios: usize,
        /// The limit of their product.
        most: usize,
    },
    /// More scenarios than a table has.
    #[error("{got} scenarios are more than the {most} that a table can have")]
    TooManyScenarios {
        /// Scenarios of the rules.
        got: usize,
        /// The limit.
        most: usize,
    },
    /// More scenarios than a table has, with the twins of stresses.
    #[error(
        "{scenarios} scenarios and {twins} twins, one for each stress with the clause `insurance`, \
         are more than the {most} that a table can have"
    )]
    TooManyTwins {
        /// Scenarios of the rules.
        scenarios: usize,
        /// Twins.
        twins: usize,
        /// The limit of both together.
        most: usize,
    },
    /// As many scenarios as a table has, and `cover` besides.
    #[error(
        "the scenario `cover` is one more than the {most} that a table can have: write `cover = false`, \
         or a scenario less"
    )]
    NoRoomForCover {
        /// The limit.
        most: usize,
    },
    /// An upper cap of open interest that is not above the lower.
    #[error("{upper} is not above lower, {lower}")]
    Caps {
        /// The open interest at which rates begin to rise.
        lower: Decimal,
        /// The open interest at which they are 1.
        upper: Decimal,
    },
    /// Rates that rise with an open interest that the prices do not state.
    #[error("the prices have no `open_interest.{0}`")]
    NoOpenInterest(String),
    /// A rate that follows a volatility which the prices do not state.
    #[error("the prices have no {which} in `volatilities.{asset}`{closest}")]
    NoVolatility {
        /// The asset.
        asset: String,
        /// Which volatilities would count.
        which: String,
        /// The asset in the prices that was meant.
        closest: Closest,
    },
    /// A ceiling that is not above the floor.
    #[error("{ceiling} is below floor, {floor}")]
    Ceiling {
        /// The least rate.
        floor: Decimal,
        /// The most.
        ceiling: Decimal,
    },
    /// A number of more decimals than a rate is computed with.
    #[error("{value} has more than {most} decimals")]
    Digits {
        /// The number.
        value: Decimal,
        /// The most decimals.
        most: u32,
    },
    /// A length of time that has to be above zero.
    #[error("0s is no length of time to measure over")]
    NoTime,
    /// An option whose underlying has no volatilities.
    #[error("the prices have no `vols.{0}`")]
    NoVols(String),
    /// Volatilities that do not reach an option.
    #[error(transparent)]
    Vols(SurfaceError),
    /// An option that the model cannot value.
    #[error(transparent)]
    Model(#[from] BlackError),
    /// Prices in another currency.
    #[error("the rules are in {rules} and the prices in {prices}")]
    Quote {
        /// The rules' quote currency.
        rules: String,
        /// The prices' quote currency.
        prices: String,
    },
}

impl Problem {
    /// The name of nothing that is known.
    pub(crate) fn unknown<'a>(
        what: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::Unknown { what, name: name.to_owned(), closest: Closest::of(name, known) }
    }

    /// An asset or market without a price.
    pub(crate) fn no_price(name: &str, prices: &Prices) -> Self {
        let closest = Closest::of(name, prices.prices.keys().map(String::as_str));
        Self::NoPrice { name: name.to_owned(), closest }
    }
}

/// `Err` of `problem` at `key`.
pub(crate) fn refuse<T>(key: impl Into<String>, problem: Problem) -> Result<T, RulesError> {
    Err(RulesError::At { key: key.into(), problem: Box::new(problem) })
}

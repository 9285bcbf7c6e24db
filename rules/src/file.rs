//! The rules file (TOML).
//!
//! ```toml
//! name = "example margin"
//! source = "https://example.com/margin, read 2025-01-01"
//! date = "2025-01-01"
//! exactness = "exact"
//! quote = "USD"
//!
//! [[scenarios]]
//! name = "mark"
//! kind = "mark"
//!
//! [[scenarios]]
//! name = "maintenance"
//! kind = "margin"
//! margin = "maintenance"
//!
//! [[scenarios]]
//! name = "2020-03-12"
//! kind = "stress"
//! default_move = "-0.6"
//! moves = { BTC = "-0.526" }
//!
//! [assets.USDC]
//! also = ["USDT"]
//! decimals = 6
//! shocked = false
//! maintenance = "1"
//!
//! [assets.BTC]
//! decimals = 8
//! tiers = [{ up_to = "100", maintenance = "0.95" }, { maintenance = "0.9" }]
//!
//! [markets.ETH-PERP]
//! underlying = "ETH"
//! decimals = 8
//! tiers = [{ up_to_value = "5000000", maintenance = "0.02" }, { maintenance = "0.05" }]
//!
//! [options."BTC-26DEC25-100000-C"]
//! underlying = "BTC"
//! strike = "100000"
//! expiry = "2026-12-25T08:00:00Z"
//! side = "call"
//! decimals = 4
//!
//! [option_margins.BTC.maintenance]
//! long = "0"
//! call = { base = "0.075", floor = "0.05" }
//! put = { base = "0.075", floor = "0.05", premium = "0.075" }
//!
//! [policy]
//! min_coverage = "1"
//! coverage = { "2020-03-12" = "0.9" }
//! per_asset = "all"
//! bad_debt = { mark = "insurance", "2020-03-12" = "1000000" }
//! open_interest_matched = true
//! max_distance = { prices = "15m", reserves = "1d" }
//! left_out = { accounts = 10, assets = { SPAM = "1000000" }, rounding = "1" }
//! ```
//!
//! Numbers that are not whole are decimals in quotes. A rule for an asset without a price makes no
//! instrument: a preset may list more than a venue has.
//!
//! Accounts of the insurance fund, the house and pools have instruments of their own:
//!
//! ```toml
//! [classes.insurance]
//! assets = ["USDC"]
//! markets = []
//! ```
//!
//! Portfolio margin, which takes the worst of several losses, is a contingency and its constraint
//! scenarios:
//!
//! ```toml
//! [contingencies.scan]
//! maintenance = "1"
//!
//! [[scenarios]]
//! name = "scan-down"
//! kind = "constraint"
//! contingency = "scan"
//! default_move = "-0.1"
//!
//! [[scenarios]]
//! name = "scan-up"
//! kind = "constraint"
//! contingency = "scan"
//! default_move = "0.1"
//! ```
//!
//! Loans are credited against deposits where there is a credit scenario:
//!
//! ```toml
//! [[scenarios]]
//! name = "credit"
//! kind = "credit"
//! margin = "maintenance"
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    class::Class,
    constraint::{Delta, RatesOf},
    expiries::ExpiryMoves,
    open_interest::OpenInterestCaps,
    options::{OptionMargins, OptionRule},
    policy::Policy,
};
use crate::{decimal::Decimal, strict};

/// A rules file as it is written. [`Rules::parse`] reads and checks one.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What the rules are called.
    pub name: String,
    /// Where they come from.
    pub source: String,
    /// Of which day they are, as `2026-01-01`.
    pub date: String,
    /// How exactly they follow their source: exact, or conservative and by how much, or what they
    /// leave out.
    pub exactness: String,
    /// The currency that everything is valued in.
    pub quote: String,
    /// Digits of the quote currency in one unit of value: 16 is a unit of 1e-16 USD.
    #[serde(default = "sixteen")]
    pub value_decimals: u32,
    /// Digits of `quote credit` and `quote debit`; as many as [`Rules::value_decimals`] where left
    /// out, so that any price times any quantity is exact.
    pub quote_decimals: Option<u32>,
    /// The scenarios in order, `mark` first.
    pub scenarios: Vec<Scenario>,
    /// The rule for every priced asset that has no rule of its own; none where left out.
    pub asset_default: Option<AssetRule>,
    /// What may be deposited and borrowed, by name.
    #[serde(default)]
    pub assets: BTreeMap<String, AssetRule>,
    /// Linear perpetuals, by name.
    #[serde(default)]
    pub markets: BTreeMap<String, MarketRule>,
    /// Options, by name.
    #[serde(default)]
    pub options: BTreeMap<String, OptionRule>,
    /// What options count for in margin scenarios, by underlying.
    #[serde(default)]
    pub option_margins: BTreeMap<String, OptionMargins>,
    /// Accounts of the house, by class.
    #[serde(default)]
    pub classes: BTreeMap<Class, ClassRule>,
    /// Margin requirements that are the worst of several losses, by name.
    #[serde(default)]
    pub contingencies: BTreeMap<String, Contingency>,
    /// What must hold of the whole book.
    pub policy: Policy,
}

fn sixteen() -> u32 {
    16
}

/// What a scenario is about.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everything at its price.
    Mark,
    /// Everything at its price, less haircuts and margin requirements.
    Margin,
    /// Everything at a moved price.
    Stress,
    /// What everything gains or loses: a loss that a contingency has to be at least.
    Constraint,
    /// As a margin scenario, but without the loans that are not credited against deposits.
    Credit,
}

/// Which of the margin requirements.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Margin {
    /// What an account has to keep.
    Maintenance,
    /// What an account has to have when it opens a position.
    Initial,
}

/// One scenario.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name; the first is `mark`.
    pub name: String,
    /// What it is about.
    pub kind: Kind,
    /// Which requirement applies; for a margin scenario and for credit only.
    pub margin: Option<Margin>,
    /// The relative move of every shocked asset that `moves` does not name; for a stress, and for
    /// a constraint without `rates` and `delta`.
    pub default_move: Option<Decimal>,
    /// Relative moves by asset, at least -1; likewise.
    #[serde(default)]
    pub moves: BTreeMap<String, Decimal>,
    /// The relative move of every volatility, at least -1, and none where left out; likewise.
    pub vol_move: Option<Decimal>,
    /// What differs for the options of one expiry, by its time; likewise.
    #[serde(default, deserialize_with = "strict::by_utc_time")]
    pub expiries: BTreeMap<Timestamp, ExpiryMoves>,
    /// The contingency that the loss bounds; for a constraint only.
    pub contingency: Option<String>,
    /// The part of a move's gain or loss that counts, 1 where left out; for a constraint only.
    pub weight: Option<Decimal>,
    /// The assets and markets that gain or lose, all where left out; for a constraint only.
    pub only: Option<Vec<String>>,
    /// Instead of moves, what each instrument gains, as a part of its price and negative for a
    /// loss, such as `"short ETH-PERP" = "-0.02"`; for a constraint only.
    #[serde(default)]
    pub rates: BTreeMap<String, Decimal>,
    /// Whose price `rates` are parts of, the instrument's own where left out; likewise.
    pub rates_of: Option<RatesOf>,
    /// Instead of moves and rates, what a delta gains; for a constraint only.
    pub delta: Option<Delta>,
}

/// A margin requirement that is the largest of the losses in its constraint scenarios, or nothing.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Contingency {
    /// How many times it counts in a maintenance scenario.
    pub maintenance: Option<Decimal>,
    /// How many times it counts in an initial scenario.
    pub initial: Option<Decimal>,
}

/// What an asset counts for.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AssetRule {
    /// Other assets under the same rule.
    #[serde(default)]
    pub also: Vec<String>,
    /// Digits of a quantity.
    pub decimals: u32,
    /// Whether a stress's default move applies, which it should not to stablecoins and fiat.
    #[serde(default = "yes")]
    pub shocked: bool,
    /// The weight of a deposit in a maintenance scenario, in `[0, 1]`, where there are no tiers.
    pub maintenance: Option<Decimal>,
    /// The weight of a deposit in an initial scenario, in `[0, 1]`, where there are no tiers.
    pub initial: Option<Decimal>,
    /// Weights by size of the deposit.
    pub tiers: Option<Vec<Tier>>,
    /// Whether the asset can be borrowed.
    #[serde(default = "yes")]
    pub borrow: bool,
    /// The weight of a loan in a maintenance scenario, at least 1; 1 where left out.
    pub borrow_maintenance: Option<Decimal>,
    /// The weight of a loan in an initial scenario, at least 1; 1 where left out.
    pub borrow_initial: Option<Decimal>,
}

fn yes() -> bool {
    true
}

/// One tier of an asset's haircut or of a market's margin requirement.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The size up to which the tier goes, in whole units; the last has none.
    pub up_to: Option<Decimal>,
    /// Instead of that, what the size is worth in the quote currency at the mark price; likewise.
    pub up_to_value: Option<Decimal>,
    /// In a maintenance scenario, what a deposit counts for or the part of the notional that a
    /// position has to be margined with; in `[0, 1]`.
    pub maintenance: Option<Decimal>,
    /// The same in an initial scenario.
    pub initial: Option<Decimal>,
}

/// A linear perpetual. Its position is a `long` or a `short`; the price it was entered at is a
/// `quote debit` or a `quote credit` of the account.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MarketRule {
    /// The asset whose price and moves the market follows. Where the prices hold the market's own
    /// name, that is its price, and only the moves are the underlying's.
    pub underlying: String,
    /// Digits of a quantity.
    pub decimals: u32,
    /// Margin rates by size of the position, at least one tier.
    pub tiers: Vec<Tier>,
    /// Where initial rates rise with the market's open interest; they do not where left out.
    pub open_interest: Option<OpenInterestCaps>,
}

/// What the accounts of a class may hold; in every class the quote currency.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// The assets, all where left out.
    pub assets: Option<Vec<String>>,
    /// The markets, all where left out.
    pub markets: Option<Vec<String>>,
}

//! The rules file (TOML): its types as they are written, and nothing that checks them.
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
//! drawn = { from = "drand:quicknet", missed_days = 2 }
//! ```
//!
//! Numbers that are not whole are decimals in quotes. A rule for an asset without a price compiles
//! to no instrument, so a preset may list more assets than a venue has.
//!
//! Where a weight or a margin rate of an asset or market stands, a function of the day's volatility
//! may stand instead, which the prices state:
//!
//! ```toml
//! tiers = [{ maintenance = { multiple = "2.5", horizon = "1d", floor = "0.02", ceiling = "0.5", step = "0.001" } }]
//! ```
//!
//! Own accounts (the insurance fund, the house and pools) have instruments of their own:
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
//! Accounts that no scenario can hurt are not closed in each, unless that is switched off at the
//! file's top:
//!
//! ```toml
//! cover = false
//! ```
//!
//! Which token stands for which asset, for evidence of reserves; it changes no figure:
//!
//! ```toml
//! [tokens."eip155:1".USDC]
//! kind = "erc20"
//! stands_for = "USDC"
//! decimals = 6
//! address = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"
//! code_hash = "0xd80d4b7c890cb9d6a4893e6b52bc34b56b25335cb13716e0d1d31383e6b41505"
//! balances_slot = 9
//! ```
//!
//! Borrows are credited against deposits if there is a credit scenario:
//!
//! ```toml
//! [[scenarios]]
//! name = "credit"
//! kind = "credit"
//! margin = "maintenance"
//! ```

mod asset;
mod class;
mod drawn;
mod market;
mod option;
mod policy;
mod rate;
mod scenario;
mod token;

use std::{collections::BTreeMap, iter};

use pacioli_circuits::ScenarioId;
use serde::Deserialize;

pub use self::{
    asset::{AssetRule, Tier},
    class::{Class, ClassError, ClassRule},
    drawn::{DrawSource, DrawSourceError, DrawnTime},
    market::{MarketRule, OpenInterestCaps},
    option::{OptionMargin, OptionMargins, OptionRule, ShortMargin},
    policy::{BadDebtLimit, LeftOut, MaxDistance, PerAsset, Policy, VolatilityLimits},
    rate::{Rate, VolatilityRate},
    scenario::{Contingency, Delta, ExpiryMoves, Kind, Margin, RatesOf, Scenario},
    token::{KnownToken, KnownTokens, TokenKind},
};
pub(crate) use scenario::Form;

use crate::decimal::Decimal;

/// A rules file as it is written: where the rules come from, what compiles to the instrument table,
/// and the policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Written")]
pub(crate) struct RulesFile {
    /// The rules' name.
    pub(crate) name: String,
    /// Their source.
    pub(crate) source: String,
    /// Their date, as `2026-01-01`.
    pub(crate) date: String,
    /// How exactly they follow their source.
    pub(crate) exactness: String,
    /// What compiles to the instrument table.
    pub(crate) table: TableSchema,
    /// What must hold of the whole book.
    pub(crate) policy: Policy,
    /// Which token stands for which asset.
    pub(crate) tokens: KnownTokens,
}

/// What the rules say of the instrument table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSchema {
    /// The currency that everything is valued in.
    pub quote: String,
    /// Decimals of the quote currency in one unit of value: 16 is a unit of 1e-16 USD.
    pub value_decimals: u32,
    /// Decimals of `quote credit` and `quote debit`; [`TableSchema::value_decimals`] if left out,
    /// so that any price times any quantity is exact.
    pub quote_decimals: Option<u32>,
    /// The scenarios in order, `mark` first.
    pub scenarios: Vec<Scenario>,
    /// The rule for every priced asset that has no rule of its own.
    pub asset_default: Option<AssetRule>,
    /// What may be deposited and borrowed, by name.
    pub assets: BTreeMap<String, AssetRule>,
    /// Linear perpetuals, by name.
    pub markets: BTreeMap<String, MarketRule>,
    /// Options, by name.
    pub options: BTreeMap<String, OptionRule>,
    /// What options count for in margin scenarios, by underlying.
    pub option_margins: BTreeMap<String, OptionMargins>,
    /// What own accounts may hold, by class.
    pub classes: BTreeMap<Class, ClassRule>,
    /// Margin requirements that are the largest of several losses, by name.
    pub contingencies: BTreeMap<String, Contingency>,
    /// Whether accounts that no scenario can hurt may be held plain or covered: `true` if left out.
    pub cover: bool,
}

/// The keys of the file, all at its top. Serde cannot both flatten a struct and refuse keys that it
/// does not know.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    source: String,
    date: String,
    exactness: String,
    quote: String,
    #[serde(default = "sixteen")]
    value_decimals: u32,
    quote_decimals: Option<u32>,
    scenarios: Vec<Scenario>,
    asset_default: Option<AssetRule>,
    #[serde(default)]
    assets: BTreeMap<String, AssetRule>,
    #[serde(default)]
    markets: BTreeMap<String, MarketRule>,
    #[serde(default)]
    options: BTreeMap<String, OptionRule>,
    #[serde(default)]
    option_margins: BTreeMap<String, OptionMargins>,
    #[serde(default)]
    classes: BTreeMap<Class, ClassRule>,
    #[serde(default)]
    contingencies: BTreeMap<String, Contingency>,
    #[serde(default = "switched_on")]
    cover: bool,
    policy: Policy,
    #[serde(default)]
    tokens: KnownTokens,
}

fn sixteen() -> u32 {
    16
}

fn switched_on() -> bool {
    true
}

impl From<Written> for RulesFile {
    fn from(written: Written) -> Self {
        let table = TableSchema {
            quote: written.quote,
            value_decimals: written.value_decimals,
            quote_decimals: written.quote_decimals,
            scenarios: written.scenarios,
            asset_default: written.asset_default,
            assets: written.assets,
            markets: written.markets,
            options: written.options,
            option_margins: written.option_margins,
            classes: written.classes,
            contingencies: written.contingencies,
            cover: written.cover,
        };
        let Written { name, source, date, exactness, policy, tokens, .. } = written;
        Self { name, source, date, exactness, table, policy, tokens }
    }
}

impl TableSchema {
    /// The scenarios in order, each with the id that it has in the table.
    pub(crate) fn scenarios_by_id(&self) -> impl Iterator<Item = (ScenarioId, &Scenario)> {
        ScenarioId::all(self.scenarios.len()).zip(&self.scenarios)
    }

    /// How many times a contingency counts in a scenario; `None` outside margin scenarios.
    pub(crate) fn contingency_factor(&self, name: &str, scenario: &Scenario) -> Option<Decimal> {
        scenario.margin.and_then(|margin| self.contingencies.get(name)?.times(margin))
    }

    /// Decimals of the unit in which every count of a contingency is a whole number.
    pub(crate) fn contingency_shift(&self, name: &str) -> u32 {
        let counts = self.scenarios.iter().filter_map(|s| self.contingency_factor(name, s));
        let digits = |count: Decimal| {
            let is_exact = |&digits: &u32| count.exact_units(digits).is_some();
            (0..count.scale()).find(is_exact).unwrap_or(count.scale())
        };
        counts.map(digits).max().unwrap_or_default()
    }

    /// Whether there is a market or option of this name.
    pub(crate) fn has_market(&self, name: &str) -> bool {
        self.markets.contains_key(name) || self.options.contains_key(name)
    }

    /// Whether an asset has a rule, its own or the default.
    pub(crate) fn has_asset(&self, name: &str) -> bool {
        self.rule_of(name).is_some()
    }

    /// The names of all assets, the quote currency's aside.
    pub(crate) fn asset_names(&self) -> impl Iterator<Item = &str> {
        let assets = self.assets.iter();
        assets.flat_map(|(name, rule)| iter::once(name).chain(&rule.also)).map(String::as_str)
    }

    /// The names of all markets and options.
    pub(crate) fn market_names(&self) -> impl Iterator<Item = &str> {
        self.markets.keys().chain(self.options.keys()).map(String::as_str)
    }

    /// What follows a price that a scenario may move.
    pub(crate) fn underlyings(&self) -> impl Iterator<Item = &str> {
        let markets = self.markets.values().map(|market| market.underlying.as_str());
        markets.chain(self.options.values().map(|option| option.underlying.as_str()))
    }

    /// Whether a scenario may move the price of `asset`: it can be held, or a market or option
    /// follows it, and it is not the quote currency.
    pub fn can_move(&self, asset: &str) -> bool {
        let underlying = self.markets.values().any(|market| market.underlying == asset)
            || self.options.values().any(|option| option.underlying == asset);
        asset != self.quote && (underlying || self.has_asset(asset))
    }

    /// Decimals of `quote credit` and `quote debit`.
    pub fn quote_decimals(&self) -> u32 {
        self.quote_decimals.unwrap_or(self.value_decimals)
    }

    /// Every asset with a rule of its own: the rule's key and the rule.
    pub(crate) fn listed_assets(&self) -> BTreeMap<&str, (String, &AssetRule)> {
        let mut listed = BTreeMap::new();
        for (name, rule) in &self.assets {
            for asset in iter::once(name).chain(&rule.also) {
                listed.insert(asset.as_str(), (format!("assets.{name}"), rule));
            }
        }
        listed
    }

    /// The rule for an asset. Searched without a map of all assets: callers ask for one name after
    /// another, from lists as long as the publisher likes.
    pub(crate) fn rule_of(&self, asset: &str) -> Option<&AssetRule> {
        let is_also = |rule: &&AssetRule| rule.also.iter().any(|also| also == asset);
        let own = self.assets.get(asset).or_else(|| self.assets.values().find(is_also));
        own.or(self.asset_default.as_ref())
    }

    /// Every rate that follows a volatility, with its key.
    pub fn following(&self) -> impl Iterator<Item = (String, &VolatilityRate)> {
        let default = self.asset_default.iter().map(|rule| ("asset_default".to_owned(), rule));
        let assets = self.assets.iter().map(|(name, rule)| (format!("assets.{name}"), rule));
        let assets = default.chain(assets).flat_map(|(key, rule)| rule.rates_at(key));
        let markets = self
            .markets
            .iter()
            .flat_map(|(name, market)| tier_rates(format!("markets.{name}"), &market.tiers));
        let all = assets.chain(markets);
        all.filter_map(|(key, rate)| Some((key, rate.following()?)))
    }

    /// Whether a scenario asks for this requirement.
    pub(crate) fn needs(&self, margin: Margin) -> bool {
        self.scenarios.iter().any(|scenario| scenario.margin == Some(margin))
    }
}

/// The rates of tiers, each with its key.
fn tier_rates(key: String, tiers: &[Tier]) -> impl Iterator<Item = (String, &Rate)> {
    tiers.iter().enumerate().flat_map(move |(index, tier)| {
        let key = format!("{key}.tiers[{index}]");
        let rates = [("maintenance", &tier.maintenance), ("initial", &tier.initial)];
        rates
            .map(|(field, rate)| Some((format!("{key}.{field}"), rate.as_ref()?)))
            .into_iter()
            .flatten()
    })
}

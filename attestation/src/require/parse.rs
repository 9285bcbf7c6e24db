//! Reading what a reader asks for.

use std::{collections::BTreeMap, str::FromStr};

use pacioli_rules::{
    BadDebtLimit, Decimal, DecimalError, DrawSourceError, DrawnTime, LeftOut, MaxDistance,
    NameError, PerAsset, SpanError, VolatilityLimits, check_name,
};
use thiserror::Error;

use super::{Requirements, SetupRequired};
use crate::digest::DigestError;

/// A part that asks for nothing this code knows.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("in `{}`: {problem}", .part.escape_debug())]
pub struct RequireError {
    /// The part, between commas.
    pub part: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a part.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing between two commas.
    #[error("nothing is asked for")]
    Nothing,
    /// No such key.
    #[error(
        "unknown clause; expected min_coverage, coverage, coverage.SCENARIO, per_asset, \
         per_asset_credit, bad_debt, bad_debt.SCENARIO, open_interest_matched, max_age, \
         max_distance.prices, max_distance.reserves, left_out.accounts, left_out.assets, \
         left_out.assets.ASSET, left_out.rounding, drawn, volatility.max_age, \
         volatility.least_sources, volatility.band, setup or rules"
    )]
    Unknown,
    /// A key that needs a value has none.
    #[error("a value is missing, such as `{0}`")]
    Missing(&'static str),
    /// A key that takes no value has one.
    #[error("this clause takes no value")]
    Value,
    /// The same clause twice.
    #[error("duplicate requirement")]
    Duplicate,
    /// Anything is at least 0.
    #[error("at least 0 requires nothing")]
    Zero,
    /// Less than nothing.
    #[error("{0} is negative")]
    Negative(Decimal),
    /// A list that is not empty.
    #[error("expected `none`, or an amount of one asset as in `left_out.assets.LUNC=10`")]
    Assets,
    /// Not a number of accounts.
    #[error("`{}` is not a number of accounts", .0.escape_debug())]
    Count(String),
    /// Not a number of sources above 0.
    #[error("`{}` is not a number of sources, at least 1", .0.escape_debug())]
    Sources(String),
    /// Not a part of a volatility.
    #[error("{0} is not a part: at least 0 and below 1")]
    Part(Decimal),
    /// Not a state of a setup.
    #[error("a setup is `known` or `vouched`, not `{}`", .0.escape_debug())]
    Setup(String),
    /// Not a number.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
    /// Not a length of time.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// Not a source of drawn times.
    #[error(transparent)]
    Source(#[from] DrawSourceError),
    /// Not a digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// Not a name of a scenario or an asset.
    #[error(transparent)]
    Name(#[from] NameError),
}

impl FromStr for Requirements {
    type Err = RequireError;

    /// Reads clauses between commas.
    fn from_str(text: &str) -> Result<Self, RequireError> {
        let mut requirements = Self::default();
        for part in text.split(',').map(str::trim) {
            let error = |problem| RequireError { part: part.to_owned(), problem };
            requirements.add(part).map_err(error)?;
        }
        Ok(requirements)
    }
}

impl Requirements {
    fn add(&mut self, part: &str) -> Result<(), Problem> {
        let (key, value) = match part.split_once('=') {
            Some((key, value)) => (key.trim_end(), Some(value.trim_start())),
            None => (part, None),
        };
        if key.is_empty() {
            return Err(Problem::Nothing);
        }
        let needed = |example| value.ok_or(Problem::Missing(example));
        let policy = &mut self.policy;
        match key {
            "min_coverage" => once(&mut policy.min_coverage, least(needed("min_coverage=1")?)?),
            "coverage" => once(&mut self.every_coverage, least(needed("coverage=0.95")?)?),
            "per_asset" => {
                let asset = value.filter(|asset| *asset != "all");
                add_asset(&mut policy.per_asset, asset)
            }
            "per_asset_credit" => alone(value, &mut policy.per_asset_credit)
                .and_then(|()| add_asset(&mut policy.per_asset, None)),
            "bad_debt" => once(&mut self.every_bad_debt, limit(needed("bad_debt=insurance")?)?),
            "open_interest_matched" => alone(value, &mut policy.open_interest_matched),
            "drawn" => {
                let from = needed("drawn=drand:quicknet")?.parse()?;
                once(&mut policy.drawn, DrawnTime { from, missed_days: 0 })
            }
            "max_age" => once(&mut self.max_age, needed("max_age=25h")?.parse()?),
            "max_distance.prices" => {
                let distance = distance(&mut policy.max_distance);
                once(&mut distance.prices, needed("max_distance.prices=15m")?.parse()?)
            }
            "max_distance.reserves" => {
                let distance = distance(&mut policy.max_distance);
                once(&mut distance.reserves, needed("max_distance.reserves=1h")?.parse()?)
            }
            "left_out.accounts" => {
                let count = needed("left_out.accounts=0")?;
                let number = count.parse().map_err(|_| Problem::Count(count.to_owned()))?;
                once(&mut left_out(&mut policy.left_out).accounts, number)
            }
            "left_out.assets" => match needed("left_out.assets=none")? {
                "none" => once(&mut left_out(&mut policy.left_out).assets, BTreeMap::new()),
                _ => Err(Problem::Assets),
            },
            "left_out.rounding" => {
                let most = amount(needed("left_out.rounding=0.01")?)?;
                once(&mut left_out(&mut policy.left_out).rounding, most)
            }
            "volatility.max_age" => {
                let age = needed("volatility.max_age=1d")?.parse()?;
                once(&mut volatility(&mut policy.volatility).max_age, age)
            }
            "volatility.least_sources" => {
                let count = needed("volatility.least_sources=2")?;
                let number = count.parse().ok().filter(|number| *number > 0);
                let number = number.ok_or_else(|| Problem::Sources(count.to_owned()))?;
                once(&mut volatility(&mut policy.volatility).least_sources, number)
            }
            "volatility.band" => {
                let band = amount(needed("volatility.band=0.1")?)?;
                if band >= Decimal::from(1) {
                    return Err(Problem::Part(band));
                }
                once(&mut volatility(&mut policy.volatility).band, band)
            }
            "setup" => once(&mut self.setup, setup(needed("setup=known")?)?),
            "rules" => once(&mut self.rules, needed("rules=0x..")?.parse()?),
            _ => self.add_named(key, value),
        }
    }

    /// A clause about one scenario or one asset.
    fn add_named(&mut self, key: &str, value: Option<&str>) -> Result<(), Problem> {
        let policy = &mut self.policy;
        let needed = |example| value.ok_or(Problem::Missing(example));
        if let Some(scenario) = key.strip_prefix("coverage.") {
            let least = least(needed("coverage.crash=0.95")?)?;
            insert(&mut policy.coverage, scenario, least)
        } else if let Some(scenario) = key.strip_prefix("bad_debt.") {
            let limit = limit(needed("bad_debt.crash=insurance")?)?;
            insert(&mut policy.bad_debt, scenario, limit)
        } else if let Some(asset) = key.strip_prefix("left_out.assets.") {
            let most = amount(needed("left_out.assets.LUNC=10")?)?;
            let assets = &mut left_out(&mut policy.left_out).assets;
            // None at all was required before.
            if assets.as_ref().is_some_and(BTreeMap::is_empty) {
                return Err(Problem::Duplicate);
            }
            insert(assets.get_or_insert_default(), asset, most)
        } else {
            Err(Problem::Unknown)
        }
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), Problem> {
    match place.replace(value) {
        Some(_) => Err(Problem::Duplicate),
        None => Ok(()),
    }
}

fn insert<T>(map: &mut BTreeMap<String, T>, name: &str, value: T) -> Result<(), Problem> {
    check_name(name)?;
    match map.insert(name.to_owned(), value) {
        Some(_) => Err(Problem::Duplicate),
        None => Ok(()),
    }
}

/// A clause that says all by its name.
fn alone(value: Option<&str>, place: &mut bool) -> Result<(), Problem> {
    match (value, std::mem::replace(place, true)) {
        (Some(_), _) => Err(Problem::Value),
        (None, true) => Err(Problem::Duplicate),
        (None, false) => Ok(()),
    }
}

/// One asset, or all of them, which says more than any list.
fn add_asset(place: &mut Option<PerAsset>, asset: Option<&str>) -> Result<(), Problem> {
    let Some(asset) = asset else {
        *place = Some(PerAsset::All);
        return Ok(());
    };
    check_name(asset)?;
    match place.get_or_insert(PerAsset::Only(Vec::new())) {
        PerAsset::All => {}
        PerAsset::Only(assets) if assets.iter().any(|one| one == asset) => {
            return Err(Problem::Duplicate);
        }
        PerAsset::Only(assets) => assets.push(asset.to_owned()),
    }
    Ok(())
}

fn distance(place: &mut Option<MaxDistance>) -> &mut MaxDistance {
    place.get_or_insert_default()
}

fn left_out(place: &mut Option<LeftOut>) -> &mut LeftOut {
    place.get_or_insert_default()
}

fn volatility(place: &mut Option<VolatilityLimits>) -> &mut VolatilityLimits {
    place.get_or_insert_default()
}

/// A coverage of which something is required.
fn least(text: &str) -> Result<Decimal, Problem> {
    let number = amount(text)?;
    if number.mantissa() == 0 { Err(Problem::Zero) } else { Ok(number) }
}

fn amount(text: &str) -> Result<Decimal, Problem> {
    let number: Decimal = text.parse()?;
    if number.is_negative() { Err(Problem::Negative(number)) } else { Ok(number) }
}

fn limit(text: &str) -> Result<BadDebtLimit, Problem> {
    match text {
        "insurance" => Ok(BadDebtLimit::Insurance),
        text => Ok(BadDebtLimit::Amount(amount(text)?)),
    }
}

fn setup(text: &str) -> Result<SetupRequired, Problem> {
    match text {
        "known" => Ok(SetupRequired::Known),
        "vouched" => Ok(SetupRequired::Vouched),
        text => Err(Problem::Setup(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_is_read() {
        let digest = format!("0x{}", "12".repeat(32));
        let text = format!(
            "min_coverage=1, coverage.crash=0.95, per_asset=BTC, per_asset=ETH, \
             bad_debt=insurance, bad_debt.crash=1000, open_interest_matched, max_age=25h, \
             max_distance.prices=15m, max_distance.reserves=1h, left_out.accounts=0, \
             left_out.assets=none, left_out.rounding=0.5, drawn=drand:quicknet, \
             volatility.max_age=1d, volatility.least_sources=2, volatility.band=0.1, setup=known, \
             rules={digest}"
        );
        let read: Requirements = text.parse().unwrap();
        let policy = &read.policy;
        assert_eq!(policy.min_coverage.unwrap().to_string(), "1");
        assert_eq!(policy.coverage["crash"].to_string(), "0.95");
        let assets = ["BTC", "ETH"].map(str::to_owned).to_vec();
        assert_eq!(policy.per_asset, Some(PerAsset::Only(assets)));
        assert_eq!(read.every_bad_debt, Some(BadDebtLimit::Insurance));
        assert_eq!(policy.bad_debt.len(), 1);
        assert!(policy.open_interest_matched);
        assert_eq!(read.max_age.unwrap().0, 90_000);
        let distance = policy.max_distance.unwrap();
        assert_eq!((distance.prices.unwrap().0, distance.reserves.unwrap().0), (900, 3_600));
        let left_out = policy.left_out.as_ref().unwrap();
        assert_eq!((left_out.accounts, &left_out.assets), (Some(0), &Some(BTreeMap::new())));
        assert_eq!(policy.drawn.unwrap().from.name(), "drand:quicknet");
        let volatility = policy.volatility.unwrap();
        assert_eq!((volatility.max_age.unwrap().0, volatility.least_sources), (86_400, Some(2)));
        assert_eq!(volatility.band.unwrap().to_string(), "0.1");
        assert_eq!(read.setup, Some(SetupRequired::Known));
        assert_eq!(read.rules.unwrap().to_string(), digest);
        let all: Requirements = "per_asset=BTC,per_asset".parse().unwrap();
        assert_eq!(all.policy.per_asset, Some(PerAsset::All));
        let some: Requirements = "left_out.assets.LUNC=10".parse().unwrap();
        assert_eq!(some.policy.left_out.unwrap().assets.unwrap()["LUNC"].to_string(), "10");
    }

    #[test]
    fn each_wrong_part_is_named_with_its_reason() {
        for (text, error) in [
            ("", "in ``: nothing is asked for"),
            ("per_asset,,", "in ``: nothing is asked for"),
            ("=1", "in `=1`: nothing is asked for"),
            ("coverages=1", "in `coverages=1`: unknown clause; expected min_coverage,"),
            ("per_asset, min_coverage", "in `min_coverage`: a value is missing, such as"),
            ("min_coverage=0", "in `min_coverage=0`: at least 0 requires nothing"),
            ("min_coverage=0.0", "in `min_coverage=0.0`: at least 0 requires nothing"),
            ("coverage.crash=-1", "in `coverage.crash=-1`: -1 is negative"),
            ("coverage.a b=1", "in `coverage.a b=1`: invalid name `a b`"),
            ("min_coverage=1e3", "in `min_coverage=1e3`: `1e3` is in exponent notation"),
            ("min_coverage=1,min_coverage=2", "in `min_coverage=2`: duplicate requirement"),
            (
                "left_out.assets=none,left_out.assets.A=1",
                "in `left_out.assets.A=1`: duplicate requirement",
            ),
            (
                "left_out.assets.A=1,left_out.assets=none",
                "in `left_out.assets=none`: duplicate requirement",
            ),
            ("per_asset=A,per_asset=A", "in `per_asset=A`: duplicate requirement"),
            ("open_interest_matched=yes", "in `open_interest_matched=yes`: this clause takes no"),
            ("max_age=25", "in `max_age=25`: `25` is not a length of time"),
            ("left_out.accounts=-1", "in `left_out.accounts=-1`: `-1` is not a number of accounts"),
            ("left_out.assets=LUNC", "in `left_out.assets=LUNC`: expected `none`, or an amount"),
            ("drawn", "in `drawn`: a value is missing, such as `drawn=drand:quicknet`"),
            ("drawn=drand", "in `drawn=drand`: `drand` is no source of drawn times"),
            (
                "volatility.least_sources=0",
                "in `volatility.least_sources=0`: `0` is not a number of",
            ),
            (
                "volatility.band=1",
                "in `volatility.band=1`: 1 is not a part: at least 0 and below 1",
            ),
            ("setup=good", "in `setup=good`: a setup is `known` or `vouched`, not `good`"),
            ("rules=0x12", "in `rules=0x12`: `0x12` is not a digest"),
            ("bad_debt.crash=fund", "in `bad_debt.crash=fund`: `fund` is not a decimal number"),
        ] {
            let got = text.parse::<Requirements>().unwrap_err().to_string();
            assert!(got.starts_with(error), "{text}: {got}");
        }
    }
}

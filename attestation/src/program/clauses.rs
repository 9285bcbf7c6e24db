//! The clauses of a policy as a contract reads them.

use pacioli_circuits::ScenarioId;
use pacioli_rules::{
    BadDebtLimit, Compiled, Decimal, DrawSource, DrawnTime, PerAsset, Policy, Volatility,
    VolatilityLimits,
};

use super::{
    error::ProgramError,
    layout::{CLAUSE_BYTES, MAX_DECIMALS},
};

/// A clause and its name.
type Named = (String, [u8; CLAUSE_BYTES]);

/// What a clause is about and demands, by the numbers of docs/program.md.
#[derive(Clone, Copy)]
enum Demand {
    /// Customers' reserves over what is owed in a scenario.
    Coverage { scenario: ScenarioId, mantissa: u128, scale: u8 },
    /// Customers' reserves of an asset.
    PerAsset(u16),
    /// Bad debt up to so many units of value.
    BadDebt { scenario: ScenarioId, units: u128 },
    /// All reserves against what all but the insurance fund are owed.
    Insurance { scenario: ScenarioId },
    /// Matched open interest of a market.
    Matched(u16),
    /// Prices from at most so many seconds away.
    PricesDistance(u64),
    /// Reserves likewise.
    ReservesDistance(u64),
    /// So many accounts left out.
    AccountsLeftOut(u64),
    /// No asset left out.
    NoAssetLeftOut,
    /// A time drawn from a source, by its number, with so many days missed.
    Drawn { source: u16, missed_days: u64 },
    /// Reserves of before the end of the drawn day.
    DrawnReserves,
    /// Volatilities of an asset from at most so many seconds away.
    VolatilityAge { asset: u16, most: u64 },
    /// So many sources of one, among those from at most so many seconds away.
    VolatilitySources { asset: u16, age: u64, least: u32 },
    /// One no further below others from at most so many seconds away, in `10^-18`.
    VolatilityBand { asset: u16, age: u64, band: u64 },
}

impl Demand {
    fn pack(self) -> [u8; CLAUSE_BYTES] {
        let (kind, subject, mantissa, scale) = match self {
            Self::Coverage { scenario, mantissa, scale } => (0, scenario.number(), mantissa, scale),
            Self::PerAsset(asset) => (1, asset, 0, 0),
            Self::BadDebt { scenario, units } => (2, scenario.number(), units, 0),
            Self::Insurance { scenario } => (3, scenario.number(), 0, 0),
            Self::Matched(market) => (4, market, 0, 0),
            Self::PricesDistance(seconds) => (5, 0, seconds.into(), 0),
            Self::ReservesDistance(seconds) => (6, 0, seconds.into(), 0),
            Self::AccountsLeftOut(accounts) => (7, 0, accounts.into(), 0),
            Self::NoAssetLeftOut => (8, 0, 0, 0),
            Self::Drawn { source, missed_days } => (9, source, missed_days.into(), 0),
            Self::DrawnReserves => (10, 0, 0, 0),
            Self::VolatilityAge { asset, most } => (11, asset, most.into(), 0),
            Self::VolatilitySources { asset, age, least } => {
                (12, asset, u128::from(age) << 64 | u128::from(least), 0)
            }
            Self::VolatilityBand { asset, age, band } => {
                (13, asset, u128::from(age) << 64 | u128::from(band), 0)
            }
        };
        let mut bytes = [scale; CLAUSE_BYTES];
        bytes[0] = kind;
        bytes[1..3].copy_from_slice(&u16::to_be_bytes(subject));
        bytes[3..19].copy_from_slice(&mantissa.to_be_bytes());
        bytes
    }
}

/// The clauses in the order of [`crate::policy::evaluate_policy`], each with its name.
pub(super) fn clauses(policy: &Policy, compiled: &Compiled) -> Result<Vec<Named>, ProgramError> {
    let scenario = |clause: &str, name: &str| {
        let mut scenarios = compiled.scenarios_by_id();
        let found = scenarios.find(|(_, scenario)| scenario.name == name);
        found.map(|(id, _)| id).ok_or_else(|| ProgramError::Subject(clause.to_owned()))
    };
    let mut clauses = Vec::new();
    let mut push = |name: String, demand: Demand| clauses.push((name, demand.pack()));
    if let Some(required) = policy.min_coverage {
        let name = "min_coverage".to_owned();
        let demand = coverage(&name, ScenarioId::MARK, required)?;
        push(name, demand);
    }
    for (of, &required) in &policy.coverage {
        let name = format!("coverage.{of}");
        let demand = coverage(&name, scenario(&name, of)?, required)?;
        push(name, demand);
    }
    let covered: Vec<&String> = match &policy.per_asset {
        None => Vec::new(),
        Some(PerAsset::All) => compiled.assets.keys().collect(),
        Some(PerAsset::Only(assets)) => assets.iter().collect(),
    };
    for asset in covered {
        let name = format!("per_asset.{asset}");
        let number = compiled.assets.keys().position(|name| name == asset);
        let number = number.ok_or_else(|| ProgramError::Subject(name.clone()))?;
        push(name, Demand::PerAsset(number as u16));
    }
    for (of, limit) in &policy.bad_debt {
        let name = format!("bad_debt.{of}");
        let scenario = scenario(&name, of)?;
        let demand = match limit {
            BadDebtLimit::Insurance => Demand::Insurance { scenario },
            // Bad debt is a whole number of units, so what is left below one changes nothing.
            BadDebtLimit::Amount(limit) => {
                let units = limit.floor_units(compiled.value_decimals).0;
                let too_large = || ProgramError::Number { clause: name.clone(), number: *limit };
                let units = u128::try_from(&units).map_err(|_| too_large())?;
                Demand::BadDebt { scenario, units }
            }
        };
        push(name, demand);
    }
    if policy.open_interest_matched {
        for (number, market) in compiled.markets.keys().enumerate() {
            let name = format!("open_interest_matched.{market}");
            push(name, Demand::Matched(number as u16));
        }
    }
    let distance = policy.max_distance.unwrap_or_default();
    if let Some(most) = distance.prices {
        push("max_distance.prices".to_owned(), Demand::PricesDistance(most.0));
    }
    if let Some(most) = distance.reserves {
        push("max_distance.reserves".to_owned(), Demand::ReservesDistance(most.0));
    }
    if let Some(left_out) = &policy.left_out {
        if let Some(most) = left_out.accounts {
            push("left_out.accounts".to_owned(), Demand::AccountsLeftOut(most));
        }
        match &left_out.assets {
            Some(assets) if !assets.is_empty() => return Err(ProgramError::LeftOut("assets")),
            Some(_) => push("left_out.assets".to_owned(), Demand::NoAssetLeftOut),
            None => {}
        }
        if left_out.rounding.is_some() {
            return Err(ProgramError::LeftOut("rounding"));
        }
    }
    if let Some(DrawnTime { from, missed_days }) = policy.drawn {
        push("drawn".to_owned(), Demand::Drawn { source: source(from), missed_days });
        push("drawn.reserves".to_owned(), Demand::DrawnReserves);
    }
    let Some(VolatilityLimits { max_age, least_sources, band }) = policy.volatility else {
        return Ok(clauses);
    };
    let age = max_age.map_or(u64::MAX, |age| age.0);
    let assets = || (0..).zip(compiled.volatilities.keys());
    if max_age.is_some() {
        for (asset, name) in assets() {
            push(format!("volatility.max_age.{name}"), Demand::VolatilityAge { asset, most: age });
        }
    }
    if let Some(least) = least_sources {
        for (asset, name) in assets() {
            let demand = Demand::VolatilitySources { asset, age, least };
            push(format!("volatility.least_sources.{name}"), demand);
        }
    }
    if let Some(band) = band {
        let units = band.exact_units(Volatility::DECIMALS);
        let units = units.and_then(|units| u64::try_from(units).ok()).ok_or_else(|| {
            ProgramError::Number { clause: "volatility.band".to_owned(), number: band }
        })?;
        for (asset, name) in assets() {
            let demand = Demand::VolatilityBand { asset, age, band: units };
            push(format!("volatility.band.{name}"), demand);
        }
    }
    Ok(clauses)
}

/// The number of a source of drawn times.
fn source(from: DrawSource) -> u16 {
    match from {
        DrawSource::Quicknet => 0,
        DrawSource::Ethereum => 1,
    }
}

fn coverage(clause: &str, scenario: ScenarioId, required: Decimal) -> Result<Demand, ProgramError> {
    let error = || ProgramError::Number { clause: clause.to_owned(), number: required };
    let mantissa = u128::try_from(required.mantissa()).map_err(|_| error())?;
    let scale = u8::try_from(required.scale()).map_err(|_| error())?;
    if usize::from(scale) > MAX_DECIMALS {
        return Err(error());
    }
    Ok(Demand::Coverage { scenario, mantissa, scale })
}

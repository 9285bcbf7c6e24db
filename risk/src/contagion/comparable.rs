//! Whether attestations can be read together: one scenario, by its moves and not its name, one quote
//! currency, prices within a band, and times that are near.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use num_bigint::BigInt;
use num_rational::BigRational;
use pacioli_attestation::Findings;
use pacioli_circuits::{ScenarioId, Value};
use pacioli_rules::{Closest, Decimal, Scenario, ScenarioKind};

use super::{
    error::ContagionError,
    outcome::floor,
    venue::{Limits, Venue},
};

/// The scenario in a venue's table.
///
/// # Errors
/// If there is none of this name that reserves are valued in.
pub(super) fn scenario(venue: &Venue<'_>, name: &str) -> Result<ScenarioId, ContagionError> {
    let is_valued = |kind| matches!(kind, ScenarioKind::Mark | ScenarioKind::Stress);
    let compiled = &venue.findings.compiled;
    let valued = || compiled.scenarios_by_id().filter(|(_, one)| is_valued(one.kind));
    let found = valued().find(|(_, scenario)| scenario.name == name);
    found.map(|(id, _)| id).ok_or_else(|| ContagionError::Scenario {
        file: venue.file.to_owned(),
        scenario: name.to_owned(),
        closest: Closest::of(name, valued().map(|(_, scenario)| scenario.name.as_str())),
    })
}

/// Checks two venues of one scenario against each other.
///
/// # Errors
/// If they differ: the first thing in which they do.
pub(super) fn check(
    venues: [&Venue<'_>; 2],
    ids: [ScenarioId; 2],
    limits: &Limits,
) -> Result<(), ContagionError> {
    Pair { venues, ids, limits }.check()
}

struct Pair<'a> {
    venues: [&'a Venue<'a>; 2],
    ids: [ScenarioId; 2],
    limits: &'a Limits,
}

impl Pair<'_> {
    fn check(&self) -> Result<(), ContagionError> {
        let [a, b] = self.venues.map(|venue| &venue.findings.compiled.quote);
        self.same("the quote currency", [a, b])?;
        self.moves()?;
        self.prices()?;
        self.values()?;
        self.times()
    }

    fn files(&self) -> [String; 2] {
        self.venues.map(|venue| venue.file.to_owned())
    }

    fn findings(&self) -> [&Findings; 2] {
        self.venues.map(|venue| venue.findings)
    }

    fn same<T: PartialEq + ToString>(
        &self,
        what: &str,
        values: [T; 2],
    ) -> Result<(), ContagionError> {
        if values[0] == values[1] {
            return Ok(());
        }
        let (what, values) = (what.to_owned(), values.map(|value| value.to_string()).into());
        Err(ContagionError::Differs { files: self.files(), what, values })
    }

    /// The moves are the same for all that both have a price of.
    fn moves(&self) -> Result<(), ContagionError> {
        let scenarios = self.findings().map(|findings| {
            let name = &self.limits.scenario;
            findings.rules.scenarios.iter().find(|scenario| scenario.name == *name)
        });
        let [Some(a), Some(b)] = scenarios else { return Ok(()) };
        let name = &self.limits.scenario;
        let (a, b): (&Scenario, &Scenario) = (a, b);
        let of = |what: &str| format!("{what} of `{name}`");
        self.same(&of("the kind"), [a, b].map(|one| format!("{:?}", one.kind).to_lowercase()))?;
        let moved = |decimal: Option<Decimal>| Move(decimal);
        self.same(&of("the default move"), [a, b].map(|one| moved(one.default_move)))?;
        self.same(&of("the move of volatilities"), [a, b].map(|one| moved(one.vol_move)))?;
        let named: BTreeSet<&String> = a.moves.keys().chain(b.moves.keys()).collect();
        for asset in named {
            let is_priced = |findings: &Findings| findings.attestation.prices.get(asset).is_some();
            if self.findings().into_iter().all(is_priced) {
                let of_asset =
                    |one: &Scenario| Move(one.moves.get(asset).copied().or(one.default_move));
                self.same(&of(&format!("the move of {asset}")), [of_asset(a), of_asset(b)])?;
            }
        }
        for (expiry, moves) in &a.expiries {
            let Some(other) = b.expiries.get(expiry) else { continue };
            let said = |one| format!("{one:?}");
            if moves != other {
                let what = of(&format!("the move of the expiry {expiry}"));
                self.same(&what, [said(moves), said(other)])?;
            }
        }
        Ok(())
    }

    /// What both have a price of has about the same.
    fn prices(&self) -> Result<(), ContagionError> {
        let [a, b] = self.findings().map(|findings| &findings.attestation.prices);
        for (name, price) in &a.prices {
            let Some(other) = b.get(name) else { continue };
            let values = [*price, other].map(|price| rational(price.mantissa(), price.scale()));
            let shown = [*price, other].map(|price| price.to_string());
            self.near(&format!("the price of {name}"), values, shown)?;
        }
        Ok(())
    }

    /// What both may hold is worth about the same in the scenario, wherever that comes from.
    fn values(&self) -> Result<(), ContagionError> {
        let [a, b] = self.findings();
        let shared = a.compiled.assets.keys().filter(|name| b.compiled.assets.contains_key(*name));
        for name in shared {
            let [Some(one), Some(other)] = [0, 1].map(|index| self.value(index, name)) else {
                continue;
            };
            let shown = [&one, &other].map(|value| floor(value, SHOWN).to_string());
            let what = format!("what {name} is worth in `{}`", self.limits.scenario);
            self.near(&what, [one, other], shown)?;
        }
        Ok(())
    }

    /// What a whole unit of an asset is worth in one of the venues, as reserves are.
    fn value(&self, index: usize, asset: &str) -> Option<BigRational> {
        let compiled = &self.venues[index].findings.compiled;
        let rows = compiled.assets.get(asset)?;
        let last = compiled.table.get(*rows.deposits.last()?)?;
        let units = last.values.get(self.ids[index]).map_or(0, Value::units);
        let unit = rational(units, compiled.value_decimals);
        Some(unit * rational(10i128.checked_pow(rows.decimals)?, 0))
    }

    fn near(
        &self,
        what: &str,
        values: [BigRational; 2],
        shown: [String; 2],
    ) -> Result<(), ContagionError> {
        let [a, b] = &values;
        let (less, more) = if a < b { (a, b) } else { (b, a) };
        let band = self.limits.band;
        let most = less * (rational(1, 0) + rational(band.mantissa(), band.scale()));
        if *more <= most {
            return Ok(());
        }
        let what = what.to_owned();
        Err(ContagionError::Apart { files: self.files(), what, values: shown.into(), band })
    }

    /// Snapshots, prices and reserves of both are of about one time.
    fn times(&self) -> Result<(), ContagionError> {
        let [a, b] = self.findings().map(times);
        for &(what, time) in &a {
            for &(other, at) in &b {
                if time.duration_since(at).abs() > self.limits.within {
                    return Err(ContagionError::Times {
                        files: self.files(),
                        what: [what, other],
                        times: [time, at].into(),
                        within: self.limits.within,
                    });
                }
            }
        }
        Ok(())
    }
}

fn times(findings: &Findings) -> Vec<(&'static str, Timestamp)> {
    let attestation = &findings.attestation;
    let reserves = attestation.reserves.as_ref().map(|reserves| ("reserves", reserves.as_of));
    let times = [("a snapshot", attestation.header.as_of), ("prices", attestation.prices.as_of)];
    times.into_iter().chain(reserves).collect()
}

/// The number `mantissa / 10^scale`.
pub(super) fn rational(mantissa: i128, scale: u32) -> BigRational {
    BigRational::new(mantissa.into(), BigInt::from(10).pow(scale))
}

/// A move, or none, which is one of nothing.
struct Move(Option<Decimal>);

impl PartialEq for Move {
    fn eq(&self, other: &Self) -> bool {
        let of = |one: &Self| one.0.unwrap_or(Decimal::new(0, 0));
        of(self) == of(other)
    }
}

impl std::fmt::Display for Move {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(decimal) => decimal.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// Decimals of a value in an error.
const SHOWN: u32 = 16;

/// A length of time that times may lie apart, unless the reader says otherwise.
pub const WITHIN: SignedDuration = SignedDuration::from_hours(1);

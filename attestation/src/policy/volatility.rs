//! Clauses about the volatilities that rates follow: how old they are, how many sources there are,
//! and whether another source says more.

use std::{collections::BTreeSet, time::Duration};

use pacioli_rules::{Compiled, Decimal, Span, Volatility, VolatilityLimits};

use super::{Book, Clause, said::in_words};
use crate::by::By;

/// The volatilities of one asset: those that rates follow, and all that the prices state.
struct Stated<'a> {
    asset: &'a str,
    used: Vec<&'a Volatility>,
    all: &'a [Volatility],
}

impl Book<'_> {
    /// Of each asset whose volatility a rate follows: `max_age`, `least_sources` and `band`, as far as
    /// they are asked for.
    pub(super) fn volatility(&self, limits: &VolatilityLimits) -> Vec<Clause> {
        let VolatilityLimits { max_age, least_sources, band } = *limits;
        let assets = self.stated();
        let of = |asked: bool, clause: &dyn Fn(&Stated<'_>) -> Clause| -> Vec<Clause> {
            if asked { assets.iter().map(clause).collect() } else { Vec::new() }
        };
        let ages = of(max_age.is_some(), &|one| self.age(one, max_age.unwrap_or(Span(0))));
        let sources = of(least_sources.is_some(), &|one| {
            self.sources(one, least_sources.unwrap_or(u32::MAX), max_age)
        });
        let bands =
            of(band.is_some(), &|one| self.band(one, band.unwrap_or(Decimal::from(0)), max_age));
        [ages, sources, bands].concat()
    }

    /// By asset, in order; a volatility that several rates follow once.
    fn stated(&self) -> Vec<Stated<'_>> {
        let Compiled { rates, volatilities, .. } = self.evidence.compiled;
        let stated = volatilities.iter().map(|(asset, all)| {
            let mut used: Vec<&Volatility> = Vec::new();
            for rate in rates.iter().filter(|rate| rate.asset == *asset) {
                if !used.contains(&&rate.used) {
                    used.push(&rate.used);
                }
            }
            Stated { asset, used, all }
        });
        stated.collect()
    }

    fn distance(&self, one: &Volatility) -> Duration {
        one.as_of.duration_since(self.evidence.header.as_of).unsigned_abs()
    }

    fn is_fresh(&self, one: &Volatility, most: Option<Span>) -> bool {
        most.is_none_or(|most| self.distance(one) <= Duration::from_secs(most.0))
    }

    /// Each that a rate follows is of about the time of the snapshot, before it or after it.
    fn age(&self, stated: &Stated<'_>, most: Span) -> Clause {
        let oldest = stated.used.iter().max_by_key(|one| self.distance(one));
        let (holds, detail) = match oldest {
            None => (false, "there is no volatility".to_owned()),
            Some(one) => {
                let away = in_words(self.distance(one));
                let detail = format!(
                    "{one} is of {}, {away} away from the snapshot, and at most {most} is allowed",
                    one.as_of
                );
                (self.is_fresh(one, Some(most)), detail)
            }
        };
        clause("max_age", stated.asset, holds, detail)
    }

    /// So many sources state one that is not too old.
    fn sources(&self, stated: &Stated<'_>, least: u32, max_age: Option<Span>) -> Clause {
        let fresh = stated.all.iter().filter(|one| self.is_fresh(one, max_age));
        let count = fresh.map(|one| &one.source).collect::<BTreeSet<_>>().len();
        let plural = if count == 1 { " states" } else { "s state" };
        let fresh = if max_age.is_some() { " that is not too old" } else { "" };
        let detail = format!(
            "{count} source{plural} a volatility of {}{fresh}, and at least {least} is asked for",
            stated.asset
        );
        clause("least_sources", stated.asset, count >= least as usize, detail)
    }

    /// None that a rate follows is below what another source says by more than the band. Where no other
    /// source says anything, nobody can tell.
    fn band(&self, stated: &Stated<'_>, band: Decimal, max_age: Option<Span>) -> Clause {
        let mut pairs = Vec::new();
        for used in &stated.used {
            let others = stated
                .all
                .iter()
                .filter(|one| one.source != used.source && self.is_fresh(one, max_age));
            // The first of the largest.
            let other =
                others.reduce(|most, one| if one.annual > most.annual { one } else { most });
            let Some(other) = other else {
                let detail = format!(
                    "a rate follows {used}, {}, and no other source says what it is{}",
                    used.annual,
                    if max_age.is_some() { " at about that time" } else { "" }
                );
                return clause("band", stated.asset, false, detail);
            };
            pairs.push((*used, other));
        }
        let understated = pairs.iter().find(|(used, other)| !is_within(used, other, band));
        let Some((used, other)) = understated.or(pairs.first()) else {
            let detail = "there is no volatility".to_owned();
            return clause("band", stated.asset, false, detail);
        };
        let detail = format!(
            "a rate follows {used}, {}, and the most that another source says is {}, {other}: it may \
             be below that by {band} of it",
            used.annual, other.annual
        );
        clause("band", stated.asset, is_within(used, other, band), detail)
    }
}

/// Whether `used >= (1 - band) * other`.
fn is_within(used: &Volatility, other: &Volatility, band: Decimal) -> bool {
    let scale = used.annual.scale().max(other.annual.scale());
    let [used, other] = [used.annual, other.annual].map(|one| one.floor_units(scale).0);
    let one = num_bigint::BigInt::from(10).pow(band.scale());
    used * &one >= other * (one.clone() - band.mantissa())
}

fn clause(what: &str, asset: &str, holds: bool, detail: String) -> Clause {
    Clause { name: format!("volatility.{what}.{asset}"), holds, detail, by: By::Publisher }
}

//! Clauses about the volatilities that rates follow: how old they are, how many sources there are,
//! and whether another source says more.
//!
//! Of all that the prices state, what a rate takes counts for it, and nothing else: another kind or
//! length of time says nothing of it, neither for it nor against it. A rate that names its source rests
//! on that one alone, and `least_sources` says so; only the band looks at what others say of the same.

use std::{collections::BTreeSet, time::Duration};

use pacioli_rules::{Compiled, CompiledRate, Decimal, Span, Volatility, VolatilityLimits};

use super::{Book, Clause, said::in_words};
use crate::by::By;

/// The volatilities of one asset: what rates follow, and all that the prices state.
struct Stated<'a> {
    asset: &'a str,
    rates: Vec<&'a CompiledRate>,
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

    /// By asset, in order.
    fn stated(&self) -> Vec<Stated<'_>> {
        let Compiled { rates, volatilities, .. } = self.evidence.compiled;
        let stated = volatilities.iter().map(|(asset, all)| {
            let rates = rates.iter().filter(|rate| rate.asset == *asset).collect();
            Stated { asset, rates, all }
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
        // Each once, where several rates follow it.
        let mut used: Vec<&Volatility> = Vec::new();
        for rate in &stated.rates {
            if !used.contains(&&rate.used) {
                used.push(&rate.used);
            }
        }
        let oldest = used.into_iter().max_by_key(|one| self.distance(one));
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

    /// So many sources state one that counts for the rate, and is not too old: of each rate.
    fn sources(&self, stated: &Stated<'_>, least: u32, max_age: Option<Span>) -> Clause {
        let sources = |rate: &CompiledRate| {
            let counts = |one: &&Volatility| rate.rule.counts(one) && self.is_fresh(one, max_age);
            let taken = stated.all.iter().filter(counts);
            taken.map(|one| &one.source).collect::<BTreeSet<_>>().len()
        };
        // The first of the fewest.
        let fewest = stated.rates.iter().map(|rate| (rate, sources(rate)));
        let Some((rate, count)) = fewest.min_by_key(|(_, count)| *count) else {
            let detail = "there is no volatility".to_owned();
            return clause("least_sources", stated.asset, false, detail);
        };
        let plural = if count == 1 { " states" } else { "s state" };
        let fresh = if max_age.is_some() { " that is not too old" } else { "" };
        let detail = format!(
            "of {} a rate follows {}: {count} source{plural} one{fresh}, and at least {least} is asked \
             for",
            stated.asset,
            rate.rule.which()
        );
        clause("least_sources", stated.asset, count >= least as usize, detail)
    }

    /// None that a rate follows is below what another source says of the same by more than the band.
    /// Where no other source says anything, nobody can tell.
    fn band(&self, stated: &Stated<'_>, band: Decimal, max_age: Option<Span>) -> Clause {
        let mut pairs = Vec::new();
        for CompiledRate { rule, used, .. } in &stated.rates {
            let others = stated.all.iter().filter(|one| {
                one.source != used.source && rule.measures(one) && self.is_fresh(one, max_age)
            });
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
            pairs.push((used, other));
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

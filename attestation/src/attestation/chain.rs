//! Whether one attestation comes right after another, and whether its times can be.
//!
//! A chain keeps a publisher from taking back what was said: every attestation names the digest of
//! the one before. That alone would let it go back in time or change whose book it is, so number,
//! time and venue are held against each other as well. A fork, two successors of one attestation,
//! cannot be seen from one file: [`super::check_history`] sees it in many.

use jiff::{SignedDuration, Timestamp};
use pacioli_rules::{Policy, Rules};
use serde::Serialize;
use thiserror::Error;

use super::{Attestation, Header};
use crate::{
    digest::Digest,
    drawn::{Day, Drawn},
};

/// Why an attestation does not follow another.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChainError {
    /// A chain is of one venue.
    #[error("the venue is `{}`, but that of the attestation before it is `{}`", .own.escape_debug(), .before.escape_debug())]
    Venue {
        /// Its venue.
        own: String,
        /// That of the one before.
        before: String,
    },
    /// A chain goes forward in time.
    #[error("the snapshot's time, {own}, is not after {before}, that of the attestation before it")]
    Time {
        /// Its time.
        own: Timestamp,
        /// That of the one before.
        before: Timestamp,
    },
    /// The days of drawn times go forward: of each there is one time, and one attestation.
    #[error(
        "the time is drawn of {own}, which is not after {before}, the day of the attestation before it"
    )]
    Day {
        /// Its day.
        own: Day,
        /// That of the one before.
        before: Day,
    },
    /// Each sequence number is one more than the last.
    #[error("sequence number {own} does not follow {before}")]
    Number {
        /// Its sequence number.
        own: u64,
        /// That of the one before.
        before: u64,
    },
    /// It names another.
    #[error("the attestation is not chained to {before}: it names {}", own.map_or_else(|| "no previous one".to_owned(), |own| own.to_string()))]
    Digest {
        /// What it names.
        own: Option<Digest>,
        /// The digest of the one given.
        before: Digest,
    },
}

/// Checks that a book of this venue and time may follow the attestation with this header.
///
/// # Errors
/// If the venue is another, or the time is no later.
pub fn check_successor(before: &Header, venue: &str, as_of: Timestamp) -> Result<(), ChainError> {
    if before.venue != venue {
        let (own, before) = (venue.to_owned(), before.venue.clone());
        return Err(ChainError::Venue { own, before });
    }
    if as_of <= before.as_of {
        return Err(ChainError::Time { own: as_of, before: before.as_of });
    }
    Ok(())
}

/// Checks that the attestation with this header comes right after the one `before`, whose digest is
/// given.
///
/// # Errors
/// If the one before is not the one named, or number, venue or time do not follow.
pub fn check_follows(before: &Header, digest: Digest, own: &Header) -> Result<(), ChainError> {
    if own.previous != Some(digest) {
        return Err(ChainError::Digest { own: own.previous, before: digest });
    }
    if before.sequence.checked_add(1) != Some(own.sequence) {
        return Err(ChainError::Number { own: own.sequence, before: before.sequence });
    }
    check_day_after(before, own.drawn.as_ref())?;
    check_successor(before, &own.venue, own.as_of)
}

/// Checks that a time may be drawn after that of the attestation with this header.
///
/// # Errors
/// If both are drawn and its day is not the later one.
pub fn check_day_after(before: &Header, own: Option<&Drawn>) -> Result<(), ChainError> {
    match (before.drawn.as_ref().map(Drawn::day), own.map(Drawn::day)) {
        (Some(before), Some(own)) if own <= before => Err(ChainError::Day { own, before }),
        _ => Ok(()),
    }
}

/// Days between two drawn times, of which nothing was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// How many.
    pub days: u64,
    /// The day of the attestation before them.
    pub after: Day,
    /// The day of the attestation after them.
    pub before: Day,
    /// The most that are allowed, by the stricter of both policies; `None` if neither asks.
    pub most: Option<u64>,
}

impl Missed {
    /// Whether it is more than is allowed.
    pub fn exceeds(&self) -> bool {
        self.most.is_some_and(|most| self.days > most)
    }
}

impl std::fmt::Display for Missed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { days, after, before, most } = self;
        let plural = if *days == 1 { " was" } else { "s were" };
        write!(f, "{days} day{plural} missed between the drawn times of {after} and {before}")?;
        match most {
            Some(most) => write!(f, ", and at most {most} may be"),
            None => write!(f, ", and no policy limits them"),
        }
    }
}

/// The most days that a policy lets a publisher miss between two drawn times; `None` if it asks for
/// none, or the time of the attestation was not drawn.
pub fn may_miss(attestation: &Attestation) -> Option<u64> {
    attestation.header.drawn.as_ref()?;
    asked(attestation)
}

fn asked(attestation: &Attestation) -> Option<u64> {
    Rules::parse(&attestation.rules).ok()?.policy().drawn.map(|drawn| drawn.missed_days)
}

/// The days that were missed between two attestations whose times were drawn; `None` if one was not,
/// or if the later is not of a later day.
pub fn missed_days(before: &Attestation, own: &Attestation) -> Option<Missed> {
    missed_between(&before.header, &own.header, [asked(before), asked(own)])
}

/// The same by their headers, and what the policy of each lets be missed.
pub(super) fn missed_between(
    before: &Header,
    own: &Header,
    limits: [Option<u64>; 2],
) -> Option<Missed> {
    missed_until(before, own.drawn.as_ref()?.day(), limits)
}

/// The same before there is an attestation of the later day, under the policy that it will have.
pub fn missed_since(before: &Attestation, day: Day, policy: &Policy) -> Option<Missed> {
    let limits = [asked(before), policy.drawn.map(|drawn| drawn.missed_days)];
    missed_until(&before.header, day, limits)
}

fn missed_until(before: &Header, day: Day, limits: [Option<u64>; 2]) -> Option<Missed> {
    let after = before.drawn.as_ref()?.day();
    let days = day.missed_since(after)?;
    // A venue that missed too many cannot allow itself as many afterwards.
    let most = limits.into_iter().flatten().min();
    Some(Missed { days, after, before: day, most })
}

/// How far a time may be ahead of the reader's clock: clocks differ by seconds, rarely by minutes.
pub const CLOCK_ALLOWANCE: SignedDuration = SignedDuration::from_mins(5);

/// A time that has not come yet.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "the time of the {what}, {time}, is in the future: it is {now} now, and at most 5 minutes are \
     allowed for clocks that differ"
)]
pub struct InFuture {
    /// What has this time: `snapshot`, `prices` or `reserves`.
    pub what: &'static str,
    /// The time.
    pub time: Timestamp,
    /// The reader's.
    pub now: Timestamp,
}

/// Checks that the snapshot, the prices, the volatilities in them and the reserves were taken before
/// `now`.
///
/// # Errors
/// If one of their times is later by more than [`CLOCK_ALLOWANCE`].
pub fn check_not_in_future(attestation: &Attestation, now: Timestamp) -> Result<(), InFuture> {
    let reserves = attestation.reserves.as_ref().map(|reserves| ("reserves", reserves.as_of));
    let times = [("snapshot", attestation.header.as_of), ("prices", attestation.prices.as_of)];
    let volatilities = attestation.prices.volatilities.values().flatten();
    let latest = volatilities.map(|one| one.as_of).max().map(|time| ("volatilities", time));
    for (what, time) in times.into_iter().chain(reserves).chain(latest) {
        if time.duration_since(now) > CLOCK_ALLOWANCE {
            return Err(InFuture { what, time, now });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::testing::{attestation, drawn_attestation, next, next_drawn};

    #[test]
    fn a_chain_has_one_venue_and_goes_forward() {
        let before = attestation();
        let digest = before.digest();
        let (old, time) = (&before.header, |text: &str| text.parse::<Timestamp>().unwrap());
        let own = next(&before, "2026-01-02T00:00:00Z");
        let check = |own: &Attestation| check_follows(old, digest, &own.header);
        assert_eq!(check(&own), Ok(()));

        // Review S5: back in time, the same time, another venue.
        for earlier in ["2025-06-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
            let expected = ChainError::Time { own: time(earlier), before: old.as_of };
            assert_eq!(check(&next(&before, earlier)), Err(expected));
        }
        let mut other = own.clone();
        other.header.venue = "Exchange B".to_owned();
        let error = check(&other).unwrap_err().to_string();
        assert_eq!(
            error,
            "the venue is `Exchange B`, but that of the attestation before it is `a venue`"
        );
        let mut other = own.clone();
        other.header.sequence = 2;
        assert_eq!(check(&other), Err(ChainError::Number { own: 2, before: 0 }));
        other.header.previous = Some(own.digest());
        assert!(matches!(check(&other), Err(ChainError::Digest { .. })));
        other.header.previous = None;
        assert!(check(&other).unwrap_err().to_string().ends_with("it names no previous one"));
    }

    #[test]
    fn the_days_of_drawn_times_go_forward_and_missed_ones_are_counted() {
        let before = drawn_attestation("2026-11-26");
        let digest = before.digest();
        let check = |own: &Attestation| check_follows(&before.header, digest, &own.header);
        for (day, days) in [("2026-11-27", 0), ("2026-11-28", 1), ("2026-12-02", 5)] {
            let own = next_drawn(&before, day);
            assert_eq!(check(&own), Ok(()));
            let missed = missed_days(&before, &own).unwrap();
            assert_eq!((missed.days, missed.most, missed.exceeds()), (days, Some(2), days > 2));
        }
        // Again for the same day, and for one before it.
        for day in ["2026-11-26", "2026-11-25"] {
            let own = next_drawn(&before, day);
            let error = check(&own).unwrap_err();
            assert!(matches!(error, ChainError::Day { .. }), "{error}");
            assert_eq!(missed_days(&before, &own), None);
        }
        // The policy of after the fact does not allow what that of before did not.
        let mut own = next_drawn(&before, "2026-12-02");
        own.rules = own.rules.replace("missed_days = 2", "missed_days = 9");
        assert!(missed_days(&before, &own).unwrap().exceeds());
        own.rules = attestation().rules;
        assert!(missed_days(&before, &own).unwrap().exceeds());
        let mut unasked = before.clone();
        unasked.rules = attestation().rules;
        let missed = missed_days(&unasked, &own).unwrap();
        assert_eq!((missed.most, missed.exceeds()), (None, false));
        let told = "5 days were missed between the drawn times of 2026-11-26 and 2026-12-02";
        assert_eq!(missed.to_string(), format!("{told}, and no policy limits them"));
        own.header.drawn = None;
        assert_eq!((missed_days(&before, &own), check(&own)), (None, Ok(())));
    }

    #[test]
    fn no_time_is_in_the_readers_future() {
        let one = attestation();
        let now = |text: &str| check_not_in_future(&one, text.parse().unwrap());
        assert_eq!(now("2026-01-01T00:00:00Z"), Ok(()));
        assert_eq!(now("2025-12-31T23:55:00Z"), Ok(()), "5 minutes are clocks");
        assert_eq!(now("2025-12-31T23:54:59Z").unwrap_err().what, "snapshot");
        let mut later = one.clone();
        let set = "2027-01-01T00:00:00Z".parse().unwrap();
        later.reserves.as_mut().unwrap().as_of = set;
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(check_not_in_future(&later, now).unwrap_err().what, "reserves");
        let stated = pacioli_rules::Volatility {
            kind: pacioli_rules::VolatilityKind::Realised,
            annual: 1.into(),
            window: Some(pacioli_rules::Span(86_400)),
            tenor: None,
            source: "A".to_owned(),
            as_of: set,
        };
        let mut stating = one.clone();
        let early =
            pacioli_rules::Volatility { as_of: now, source: "B".to_owned(), ..stated.clone() };
        stating.prices.volatilities = [("BTC".to_owned(), vec![early.clone()])].into();
        assert_eq!(check_not_in_future(&stating, now), Ok(()));
        stating.prices.volatilities = [("BTC".to_owned(), vec![early, stated])].into();
        let error = check_not_in_future(&stating, now).unwrap_err();
        assert_eq!((error.what, error.time), ("volatilities", set));
        later.prices.as_of = set;
        let error = check_not_in_future(&later, now).unwrap_err().to_string();
        assert!(error.starts_with("the time of the prices, 2027-01-01T00:00:00Z, is in the"));
    }
}

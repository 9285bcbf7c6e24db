//! What each venue's failure leaves the others: the clearing vector of venues that hold claims on
//! each other, under one scenario.
//!
//! Each venue owes what its book owes in the scenario, and has its reserves, valued there. A reserve
//! in the custody of another of the venues is a claim on it, and worth what that venue can pay:
//! [`Network`]. `docs/contagion.md` has what is counted and why.
//!
//! What is said is never better than what it rests on. What a book owes is proved, and at most so
//! much, so that what its creditors recover is at least so much; what a venue has from outside is its
//! word, as in every attestation; a claim is its word too, and counts only if the reader says so,
//! unless a statement of the account shows it.

mod claims;
mod comparable;
mod error;
mod names;
mod network;
mod outcome;
mod solve;
#[cfg(test)]
mod tests;
mod venue;

use num_rational::BigRational;
use pacioli_attestation::Reserve;
use pacioli_circuits::ScenarioId;

pub use claims::Shown;
pub use comparable::WITHIN;
pub use error::ContagionError;
pub use network::{Clearing, Network, NetworkError};
pub use outcome::{ClaimOutcome, Contagion, Failure, VenueOutcome};
pub use venue::{Limits, MOST, Venue};

use claims::{Claim, Kind, number, zero};

/// What each venue pays and recovers in the scenario. The order of venues and statements makes no
/// difference to anything but errors.
///
/// # Errors
/// If the venues cannot be put in one network: the first reason.
pub fn contagion(
    venues: &[Venue<'_>],
    shown: &[Shown],
    limits: &Limits,
) -> Result<Contagion, ContagionError> {
    match venues.len() {
        0 | 1 => return Err(ContagionError::One),
        count if count > MOST => return Err(ContagionError::Many(count)),
        _ => {}
    }
    let mut venues = venues.to_vec();
    venues.sort_by_key(Venue::name);
    check_names(&venues)?;
    let ids = venues.iter().map(|venue| comparable::scenario(venue, &limits.scenario));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    for second in 1..venues.len() {
        for first in 0..second {
            let pair = [first, second];
            comparable::check(pair.map(|one| &venues[one]), pair.map(|one| ids[one]), limits)?;
        }
    }
    let kinds = (0..venues.len()).map(|own| claims::kinds(&venues, own, limits));
    let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
    claims::check_addresses(&venues, &kinds)?;
    let claimed = (0..venues.len())
        .flat_map(|own| claims::claims(&venues, own, &kinds[own], &ids, limits, shown));
    let claimed: Vec<Claim> = claimed.collect();
    claims::check_accounts(&venues, &claimed, shown)?;

    let owed: Vec<BigRational> = venues.iter().map(|venue| owed(venue, limits)).collect();
    check_claimed(&venues, &claimed, &owed, limits)?;
    let outside = (0..venues.len()).map(|own| outside(&venues[own], &kinds[own], ids[own]));
    let outside: Vec<BigRational> = outside.collect();
    let mut rows = vec![vec![zero(); venues.len()]; venues.len()];
    for claim in claimed.iter().filter(|claim| claim.counts(limits)) {
        rows[claim.of][claim.on] += &claim.worth;
    }
    let network = Network::new(outside.clone(), owed.clone(), rows)?;
    let clearing = network.clear()?;
    let elsewhere = kinds.iter().map(|kinds| {
        let places = kinds.iter().enumerate().filter(|(_, kind)| **kind == Kind::Elsewhere);
        places.map(|(index, _)| index).collect()
    });
    let elsewhere: Vec<Vec<usize>> = elsewhere.collect();
    let found =
        outcome::Found { venues, limits, claimed, outside, owed, network, clearing, elsewhere };
    Ok(found.outcome())
}

/// Every attestation is of another venue.
fn check_names(venues: &[Venue<'_>]) -> Result<(), ContagionError> {
    for (index, venue) in venues.iter().enumerate() {
        let plain = |venue: &Venue<'_>| names::plain(venue.name());
        let is_same = |other: &&Venue<'_>| {
            other.name() == venue.name()
                || plain(other) == plain(venue) && !plain(venue).is_empty()
                || other.findings.digest == venue.findings.digest
        };
        if let Some(first) = venues[..index].iter().find(is_same) {
            let files = [first.file, venue.file].map(str::to_owned);
            let [name, other] = [first.name(), venue.name()].map(str::to_owned);
            return Err(ContagionError::Twice { files, name, other });
        }
    }
    Ok(())
}

/// What a book owes in the scenario, at most.
fn owed(venue: &Venue<'_>, limits: &Limits) -> BigRational {
    let figures = venue.findings.figures.scenario(&limits.scenario);
    figures.map_or_else(zero, |figures| number(&figures.owed))
}

/// What a venue has that is no claim on another venue.
fn outside(venue: &Venue<'_>, kinds: &[Kind], id: ScenarioId) -> BigRational {
    let entries = venue.entries().iter().zip(kinds);
    let outside = entries.filter(|(_, kind)| **kind == Kind::Outside);
    let entries: Vec<Reserve> = outside.map(|(entry, _)| entry.clone()).collect();
    claims::worth(venue, &entries, id)
}

/// No more is claimed of a venue than its book owes, whether the claims count or not.
fn check_claimed(
    venues: &[Venue<'_>],
    claimed: &[Claim],
    owed: &[BigRational],
    limits: &Limits,
) -> Result<(), ContagionError> {
    for (on, venue) in venues.iter().enumerate() {
        let on_it = || claimed.iter().filter(|claim| claim.on == on);
        let sum: BigRational = on_it().map(|claim| &claim.most).sum();
        if sum <= owed[on] {
            continue;
        }
        let decimals = venue.findings.compiled.value_decimals;
        let claims = on_it().map(|claim| {
            let most = outcome::floor(&claim.most, decimals);
            format!("`{}` {most} ({})", venues[claim.of].name().escape_debug(), claim.by)
        });
        return Err(ContagionError::Claimed {
            venue: venue.name().to_owned(),
            scenario: limits.scenario.clone(),
            owed: outcome::floor(&owed[on], decimals).to_string(),
            quote: venue.findings.compiled.quote.as_str().into(),
            claims: claims.collect::<Vec<_>>().join(", "),
        });
    }
    Ok(())
}

//! What was found, by venue, by claim, and as the order in which venues fail.

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use pacioli_attestation::{By, Digest};
use pacioli_rules::Amount;
use serde::Serialize;

use super::{
    Limits, Venue,
    claims::{Claim, zero},
    network::{Clearing, Network},
};

/// Digits of a part in percent, which is rounded down.
const PERCENT_DIGITS: u32 = 2;

/// What each venue pays and recovers in one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contagion {
    /// Every venue pays in full, even in the least solution.
    pub holds: bool,
    /// The worst that this rests on: what venues say that they have.
    pub by: By,
    /// The scenario.
    pub scenario: String,
    /// The currency of all amounts, which are rounded down.
    pub quote: String,
    /// The venues, by name.
    pub venues: Vec<VenueOutcome>,
    /// The claims, by venue that has them and venue that owes them.
    pub claims: Vec<ClaimOutcome>,
    /// Who fails, in order: each round because of those before it, and the first without any.
    pub failures: Vec<Failure>,
    /// Rings of claims with nothing behind them, because of which it is not settled what these
    /// venues pay: from nothing, which is what counts, to all.
    pub rings: Vec<Vec<String>>,
}

/// One venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VenueOutcome {
    /// Its name.
    pub venue: String,
    /// The file's name.
    pub file: String,
    /// Its attestation.
    pub attestation: Digest,
    /// Its reserves that are no claims on the others, valued in the scenario.
    pub outside: Amount,
    /// By whose word.
    pub outside_by: By,
    /// Its claims on the others that count.
    pub claims: Amount,
    /// The worst that these rest on.
    pub claims_by: By,
    /// What it recovers of them.
    pub recovered: Amount,
    /// What its book owes in the scenario, at most.
    pub owed: Amount,
    /// By whose word: proved, for the accounts in the book.
    pub owed_by: By,
    /// What it pays in the least solution, which is what counts.
    pub pays: Amount,
    /// The same, as numerator and denominator.
    pub pays_exactly: String,
    /// What it pays in the greatest solution.
    pub pays_at_most: Amount,
    /// The part of what they are owed that its creditors recover at least, in percent, rounded down.
    pub recovery_percent: Amount,
    /// Accounts that the venue left out of its book, for which it owes more than this.
    pub accounts_left_out: u64,
    /// Assets of which it left holdings out of its book.
    pub assets_left_out: Vec<String>,
    /// Its reserves that are claims on venues that are not given, by their place: they count nothing.
    pub claims_elsewhere: Vec<usize>,
}

/// A claim of one venue on another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimOutcome {
    /// Whose it is.
    pub of: String,
    /// On whom it is.
    pub on: String,
    /// The account there.
    pub account: String,
    /// What it comes to.
    pub worth: Amount,
    /// By whose word: a statement's, or its venue's.
    pub by: By,
    /// Whether it counts.
    pub counts: bool,
    /// Whether it is pledged, for which it counts nothing.
    pub pledged: bool,
    /// What is recovered of it.
    pub recovered: Amount,
}

/// One venue that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The round, from 1: later ones fail because of those before.
    pub round: usize,
    /// The venue.
    pub venue: String,
    /// What it lacks of what it owes, rounded up.
    pub short: Amount,
    /// The venues whose failure it loses by, with what it recovers of its claims on each.
    pub loses_by: Vec<Loss>,
}

/// A claim that is not paid in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// On whom.
    pub on: String,
    /// What is claimed.
    pub claim: Amount,
    /// What is recovered of it.
    pub recovered: Amount,
}

/// All that an outcome is made of.
pub(super) struct Found<'a> {
    pub(super) venues: Vec<Venue<'a>>,
    pub(super) limits: &'a Limits,
    pub(super) claimed: Vec<Claim>,
    pub(super) outside: Vec<BigRational>,
    pub(super) owed: Vec<BigRational>,
    pub(super) network: Network,
    pub(super) clearing: Clearing,
    pub(super) elsewhere: Vec<Vec<usize>>,
}

impl Found<'_> {
    pub(super) fn outcome(&self) -> Contagion {
        let full = (0..self.venues.len()).all(|own| self.clearing.least[own] == self.owed[own]);
        let name = |own: &usize| self.venues[*own].name().to_owned();
        let rings = self.clearing.rings.iter().map(|ring| ring.iter().map(name).collect());
        let rings: Vec<Vec<String>> = rings.collect();
        Contagion {
            holds: full && rings.is_empty(),
            by: By::Publisher,
            scenario: self.limits.scenario.clone(),
            quote: self.venues[0].findings.compiled.quote.clone(),
            venues: (0..self.venues.len()).map(|own| self.venue(own)).collect(),
            claims: self.claimed.iter().map(|claim| self.claim(claim)).collect(),
            failures: self.failures(),
            rings,
        }
    }

    fn venue(&self, own: usize) -> VenueOutcome {
        let findings = self.venues[own].findings;
        let header = &findings.attestation.header;
        let counted = || self.claimed.iter().filter(|one| one.of == own && one.counts(self.limits));
        let least = &self.clearing.least[own];
        VenueOutcome {
            venue: header.venue.clone(),
            file: self.venues[own].file.to_owned(),
            attestation: findings.digest,
            outside: self.amount(&self.outside[own]),
            outside_by: By::Publisher,
            claims: self.amount(&counted().map(|claim| &claim.worth).sum()),
            claims_by: counted().map(|claim| claim.by).max().unwrap_or(By::Proved),
            recovered: self.amount(&counted().map(|claim| self.recovered(claim)).sum()),
            owed: self.amount(&self.owed[own]),
            owed_by: By::Proved,
            pays: self.amount(least),
            pays_exactly: least.to_string(),
            pays_at_most: self.amount(&self.clearing.greatest[own]),
            recovery_percent: percent(least, &self.owed[own]),
            accounts_left_out: header.accounts_left_out,
            assets_left_out: header.left_out.iter().map(|one| one.asset.clone()).collect(),
            claims_elsewhere: self.elsewhere[own].clone(),
        }
    }

    fn claim(&self, claim: &Claim) -> ClaimOutcome {
        let counts = claim.counts(self.limits);
        let recovered = if counts { self.recovered(claim) } else { zero() };
        ClaimOutcome {
            of: self.venues[claim.of].name().to_owned(),
            on: self.venues[claim.on].name().to_owned(),
            account: claim.addresses[0].clone(),
            worth: self.amount(&claim.worth),
            by: claim.by,
            counts,
            pledged: claim.pledged,
            recovered: self.amount(&recovered),
        }
    }

    /// What is recovered of a claim in the least solution.
    fn recovered(&self, claim: &Claim) -> BigRational {
        let owed = &self.owed[claim.on];
        if *owed == zero() { zero() } else { &claim.worth * &self.clearing.least[claim.on] / owed }
    }

    fn failures(&self) -> Vec<Failure> {
        let rounds = self.clearing.rounds.iter().enumerate();
        let failures = rounds.flat_map(|(round, failed)| {
            failed.iter().map(move |&own| Failure {
                round: round + 1,
                venue: self.venues[own].name().to_owned(),
                short: self.lacks(&(&self.owed[own] - &self.clearing.least[own])),
                loses_by: self.losses(own),
            })
        });
        failures.collect()
    }

    fn losses(&self, own: usize) -> Vec<Loss> {
        let debtors = 0..self.venues.len();
        let losses = debtors.filter(|&on| self.clearing.least[on] < self.owed[on]);
        let losses = losses.filter_map(|on| {
            let claim = self.network.receives(own, on, &self.owed[on]);
            (claim > zero()).then(|| Loss {
                on: self.venues[on].name().to_owned(),
                claim: self.amount(&claim),
                recovered: self.amount(&self.network.receives(own, on, &self.clearing.least[on])),
            })
        });
        losses.collect()
    }

    /// An amount of the quote currency, rounded down to the finest of the venues' units of value.
    fn amount(&self, number: &BigRational) -> Amount {
        floor(number, self.decimals())
    }

    /// The same, rounded up.
    fn lacks(&self, number: &BigRational) -> Amount {
        let unit = BigInt::from(10).pow(self.decimals());
        floor(&((number * &unit).ceil() / unit), self.decimals())
    }

    fn decimals(&self) -> u32 {
        let decimals = self.venues.iter().map(|venue| venue.findings.compiled.value_decimals);
        decimals.max().unwrap_or_default()
    }
}

/// A number that is not below zero, rounded down.
pub(super) fn floor(number: &BigRational, decimals: u32) -> Amount {
    let scaled = number * BigRational::from(BigInt::from(10).pow(decimals));
    Amount::new(scaled.floor().to_integer().to_biguint().unwrap_or(BigUint::ZERO), decimals)
}

/// The part in percent, rounded down; 100 of nothing.
fn percent(part: &BigRational, whole: &BigRational) -> Amount {
    let hundred = BigRational::from(BigInt::from(100));
    if *whole == zero() {
        return floor(&hundred, PERCENT_DIGITS);
    }
    floor(&(part * hundred / whole), PERCENT_DIGITS)
}

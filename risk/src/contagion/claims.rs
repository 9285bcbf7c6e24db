//! Claims of venues on each other: which reserves they are, what they come to, and by whose word.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use pacioli_attestation::{
    By, Digest, Purpose, Reserve, Reserves, Verified,
    statement::{Statement, StatementError, check},
};
use pacioli_circuits::ScenarioId;
use pacioli_evidence::Owner;
use pacioli_rules::{Amount, Closest};

use super::{
    error::ContagionError,
    names::is_nearly,
    venue::{Limits, Venue},
};

/// A venue's own account at another venue, by a statement that was checked.
#[derive(Clone, Debug)]
pub struct Shown {
    file: String,
    attestation: Digest,
    account: String,
    /// By scenario: what the account is owed, less what it lacks, and nothing where that is less.
    worth: BTreeMap<String, BigRational>,
}

impl Shown {
    /// Checks a statement against the verified attestation that it belongs to. `file` is its name in
    /// errors.
    ///
    /// # Errors
    /// If the statement is refused.
    pub fn check(
        file: &str,
        statement: &Statement,
        verified: &Verified,
    ) -> Result<Self, StatementError> {
        let checked = check(statement, verified, None)?;
        let worth = checked.balances.iter().map(|balance| {
            let [equity, shortfall] = [&balance.equity, &balance.shortfall].map(number);
            // An account may write both: what it is owed is the difference.
            (balance.scenario.clone(), (equity - shortfall).max(zero()))
        });
        Ok(Self {
            file: file.to_owned(),
            attestation: verified.digest,
            account: statement.account.clone(),
            worth: worth.collect(),
        })
    }

    #[cfg(test)]
    pub(super) fn unchecked(attestation: Digest, account: &str, worth: &[(&str, i64)]) -> Self {
        let worth =
            worth.iter().map(|&(name, worth)| (name.to_owned(), BigInt::from(worth).into()));
        Self {
            file: format!("{account}.json"),
            attestation,
            account: account.to_owned(),
            worth: worth.collect(),
        }
    }
}

/// A claim of one venue on another.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// Whose it is, by its place among the venues.
    pub(super) of: usize,
    /// On whom it is.
    pub(super) on: usize,
    /// The account there, or whatever else its reserves give as their address, in each spelling.
    pub(super) addresses: Vec<String>,
    /// Where the reserve stands.
    pub(super) place: String,
    /// What it comes to.
    pub(super) worth: BigRational,
    /// The most that it can come to, by the values of the venue that owes it.
    pub(super) most: BigRational,
    /// Whether it is proved or a word.
    pub(super) by: By,
    /// Whether it is pledged elsewhere, and so counts nothing.
    pub(super) pledged: bool,
}

/// What a reserve is for the network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An asset outside of it.
    Outside,
    /// A claim on the venue of this place.
    On(usize),
    /// A claim on a venue that is not given.
    Elsewhere,
}

/// What every reserve of a venue is.
///
/// # Errors
/// If one is a claim on the venue itself, or its custodian is nearly one of the venues.
pub(super) fn kinds(
    venues: &[Venue<'_>],
    own: usize,
    limits: &Limits,
) -> Result<Vec<Kind>, ContagionError> {
    let name = |venue: &Venue<'_>| venue.findings.attestation.header.venue.clone();
    let venue = &venues[own];
    let kinds = venue.entries().iter().enumerate().map(|(index, entry)| {
        let is_claim = entry.purpose == Purpose::Claim;
        let Some(custodian) = &entry.custodian else { return Ok(Kind::Outside) };
        let place = || venue.place(index);
        match venues.iter().position(|venue| name(venue) == *custodian) {
            Some(on) if on == own && is_claim => {
                return Err(ContagionError::Itself { place: place(), venue: custodian.clone() });
            }
            Some(on) if on == own => return Ok(Kind::Outside),
            Some(on) => return Ok(Kind::On(on)),
            None => {}
        }
        let near = venues.iter().map(name).find(|known| is_nearly(custodian, known));
        match near {
            Some(near) if !limits.outside.contains(custodian) => Err(ContagionError::Custodian {
                place: place(),
                custodian: custodian.clone(),
                closest: Closest(Some(near)),
            }),
            _ if is_claim => Ok(Kind::Elsewhere),
            _ => Ok(Kind::Outside),
        }
    });
    kinds.collect()
}

/// All claims of one venue, one for each account, with what statements say of them. An account is one
/// however its reserves call the chain, so that no statement counts twice.
pub(super) fn claims(
    venues: &[Venue<'_>],
    own: usize,
    kinds: &[Kind],
    ids: &[ScenarioId],
    limits: &Limits,
    shown: &[Shown],
) -> Vec<Claim> {
    let mut accounts: BTreeMap<(usize, String), Vec<(usize, &Reserve)>> = BTreeMap::new();
    for (index, entry) in venues[own].entries().iter().enumerate() {
        let Kind::On(on) = kinds[index] else { continue };
        accounts.entry((on, account(&entry.address))).or_default().push((index, entry));
    }
    let claims = accounts.into_iter().map(|((on, _), entries)| {
        let (index, _) = entries[0];
        let by_word: Vec<Reserve> = entries.iter().map(|(_, entry)| (*entry).clone()).collect();
        let [ours, theirs] = [own, on].map(|of| worth(&venues[of], &by_word, ids[of]));
        let digest = venues[on].findings.digest;
        let proved = shown.iter().find(|one| {
            one.attestation == digest
                && entries.iter().any(|(_, entry)| entry.address == one.account)
        });
        let (worth, most, by) = match proved {
            Some(proved) => {
                let worth = proved.worth.get(&limits.scenario).cloned().unwrap_or_else(zero);
                (worth.clone(), worth, By::Proved)
            }
            None => (ours.min(theirs.clone()), theirs, By::Publisher),
        };
        Claim {
            of: own,
            on,
            addresses: entries.iter().map(|(_, entry)| entry.address.clone()).collect(),
            place: venues[own].place(index),
            worth,
            most,
            by,
            pledged: entries.iter().any(|(_, entry)| entry.is_pledged()),
        }
    });
    claims.collect()
}

/// What reserves of all purposes are worth in a scenario by a venue's values.
pub(super) fn worth(venue: &Venue<'_>, entries: &[Reserve], id: ScenarioId) -> BigRational {
    let Some(reserves) = &venue.findings.attestation.reserves else { return zero() };
    // For what purpose it is held is the venue's own affair.
    let entries = entries.iter().cloned();
    let entries = entries.map(|entry| Reserve { purpose: Purpose::Customers, ..entry });
    let reserves = Reserves { as_of: reserves.as_of, reserves: entries.collect() };
    number(&reserves.worth(&venue.findings.compiled, Purpose::Customers, id))
}

/// Checks that every statement is of a claim on its venue, no two of one account, and that no two venues
/// show one account.
///
/// # Errors
/// The first of these.
pub(super) fn check_accounts(
    venues: &[Venue<'_>],
    claims: &[Claim],
    shown: &[Shown],
) -> Result<(), ContagionError> {
    for (index, one) in shown.iter().enumerate() {
        let is_same = |other: &&Shown| {
            other.attestation == one.attestation && other.account.trim() == one.account.trim()
        };
        if let Some(first) = shown[..index].iter().find(is_same) {
            let files = [first.file.clone(), one.file.clone()];
            return Err(ContagionError::Statements { files, account: one.account.clone() });
        }
        let venue = venues.iter().position(|venue| venue.findings.digest == one.attestation);
        let on_it = claims.iter().filter(|claim| Some(claim.on) == venue);
        let mut addresses = on_it.flat_map(|claim| &claim.addresses).map(String::as_str);
        if !addresses.clone().any(|address| address == one.account) {
            let name = |venue: usize| venues[venue].name().to_owned();
            return Err(ContagionError::Unclaimed {
                file: one.file.clone(),
                venue: venue.map(name).unwrap_or_default(),
                account: one.account.clone(),
                closest: Closest::of(&one.account, addresses.by_ref()),
            });
        }
    }
    for (index, claim) in claims.iter().enumerate() {
        let is_same = |other: &&Claim| {
            other.on == claim.on && other.of != claim.of && other.account() == claim.account()
        };
        if let Some(first) = claims[..index].iter().find(is_same) {
            return Err(ContagionError::Account {
                places: [first.place.clone(), claim.place.clone()],
                venue: venues[claim.on].name().to_owned(),
                account: claim.addresses[0].clone(),
            });
        }
    }
    Ok(())
}

impl Claim {
    /// The account as it is compared with others.
    fn account(&self) -> String {
        account(&self.addresses[0])
    }

    /// Whether it counts for the one who asks.
    pub(super) fn counts(&self, limits: &Limits) -> bool {
        !self.pledged && (self.by == By::Proved || limits.count_word)
    }
}

/// An account as it is compared with others: not told apart by case and blanks.
fn account(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Checks that no two venues show one address: what is held for one of them is a claim on the other,
/// and no address of its own.
///
/// # Errors
/// If two do.
pub(super) fn check_addresses(
    venues: &[Venue<'_>],
    kinds: &[Vec<Kind>],
) -> Result<(), ContagionError> {
    let mut seen: BTreeMap<Owner, Vec<(usize, usize)>> = BTreeMap::new();
    for (own, venue) in venues.iter().enumerate() {
        for (index, entry) in venue.entries().iter().enumerate() {
            let kind = kinds[own][index];
            if kind == Kind::Elsewhere {
                continue;
            }
            let owner = Owner::of(&entry.chain, &entry.address);
            // One id may be an account's at two venues; an address is in one custody.
            let is_id = matches!(&owner, Owner::Text(chain, _) if !chain.is_empty());
            let at = seen.entry(owner).or_default();
            let clash = at.iter().find(|&&(other, before)| {
                let theirs = kinds[other][before];
                let claims = match (kind, theirs) {
                    (Kind::On(own), Kind::On(other)) => own == other || is_id,
                    _ => false,
                };
                other != own && !claims && kind != Kind::On(other) && theirs != Kind::On(own)
            });
            if let Some(&(other, before)) = clash {
                let places = [venues[other].place(before), venue.place(index)];
                return Err(ContagionError::Address { places, address: entry.address.clone() });
            }
            at.push((own, index));
        }
    }
    Ok(())
}

/// An amount as a number.
pub(super) fn number(amount: &Amount) -> BigRational {
    let ten: BigUint = BigUint::from(10u32).pow(amount.decimals);
    BigRational::new(amount.units.clone().into(), ten.into())
}

pub(super) fn zero() -> BigRational {
    BigRational::from(BigInt::ZERO)
}

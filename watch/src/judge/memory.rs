//! What earlier looks have learned: what was seen, never what was judged.
//!
//! What was verified here stands apart from what somebody only names: a digest that a later attestation
//! or a registry names counts as another one of its number, and makes no file a verified one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::Digest;

use crate::reading::Kept;

/// A digest with an order.
pub type Digest32 = [u8; 32];

/// What earlier looks have learned of a venue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Attestations that were verified here.
    pub verified: BTreeMap<Digest32, Kept>,
    /// Which of them each place has shown.
    pub shown: BTreeMap<String, BTreeSet<Digest32>>,
    /// What each place has shown that was refused, until a newer one verifies there.
    pub refused: BTreeMap<(String, Digest32), Refused>,
    /// The digests that somebody names for a number.
    pub named: BTreeMap<u64, BTreeSet<Digest32>>,
    /// The latest round that each registry has shown.
    pub rounds: BTreeMap<String, u64>,
    /// Since when each source is not known.
    pub unknown_since: BTreeMap<String, Timestamp>,
    /// Figures by name and by number, or by time.
    pub series: BTreeMap<String, BTreeMap<u64, BigUint>>,
}

/// An attestation that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The number that it gives itself.
    pub number: u64,
    /// Why.
    pub why: String,
}

/// What a look has learned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Place and digest of what was verified.
    pub verified: Vec<(String, Digest, Kept)>,
    /// Place and digest of what was refused.
    pub refused: Vec<(String, Digest, Refused)>,
    /// Place and digest of what is refused no more.
    pub over: Vec<(String, Digest)>,
    /// Number, digest, and the source that names it.
    pub named: Vec<(u64, Digest, String)>,
    /// The latest rounds that registries have shown.
    pub rounds: Vec<(String, u64)>,
    /// Since when each source is not known: those that are not here are known.
    pub unknown_since: BTreeMap<String, Timestamp>,
    /// New figures.
    pub series: Vec<(String, u64, BigUint)>,
}

impl Memory {
    /// The same with what a look has learned.
    pub fn learn(&mut self, learned: &Learned) {
        for (source, digest, kept) in &learned.verified {
            self.verified.entry(digest.0).or_insert_with(|| kept.clone());
            self.shown.entry(source.clone()).or_default().insert(digest.0);
            self.refused.retain(|(_, refused), _| *refused != digest.0);
        }
        for (source, digest, refused) in &learned.refused {
            self.verified.remove(&digest.0);
            self.shown.values_mut().for_each(|shown| shown.retain(|one| *one != digest.0));
            self.refused.insert((source.clone(), digest.0), refused.clone());
        }
        for (source, digest) in &learned.over {
            self.refused.remove(&(source.clone(), digest.0));
        }
        for (number, digest, _) in &learned.named {
            self.named.entry(*number).or_default().insert(digest.0);
        }
        for (source, round) in &learned.rounds {
            let latest = self.rounds.entry(source.clone()).or_default();
            *latest = (*latest).max(*round);
        }
        for (name, number, value) in &learned.series {
            self.series.entry(name.clone()).or_default().entry(*number).or_insert(value.clone());
        }
        self.unknown_since.clone_from(&learned.unknown_since);
    }

    /// The numbers that a place has shown, but for those of which somebody looked into every one.
    pub fn numbers(&self, source: &str, looked_into: &[Digest]) -> BTreeSet<u64> {
        let shown = self.shown.get(source).into_iter().flatten();
        let counts = |digest: &&Digest32| !looked_into.iter().any(|one| one.0 == **digest);
        let kept = shown.filter(counts).filter_map(|digest| self.verified.get(digest));
        kept.map(|kept| kept.header.sequence).collect()
    }

    /// The newest number that any of these places has shown.
    pub fn newest<'a>(
        &self,
        places: impl Iterator<Item = &'a String>,
        looked_into: &[Digest],
    ) -> Option<u64> {
        places.filter_map(|source| self.numbers(source, looked_into).pop_last()).max()
    }
}

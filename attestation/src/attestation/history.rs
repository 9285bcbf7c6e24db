//! A folder's worth of attestations, held against each other as one chain: what is missing, where
//! it forks, what does not follow.
//!
//! Whoever has only the newest attestation sees that it names another before it. Who kept the files
//! sees whether that is the one that was published, and whether two were published for one day.

use std::collections::BTreeMap;

use serde::Serialize;
use thiserror::Error;

use super::{Attestation, ChainError, check_follows, check_successor};
use crate::digest::Digest;

/// One attestation of a history.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What the reader calls it, such as its file.
    pub name: &'a str,
    /// The attestation.
    pub attestation: &'a Attestation,
    /// Its digest.
    pub digest: Digest,
}

impl Entry<'_> {
    fn number(&self) -> u64 {
        self.attestation.header.sequence
    }
}

/// Something that a history shows.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// It does not begin with the first: older files are elsewhere.
    #[error("the history begins with number {number}: what was before is not here")]
    Begins {
        /// Its first number.
        number: u64,
    },
    /// The same bytes twice.
    #[error("{} are the same attestation", listed(.names))]
    Twice {
        /// Their names.
        names: Vec<String>,
    },
    /// Numbers that no attestation has.
    #[error("a gap: {} missing between number {before} and number {after}", numbers(*before, *after))]
    Gap {
        /// The last number before it.
        before: u64,
        /// The first after it.
        after: u64,
    },
    /// Two attestations of one number: what was said once was said otherwise as well.
    #[error("a fork: {} are different attestations of number {number}", listed(.names))]
    Fork {
        /// The number.
        number: u64,
        /// Their names.
        names: Vec<String>,
    },
    /// Two successors of one attestation, under different numbers.
    #[error("a fork: {} both name {previous} as the one before them", listed(.names))]
    Successors {
        /// What they name.
        previous: Digest,
        /// Their names.
        names: Vec<String>,
    },
    /// One that does not follow the one before it.
    #[error("{name} does not follow {before}: {reason}")]
    Order {
        /// The one before.
        before: String,
        /// The one that does not follow.
        name: String,
        /// Why not, in words.
        reason: String,
    },
}

impl Finding {
    /// Whether the history is not a chain without gaps because of it.
    pub fn breaks(&self) -> bool {
        !matches!(self, Self::Begins { .. } | Self::Twice { .. })
    }
}

/// Names in a list: `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        names => names.join(", "),
    }
}

/// The numbers between two.
fn numbers(before: u64, after: u64) -> String {
    match after - before {
        2 => format!("number {} is", before + 1),
        _ => format!("numbers {} to {} are", before + 1, after - 1),
    }
}

/// The order of attestations by number, time and name.
pub fn in_order<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Vec<Entry<'a>> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|entry| (entry.number(), entry.attestation.header.as_of, entry.name));
    entries
}

/// Holds attestations against each other as one chain.
pub fn check_history(entries: &[Entry<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_digest: BTreeMap<[u8; 32], Vec<Entry<'_>>> = BTreeMap::new();
    for entry in in_order(entries.iter().copied()) {
        by_digest.entry(entry.digest.0).or_default().push(entry);
    }
    let twice = by_digest.values().filter(|same| same.len() > 1);
    findings.extend(twice.map(|same| Finding::Twice { names: names(same) }));

    let once = in_order(by_digest.values().map(|same| same[0]));
    if let Some(first) = once.first().filter(|first| first.number() > 0) {
        findings.push(Finding::Begins { number: first.number() });
    }
    let groups: Vec<&[Entry<'_>]> = once.chunk_by(|a, b| a.number() == b.number()).collect();
    for group in &groups {
        if let [first, _, ..] = group {
            findings.push(Finding::Fork { number: first.number(), names: names(group) });
        }
    }
    findings.extend(successors(&once));
    for pair in groups.windows(2) {
        follow(pair[0], pair[1], &mut findings);
    }
    findings
}

/// Holds all attestations of one number against those of the number before.
fn follow(before: &[Entry<'_>], own: &[Entry<'_>], findings: &mut Vec<Finding>) {
    let (old, new) = (before[0].number(), own[0].number());
    let is_gap = old.checked_add(1) != Some(new);
    if is_gap {
        findings.push(Finding::Gap { before: old, after: new });
    }
    for entry in own {
        let header = &entry.attestation.header;
        let named = before.iter().find(|one| header.previous == Some(one.digest));
        let one = named.unwrap_or(&before[0]);
        let old = &one.attestation.header;
        let checked = match is_gap {
            true => check_successor(old, &header.venue, header.as_of),
            false => check_follows(old, one.digest, header),
        };
        if let Err(error) = checked {
            findings.push(order(one, entry, &error));
        }
    }
}

fn order(before: &Entry<'_>, entry: &Entry<'_>, error: &ChainError) -> Finding {
    let (before, name) = (before.name.to_owned(), entry.name.to_owned());
    Finding::Order { before, name, reason: error.to_string() }
}

/// Attestations of different numbers that name one before them.
fn successors(entries: &[Entry<'_>]) -> Vec<Finding> {
    let mut by_previous: BTreeMap<[u8; 32], Vec<Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        if let Some(previous) = entry.attestation.header.previous {
            by_previous.entry(previous.0).or_default().push(*entry);
        }
    }
    let forked = by_previous
        .into_iter()
        .filter(|(_, own)| own.iter().any(|one| one.number() != own[0].number()));
    let forked = forked.map(|(previous, own)| Finding::Successors {
        previous: Digest(previous),
        names: names(&own),
    });
    forked.collect()
}

fn names(entries: &[Entry<'_>]) -> Vec<String> {
    entries.iter().map(|entry| entry.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::testing::{attestation, next};

    const DAYS: [&str; 4] = [
        "2026-01-02T00:00:00Z",
        "2026-01-03T00:00:00Z",
        "2026-01-04T00:00:00Z",
        "2026-01-05T00:00:00Z",
    ];

    fn chain() -> Vec<Attestation> {
        let mut chain = vec![attestation()];
        for day in DAYS {
            chain.push(next(chain.last().unwrap(), day));
        }
        chain
    }

    fn found(files: &[(&str, &Attestation)]) -> Vec<String> {
        let entries: Vec<_> = files
            .iter()
            .map(|(name, attestation)| Entry { name, attestation, digest: attestation.digest() })
            .collect();
        check_history(&entries).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_chain_in_any_order_shows_nothing() {
        let chain = chain();
        let files = [("c", &chain[2]), ("a", &chain[0]), ("b", &chain[1]), ("d", &chain[3])];
        assert_eq!(found(&files), [""; 0]);
        let told = found(&[("b", &chain[1]), ("c", &chain[2]), ("again", &chain[2])]);
        let begins = "the history begins with number 1: what was before is not here";
        assert_eq!(told, ["again and c are the same attestation", begins]);
        assert_eq!(found(&[]), [""; 0]);
    }

    #[test]
    fn gaps_forks_and_what_does_not_follow_are_named() {
        let chain = chain();
        let told = found(&[("a", &chain[0]), ("c", &chain[2])]);
        assert_eq!(told, ["a gap: number 1 is missing between number 0 and number 2"]);
        let told = found(&[("a", &chain[0]), ("e", &chain[4])]);
        assert_eq!(told, ["a gap: numbers 1 to 3 are missing between number 0 and number 4"]);

        let mut other = chain[1].clone();
        other.header.accounts = 2;
        let files = [("a", &chain[0]), ("b", &chain[1]), ("x", &other), ("c", &chain[2])];
        assert_eq!(found(&files), ["a fork: b and x are different attestations of number 1"]);
        let [told] = &found(&[("a", &chain[0]), ("x", &other), ("c", &chain[2])])[..] else {
            panic!("one finding")
        };
        assert!(told.starts_with("c does not follow x: the attestation is not chained"), "{told}");

        let mut skips = chain[2].clone();
        skips.header.previous = chain[1].header.previous;
        let told = found(&[("a", &chain[0]), ("b", &chain[1]), ("s", &skips)]);
        assert!(told[0].starts_with("a fork: b and s both name 0x"), "{told:?}");
        assert!(told[1].starts_with("s does not follow b: "), "{told:?}");

        let back = next(&chain[1], "2025-06-01T00:00:00Z");
        let told = found(&[("a", &chain[0]), ("b", &chain[1]), ("back", &back)]);
        assert!(told[0].contains("back does not follow b: the snapshot's time"), "{told:?}");
        let mut elsewhere = chain[3].clone();
        elsewhere.header.venue = "Exchange B".to_owned();
        let told = found(&[("a", &chain[0]), ("z", &elsewhere)]);
        assert!(told[1].starts_with("z does not follow a: the venue is"), "{told:?}");
    }
}

//! A folder's worth of attestations, held against each other as one chain: what is missing, where
//! it forks, what does not follow.
//!
//! Whoever has only the newest attestation sees that it names another before it. Who kept the files
//! sees whether that is the one that was published, and whether two were published for one day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;

use super::{
    Attestation, ChainError, Header, Missed, chain::missed_between, check_day_after, check_follows,
    check_successor, may_miss,
};
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

impl<'a> Entry<'a> {
    /// What a chain rests on.
    fn link(&self) -> Link<'a> {
        let Self { name, attestation, digest } = *self;
        Link { name, header: &attestation.header, digest, may_miss: may_miss(attestation) }
    }
}

/// What of an attestation a chain rests on: what somebody may keep who does not keep the file.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// What the reader calls it.
    pub name: &'a str,
    /// Its header.
    pub header: &'a Header,
    /// Its digest.
    pub digest: Digest,
    /// The days that its policy lets a publisher miss: see [`may_miss`].
    pub may_miss: Option<u64>,
}

impl Link<'_> {
    fn number(&self) -> u64 {
        self.header.sequence
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
    /// One that is not the first and says of none that it was before it.
    #[error("{name} has number {number} and names none before it: what was before can be anything")]
    Unchained {
        /// Its name.
        name: String,
        /// Its number.
        number: u64,
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
    /// Days between drawn times, of which there is no attestation.
    #[error("{before} and {name}: {missed}")]
    Missed {
        /// The one before them.
        before: String,
        /// The one after them.
        name: String,
        /// How many, and of which days.
        missed: Missed,
    },
}

impl Finding {
    /// Whether the history is not a chain without gaps because of it.
    pub fn breaks(&self) -> bool {
        match self {
            Self::Begins { .. } | Self::Twice { .. } => false,
            Self::Missed { missed, .. } => missed.exceeds(),
            Self::Gap { .. }
            | Self::Fork { .. }
            | Self::Successors { .. }
            | Self::Unchained { .. }
            | Self::Order { .. } => true,
        }
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
    entries.sort_by_key(|entry| rank(&entry.attestation.header, entry.name));
    entries
}

fn rank<'a>(header: &Header, name: &'a str) -> (u64, Timestamp, &'a str) {
    (header.sequence, header.as_of, name)
}

fn sorted<'a>(links: impl IntoIterator<Item = Link<'a>>) -> Vec<Link<'a>> {
    let mut links: Vec<_> = links.into_iter().collect();
    links.sort_by_key(|link| rank(link.header, link.name));
    links
}

/// Holds attestations against each other as one chain.
pub fn check_history(entries: &[Entry<'_>]) -> Vec<Finding> {
    let links: Vec<_> = entries.iter().map(Entry::link).collect();
    check_links(&links)
}

/// The same for who keeps of each attestation what a chain rests on.
pub fn check_links(links: &[Link<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut by_digest: BTreeMap<[u8; 32], Vec<Link<'_>>> = BTreeMap::new();
    for link in sorted(links.iter().copied()) {
        by_digest.entry(link.digest.0).or_default().push(link);
    }
    let twice = by_digest.values().filter(|same| same.len() > 1);
    findings.extend(twice.map(|same| Finding::Twice { names: names(same) }));

    let once = sorted(by_digest.values().map(|same| same[0]));
    if let Some(first) = once.first().filter(|first| first.number() > 0) {
        findings.push(Finding::Begins { number: first.number() });
    }
    let groups: Vec<&[Link<'_>]> = once.chunk_by(|a, b| a.number() == b.number()).collect();
    for group in &groups {
        if let [first, _, ..] = group {
            findings.push(Finding::Fork { number: first.number(), names: names(group) });
        }
    }
    findings.extend(successors(&once));
    // Where the one before is here, it is held against that.
    let is_alone = |link: &&Link<'_>| {
        let before = link.number().checked_sub(1);
        before.is_some_and(|before| once.iter().all(|other| other.number() != before))
    };
    let unchained = once.iter().filter(|link| link.header.previous.is_none()).filter(is_alone);
    findings.extend(
        unchained
            .map(|link| Finding::Unchained { name: link.name.to_owned(), number: link.number() }),
    );
    for pair in groups.windows(2) {
        follow(pair[0], pair[1], &mut findings);
    }
    drawn(&once, &mut findings);
    findings
}

/// Holds each attestation whose time was drawn against the last before it whose time was: what was
/// not drawn in between hides no missed day.
fn drawn(links: &[Link<'_>], findings: &mut Vec<Finding>) {
    let drawn: Vec<_> = links.iter().filter(|one| one.header.drawn.is_some()).collect();
    for pair in drawn.windows(2) {
        let (before, own) = (pair[0], pair[1]);
        let named = || (before.name.to_owned(), own.name.to_owned());
        let limits = [before.may_miss, own.may_miss];
        match missed_between(before.header, own.header, limits) {
            Some(missed) if missed.days > 0 => {
                let (before, name) = named();
                findings.push(Finding::Missed { before, name, missed });
            }
            Some(_) => {}
            None => {
                let told = |finding: &Finding| match finding {
                    Finding::Order { name, .. } => name == own.name,
                    Finding::Fork { names, .. } => names.iter().any(|name| name == own.name),
                    _ => false,
                };
                let later = check_day_after(before.header, own.header.drawn.as_ref());
                if let (Err(error), false) = (later, findings.iter().any(told)) {
                    findings.push(order(before, own, &error));
                }
            }
        }
    }
}

/// Holds all attestations of one number against those of the number before.
fn follow(before: &[Link<'_>], own: &[Link<'_>], findings: &mut Vec<Finding>) {
    let (old, new) = (before[0].number(), own[0].number());
    let is_gap = old.checked_add(1) != Some(new);
    if is_gap {
        findings.push(Finding::Gap { before: old, after: new });
    }
    for link in own {
        let header = link.header;
        let named = before.iter().find(|one| header.previous == Some(one.digest));
        let one = named.unwrap_or(&before[0]);
        let checked = match is_gap {
            true => check_day_after(one.header, header.drawn.as_ref())
                .and_then(|()| check_successor(one.header, &header.venue, header.as_of)),
            false => check_follows(one.header, one.digest, header),
        };
        if let Err(error) = checked {
            findings.push(order(one, link, &error));
        }
    }
}

fn order(before: &Link<'_>, link: &Link<'_>, error: &ChainError) -> Finding {
    let (before, name) = (before.name.to_owned(), link.name.to_owned());
    Finding::Order { before, name, reason: error.to_string() }
}

/// Attestations of different numbers that name one before them.
fn successors(links: &[Link<'_>]) -> Vec<Finding> {
    let mut by_previous: BTreeMap<[u8; 32], Vec<Link<'_>>> = BTreeMap::new();
    for link in links {
        if let Some(previous) = link.header.previous {
            by_previous.entry(previous.0).or_default().push(*link);
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

fn names(links: &[Link<'_>]) -> Vec<String> {
    links.iter().map(|link| link.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attestation::testing::{attestation, drawn_attestation, next, next_drawn};

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

    /// Review operations D3: consecutive numbers hide no day.
    #[test]
    fn a_venue_that_waits_for_a_better_day_is_told_on() {
        let first = drawn_attestation("2026-11-26");
        let second = next_drawn(&first, "2026-11-27");
        assert_eq!(found(&[("a", &first), ("b", &second)]), [""; 0]);

        let later = next_drawn(&first, "2026-11-29");
        let told = found(&[("a", &first), ("b", &later)]);
        let missed =
            "a and b: 1 day was missed between the drawn times of 2026-11-26 and 2026-11-29";
        assert_eq!(
            told,
            [format!("{}, and at most 2 may be", missed.replace("1 day was", "2 days were"))]
        );
        let files = |own: &Attestation| {
            let entries = [("a", &first), ("b", own)];
            let entries =
                entries.map(|(name, one)| Entry { name, attestation: one, digest: one.digest() });
            check_history(&entries)
        };
        assert!(!files(&later)[0].breaks(), "as many as are allowed");
        assert!(files(&next_drawn(&first, "2026-11-30"))[0].breaks(), "one more than that");

        // Drawn again for the same day: it cannot follow, and beside the first it is a fork.
        let again = next_drawn(&first, "2026-11-26");
        let told = found(&[("a", &first), ("b", &again)]);
        let same =
            "b does not follow a: the time is drawn of 2026-11-26, which is not after 2026-11-26";
        assert!(told[0].starts_with(same) && told.len() == 1, "{told:?}");
        let mut fork = second.clone();
        fork.header.accounts += 1;
        let told = found(&[("a", &first), ("b", &second), ("c", &fork)]);
        assert_eq!(told, ["a fork: b and c are different attestations of number 1"]);

        // One that is not drawn in between hides nothing.
        let mut between = next(&second, "2026-11-28T00:00:00Z");
        between.header.drawn = None;
        let after = next_drawn(&between, "2026-12-05");
        let told = found(&[("a", &first), ("b", &second), ("x", &between), ("c", &after)]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("b and c: 7 days were missed"), "{told:?}");
        let mut back = next(&between, "2026-11-29T00:00:00Z");
        back.header.drawn = first.header.drawn.clone();
        let told = found(&[("a", &first), ("b", &second), ("x", &between), ("c", &back)]);
        assert!(told[0].starts_with("c does not follow b: the time is drawn of"), "{told:?}");
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

    /// One that names none before it hides what it leaves out.
    #[test]
    fn only_the_first_names_none_before_it() {
        let chain = chain();
        let mut alone = chain[3].clone();
        alone.header.previous = None;
        let unchained = "x has number 3 and names none before it: what was before can be anything";
        let told = found(&[("x", &alone)]);
        assert_eq!(
            told,
            ["the history begins with number 3: what was before is not here", unchained]
        );
        let told = found(&[("b", &chain[1]), ("x", &alone)]);
        assert!(told.contains(&unchained.to_owned()), "{told:?}");
        let told = found(&[("c", &chain[2]), ("x", &alone)]);
        assert!(
            told[1].starts_with("x does not follow c: the attestation is not chained"),
            "{told:?}"
        );
        assert_eq!(told.len(), 2, "{told:?}");
    }
}

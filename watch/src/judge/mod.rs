//! From readings to facts and a state: pure, so that the same readings give the same verdict.
//!
//! The state is the worst of all facts, and `Unknown` where a source was not read. What was only read
//! in part, such as by one of two nodes, decides nothing and is shown ([`Judged::worse`]): a hiccup is
//! never a breach, and a breach that one node shows is not hidden either.

mod attestations;
mod book;
mod coverage;
mod history;
mod memory;
mod registry;
mod series;
mod unread;

pub use memory::{Digest32, Learned, Memory, Refused};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::Digest;
use pacioli_rules::{Decimal, Span};

use crate::{
    alert::{Fact, Kind, Presence, RestsOn, Subject},
    config::{Judging, Venue},
    reading::{ALL, Answer, BOOK, PRICES, RESERVES, Readings},
    state::State,
};

/// What a look found of one venue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The venue.
    pub venue: String,
    /// How it stands.
    pub state: State,
    /// The same without the venue's own book: what others may see.
    pub public_state: State,
    /// What was read in part says worse.
    pub worse: Option<State>,
    /// What is so.
    pub facts: Vec<Fact>,
    /// Every source of the configuration.
    pub sources: BTreeSet<String>,
    /// Sources that were not read, and why.
    pub not_read: BTreeMap<String, String>,
    /// Sources that were read, and whose newest attestation was taken back.
    pub taken_back: BTreeSet<String>,
    /// What to remember.
    pub learned: Learned,
    /// The state of the setup that proofs were accepted under, where it proves less than it seems:
    /// `unknown` or `insecure`.
    pub setup: Option<&'static str>,
    /// The least coverage that was read, in 1/10,000.
    pub coverage: Option<BigUint>,
    /// The time of the oldest of the latest snapshots.
    pub as_of: Option<Timestamp>,
    /// The highest number.
    pub number: Option<u64>,
}

/// Judges one venue.
pub fn judge(
    venue: &Venue,
    judging: &Judging,
    memory: &Memory,
    readings: &Readings,
    now: Timestamp,
) -> Judged {
    let mut bench = Bench { venue, judging, memory, now, judged: Judged::default() };
    bench.judged.venue.clone_from(&venue.name);
    bench.judged.sources = sources(venue);
    bench.attestations(readings);
    bench.registries(readings);
    bench.equivocations();
    bench.histories(readings);
    bench.reserves(readings);
    bench.prices(readings);
    bench.book(readings);
    bench.series(readings);
    bench.unread();
    let judged = &mut bench.judged;
    (judged.state, judged.public_state) = (judged.worst(true), judged.worst(false));
    if judged.sources.iter().all(|source| source == BOOK) {
        // Nobody read anything that others may see.
        judged.public_state = State::Unknown;
    }
    judged.worse = judged.worse.filter(|worse| *worse > State::Healthy);
    bench.judged
}

/// Every source of a venue.
pub(crate) fn sources(venue: &Venue) -> BTreeSet<String> {
    let places = venue.attestations.iter().map(|one| one.name.clone());
    let registries = venue.registries.iter().map(|one| one.name.clone());
    let others = [
        (venue.reserves.is_some(), RESERVES),
        (venue.prices.is_some(), PRICES),
        (venue.book.is_some(), BOOK),
    ];
    let others = others.into_iter().filter(|(given, _)| *given).map(|(_, name)| name.to_owned());
    places.chain(registries).chain(others).collect()
}

impl Judged {
    /// Whether a fact that was not found may be there all the same: then it stays as it was.
    pub fn may_be_there(&self, subject: &Subject) -> bool {
        let is_read = !self.not_read.contains_key(&subject.source);
        match subject.kind.rests_on() {
            RestsOn::Newest => !is_read || self.taken_back.contains(&subject.source),
            RestsOn::Source => !is_read,
        }
    }

    fn worst(&self, private: bool) -> State {
        let facts = self.facts.iter().filter(|fact| fact.presence == Presence::There);
        let facts = facts.filter(|fact| private || !fact.private).map(|fact| fact.state);
        let mut not_read = self.not_read.keys().filter(|source| private || *source != BOOK);
        let unknown = not_read.next().map(|_| State::Unknown);
        facts.chain(unknown).max().unwrap_or(State::Healthy)
    }
}

/// What is judged, and what is found.
struct Bench<'a> {
    venue: &'a Venue,
    judging: &'a Judging,
    memory: &'a Memory,
    now: Timestamp,
    judged: Judged,
}

impl Bench<'_> {
    fn fact(
        &mut self,
        (source, kind, what): (&str, Kind, &str),
        state: State,
        summary: impl Into<String>,
    ) {
        self.fact_that_is(Presence::There, (source, kind, what), state, summary);
    }

    fn fact_that_is(
        &mut self,
        presence: Presence,
        (source, kind, what): (&str, Kind, &str),
        state: State,
        summary: impl Into<String>,
    ) {
        let venue = self.venue.name.clone();
        let subject = Subject { venue, source: source.to_owned(), kind, what: named(what) };
        let summary = shown(&summary.into());
        let private = kind == Kind::Book || source == BOOK;
        // One fact a subject: what is kept of it is one alert, which a second would begin anew.
        if let Some(same) = self.judged.facts.iter_mut().find(|one| one.subject == subject) {
            let is_there = |one: Presence| one == Presence::There;
            match (is_there(same.presence), is_there(presence)) {
                (true, true) if same.summary != summary => {
                    same.summary = shown(&format!("{}; {summary}", same.summary));
                    same.state = same.state.max(state);
                }
                (true, true) => same.state = same.state.max(state),
                (false, true) => *same = Fact { subject, presence, state, summary, private },
                (_, false) => {}
            }
            return;
        }
        self.judged.facts.push(Fact { subject, presence, state, summary, private });
    }

    /// What a source said, where it was read.
    fn read<'r, T>(&mut self, source: &str, answer: &'r Answer<T>) -> Option<&'r T> {
        match answer {
            Answer::Read(value) => Some(value),
            Answer::Unknown { why, .. } => {
                self.judged.not_read.insert(source.to_owned(), shown(why));
                None
            }
        }
    }

    /// Holds a snapshot's age against what is allowed, by this machine's clock.
    fn age(&mut self, source: &str, as_of: Timestamp) {
        let age = seconds(as_of, self.now);
        let oldest = self.judged.as_of.map_or(as_of, |other| other.min(as_of));
        self.judged.as_of = Some(oldest);
        if age > self.venue.max_age.0 {
            let (age, most) = (duration(age), self.venue.max_age);
            let summary = format!("the latest snapshot, of {as_of}, is {age} old, at most {most}");
            self.fact((source, Kind::Expired, ""), State::Expired, summary);
        }
        let ahead = seconds(self.now, as_of);
        if ahead > self.judging.clock_skew.0 {
            let summary = format!(
                "the latest snapshot, of {as_of}, is {} in the future of this machine's clock: one of both is wrong",
                duration(ahead)
            );
            self.fact((source, Kind::Clock, "snapshot"), State::Unknown, summary);
        }
    }

    fn covered(&mut self, coverage: &BigUint) {
        let least = self.judged.coverage.take();
        let least = least.map_or_else(|| coverage.clone(), |least| least.min(coverage.clone()));
        self.judged.coverage = Some(least);
    }
}

/// Seconds from one time to a later one; 0 if it is not later.
fn seconds(from: Timestamp, to: Timestamp) -> u64 {
    to.as_second().saturating_sub(from.as_second()).try_into().unwrap_or(0)
}

/// A length of time in its two largest units.
pub fn duration(seconds: u64) -> String {
    let (d, h, m, s) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    match (d, h, m) {
        (0, 0, 0) => format!("{s}s"),
        (0, 0, m) => format!("{m}m {s}s"),
        (0, h, m) => format!("{h}h {m}m"),
        (d, h, _) => format!("{d}d {h}h"),
    }
}

/// A decimal number in 1/10,000, rounded down.
fn bps(number: &Decimal) -> BigUint {
    number.floor_units(4).0.to_biguint().unwrap_or_default()
}

/// A ratio in 1/10,000 as text.
pub fn ratio(bps: &BigUint) -> String {
    let whole = BigUint::from(10_000u32);
    let text = format!("{}.{:0>4}", bps / &whole, (bps % &whole).to_string());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The longest text that is told of a fact.
const LONGEST: usize = 500;

/// A text that a venue or a server may have written, as one line without what steers a terminal or turns
/// the reading direction.
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        let hidden = letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}');
        match hidden {
            true => shown.extend(letter.escape_unicode()),
            false => shown.push(letter),
        }
        if shown.len() > LONGEST {
            shown.push_str("...");
            break;
        }
    }
    shown
}

/// What a fact is about, as one line that no other text gives as well.
fn named(what: &str) -> String {
    let shown = shown(what);
    match shown == what {
        true => shown,
        false => format!("{shown} {}", Digest::of(what.as_bytes())),
    }
}

/// A span as text.
fn span(span: Span) -> String {
    duration(span.0)
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_one_harmless_line() {
        assert_eq!(shown("a\n\u{1b}[31mb\u{202e}c"), "a\\u{a}\\u{1b}[31mb\\u{202e}c");
        assert!(shown(&"x".repeat(10_000)).len() < 510);
        let [one, other] = ["1", "2"].map(|end| named(&("x".repeat(600) + end)));
        assert!(one != other && one.len() < 600);
        assert_eq!(named("min_coverage"), "min_coverage");
    }

    #[test]
    fn figures_are_shown_in_their_largest_units() {
        let shown = [5, 65, 3_660, 90_000].map(duration);
        assert_eq!(shown, ["5s", "1m 5s", "1h 1m", "1d 1h"]);
        let shown = [0u32, 9_999, 10_000, 10_500].map(|bps| ratio(&bps.into()));
        assert_eq!(shown, ["0", "0.9999", "1", "1.05"]);
    }
}

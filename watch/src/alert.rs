//! When a fact is told: raised after m of the last n looks that could see it, resolved once it was gone
//! for a time, once each. Pure: what is kept between looks is one [`Alert`] a fact.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{config::Judging, state::State};

/// What a fact is about. Its name is part of alert keys, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A source is not known for too long.
    Unknown,
    /// A clause of a policy fails.
    Clause,
    /// A proof does not hold, or an attestation is another venue's.
    Refused,
    /// The rules are others than expected.
    OtherRules,
    /// Two attestations of one number.
    Equivocation,
    /// What was seen of attestations is no chain.
    History,
    /// An attestation that was there is gone.
    Disappeared,
    /// The latest snapshot is too old.
    Expired,
    /// A snapshot, or a node's block, is of the future.
    Clock,
    /// Coverage is below the reader's mark.
    Coverage,
    /// The registry's state.
    Registry,
    /// Reserves fell.
    Reserves,
    /// A clause cannot hold at the prices of now.
    Repriced,
    /// A figure is unusual.
    Anomaly,
    /// The venue's own book: coverage, bad debt, margins.
    Book,
    /// There is no attestation.
    None,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Unknown,
        Self::Clause,
        Self::Refused,
        Self::OtherRules,
        Self::Equivocation,
        Self::History,
        Self::Disappeared,
        Self::Expired,
        Self::Clock,
        Self::Coverage,
        Self::Registry,
        Self::Reserves,
        Self::Repriced,
        Self::Anomaly,
        Self::Book,
        Self::None,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Clause => "clause",
            Self::Refused => "refused",
            Self::OtherRules => "other_rules",
            Self::Equivocation => "equivocation",
            Self::History => "history",
            Self::Disappeared => "disappeared",
            Self::Expired => "expired",
            Self::Clock => "clock",
            Self::Coverage => "coverage",
            Self::Registry => "registry",
            Self::Reserves => "reserves",
            Self::Repriced => "repriced",
            Self::Anomaly => "anomaly",
            Self::Book => "book",
            Self::None => "none",
        }
    }

    /// What a fact of this kind rests on. Whoever adds a kind says so here, and nowhere else.
    pub fn rests_on(self) -> RestsOn {
        match self {
            Self::Clause
            | Self::Refused
            | Self::OtherRules
            | Self::History
            | Self::Expired
            | Self::Clock
            | Self::Coverage
            | Self::Registry
            | Self::Reserves
            | Self::Repriced
            | Self::Anomaly => RestsOn::Newest,
            Self::Unknown | Self::Equivocation | Self::Disappeared | Self::Book | Self::None => {
                RestsOn::Source
            }
        }
    }

    /// Whether one look is enough.
    fn is_certain(self) -> bool {
        match self {
            // It has a delay of its own.
            Self::Unknown => true,
            // The bytes that were read prove it: no other answer of a server takes that back.
            Self::Clause
            | Self::Refused
            | Self::OtherRules
            | Self::Equivocation
            | Self::History => true,
            Self::Disappeared
            | Self::Expired
            | Self::Clock
            | Self::Coverage
            | Self::Registry
            | Self::Reserves
            | Self::Repriced
            | Self::Anomaly
            | Self::Book
            | Self::None => false,
        }
    }
}

/// What a fact rests on, and with that, when it may be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestsOn {
    /// On the newest attestation of its source: it is over with a newer one alone. Whoever takes that
    /// back, or shows an older one, ends nothing.
    Newest,
    /// On what its source says now.
    Source,
}

/// Which fact it is: the same at every look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct Subject {
    /// The venue.
    pub venue: String,
    /// The source that says so.
    pub source: String,
    /// What it is about.
    pub kind: Kind,
    /// Which of that kind: a clause, an asset, a scenario.
    pub what: String,
}

impl Subject {
    /// The key by which receivers know that two messages are about one fact. It has a bounded length,
    /// whatever a venue calls itself.
    pub fn key(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"pacioli.watch");
        for part in [&*self.venue, &*self.source, self.kind.name(), &*self.what] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize();
        digest[..16].iter().fold("pacioli-".to_owned(), |key, byte| format!("{key}{byte:02x}"))
    }
}

/// Whether a fact is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    There,
    /// Not any more, and not by so much that it is over: between a threshold and its margin.
    Within,
    /// It is not.
    Gone,
    /// Its source was not read: nothing changes.
    NotSeen,
}

/// A fact, as a look found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which.
    pub subject: Subject,
    /// Whether it is there.
    pub presence: Presence,
    /// How the venue stands by it.
    pub state: State,
    /// What is so, in a sentence.
    pub summary: String,
    /// Whether it is of the venue's own book.
    pub private: bool,
}

/// What is kept of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Alert {
    /// Which.
    pub subject: Subject,
    /// How the venue stands by it.
    pub state: State,
    /// What is so, in a sentence: of the last time that it was there.
    pub summary: String,
    /// Whether it is of the venue's own book.
    pub private: bool,
    /// The last looks that could see it, the newest in the lowest bit: 1 where it was there.
    pub looks: u32,
    /// Since when it is open; `None` while it is not.
    #[serde(with = "second")]
    pub open_since: Option<Timestamp>,
    /// Since when an open one is gone.
    #[serde(with = "second")]
    pub gone_since: Option<Timestamp>,
    /// When it was last resolved.
    #[serde(with = "second")]
    pub resolved: Option<Timestamp>,
    /// When it was last opened: with its key, the identity of what is told, so that it is another one
    /// even if the history was lost in between.
    #[serde(with = "second")]
    pub opened: Option<Timestamp>,
}

/// Times as they are kept: seconds since 1970.
mod second {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
        time.map(Timestamp::as_second).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        let second = Option::<i64>::deserialize(from)?;
        second.map(Timestamp::from_second).transpose().map_err(D::Error::custom)
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// That it is there.
    Raised,
    /// That it is over.
    Resolved,
}

impl Alert {
    fn new(fact: &Fact) -> Self {
        Self {
            subject: fact.subject.clone(),
            state: fact.state,
            summary: fact.summary.clone(),
            private: fact.private,
            looks: 0,
            open_since: None,
            gone_since: None,
            resolved: None,
            opened: None,
        }
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.open_since.is_some()
    }

    /// It is open no more.
    pub fn close(&mut self, now: Timestamp) {
        (self.open_since, self.gone_since, self.looks) = (None, None, 0);
        self.resolved = Some(now);
    }

    /// The identity of one thing told: the same after a restart and for every repetition.
    pub fn message_id(&self, told: Told) -> String {
        let word = match told {
            Told::Raised => "raised",
            Told::Resolved => "resolved",
        };
        let opened = self.opened.map(Timestamp::as_second).unwrap_or_default();
        format!("{}-{opened}-{word}", self.subject.key())
    }
}

/// What a look makes of a fact: what is kept of it from now on, and what is told. `beside` are the looks,
/// before this one, at which another of its kind and source was there.
pub fn step(
    before: Option<Alert>,
    fact: &Fact,
    beside: u32,
    now: Timestamp,
    judging: &Judging,
) -> (Option<Alert>, Option<Told>) {
    let is_there = match fact.presence {
        Presence::NotSeen => return (before, None),
        Presence::There => true,
        Presence::Within | Presence::Gone => false,
    };
    let mut alert = match before {
        Some(alert) => alert,
        None if is_there => Alert::new(fact),
        None => return (None, None),
    };
    alert.looks = (alert.looks << 1) | u32::from(is_there);
    if is_there {
        (alert.state, alert.summary) = (fact.state, fact.summary.clone());
        alert.gone_since = None;
        let last = u32::MAX >> (32 - judging.of_last.clamp(1, 32));
        // Looks are counted for all of a kind and source: others choose what they are called, and with
        // another name at each look none would ever be told.
        let looks = (alert.looks | (beside << 1)) & last;
        let is_enough = fact.subject.kind.is_certain() || looks.count_ones() >= judging.raise_after;
        if alert.open_since.is_none() && is_enough {
            alert.open_since = Some(now);
            alert.opened = Some(now);
            return (Some(alert), Some(Told::Raised));
        }
        return (Some(alert), None);
    }
    if alert.open_since.is_none() {
        return (Some(alert), None);
    }
    if fact.presence == Presence::Within {
        alert.gone_since = None;
        return (Some(alert), None);
    }
    let gone = *alert.gone_since.get_or_insert(now);
    let seconds = now.as_second().saturating_sub(gone.as_second());
    if u64::try_from(seconds).is_ok_and(|seconds| seconds >= judging.resolve_after.0) {
        alert.close(now);
        return (Some(alert), Some(Told::Resolved));
    }
    (Some(alert), None)
}

#[cfg(test)]
mod tests {
    use pacioli_rules::Span;

    use super::*;

    fn fact(presence: Presence) -> Fact {
        let (venue, source) = ("Sample".to_owned(), "site".to_owned());
        let subject = Subject { venue, source, kind: Kind::Clause, what: "min_coverage".into() };
        let (state, summary) = (State::Breach, "coverage is 0.9".to_owned());
        Fact { subject, presence, state, summary, private: false }
    }

    /// What is told at each look: there, gone, within its margin, or not seen; a minute apart.
    fn told(looks: &str, kind: Kind) -> String {
        let judging = Judging { resolve_after: Span(120), ..Judging::default() };
        let (mut alert, mut all) = (None, String::new());
        for (minute, look) in looks.chars().enumerate() {
            let presence = match look {
                't' => Presence::There,
                'w' => Presence::Within,
                '?' => Presence::NotSeen,
                _ => Presence::Gone,
            };
            let now = Timestamp::from_second(60 * minute as i64).unwrap();
            let mut fact = fact(presence);
            fact.subject.kind = kind;
            // As if read back from a database each time.
            let kept: Option<Alert> = alert.map(|alert: Alert| {
                serde_json::from_str(&serde_json::to_string(&alert).unwrap()).unwrap()
            });
            let (next, told) = step(kept, &fact, 0, now, &judging);
            alert = next;
            all.push(match told {
                None => '.',
                Some(Told::Raised) => '!',
                Some(Told::Resolved) => '-',
            });
        }
        all
    }

    #[test]
    fn a_fact_is_told_once_and_once_when_it_is_over() {
        assert_eq!(told("ttttttt", Kind::Registry), ".!.....");
        assert_eq!(told("tt   tt", Kind::Registry), ".!..-.!");
        assert_eq!(told("       ", Kind::Registry), ".......");
    }

    #[test]
    fn flapping_is_not_told() {
        // Once in three looks is too seldom, two of three is enough.
        assert_eq!(told("t  t  t  ", Kind::Registry), ".........");
        assert_eq!(told("t t      ", Kind::Registry), "..!..-...");
        // Gone for a look at a time, it is never over.
        assert_eq!(told("tt t t t   ", Kind::Registry), ".!........-");
        assert_eq!(told("tt w w w   ", Kind::Registry), ".!........-");
    }

    #[test]
    fn what_was_not_seen_neither_raises_nor_resolves() {
        assert_eq!(told("t?t???", Kind::Registry), "..!...");
        assert_eq!(told("tt???????", Kind::Registry), ".!.......");
        let passes = "time passes, and it was gone before";
        assert_eq!(told("tt ??? ", Kind::Registry), ".!....-", "{passes}");
        assert_eq!(told("????", Kind::Registry), "....");
    }

    #[test]
    fn what_the_bytes_prove_needs_one_look() {
        for kind in [Kind::Equivocation, Kind::Clause, Kind::Refused, Kind::OtherRules] {
            assert_eq!(told("t   t", kind), "!..-!");
        }
    }

    /// Another name at each look hides nothing.
    #[test]
    fn looks_are_counted_for_what_others_name() {
        let judging = Judging::default();
        let mut fact = fact(Presence::There);
        let now = Timestamp::UNIX_EPOCH;
        fact.subject.kind = Kind::Repriced;
        assert_eq!(step(None, &fact, 0b1, now, &judging).1, Some(Told::Raised));
        assert_eq!(step(None, &fact, 0b100, now, &judging).1, None, "too long ago");
    }

    #[test]
    fn a_key_tells_facts_apart_and_never_changes() {
        let one = fact(Presence::There).subject;
        assert_eq!(one.key(), "pacioli-41387fe1b1ce1f5742d1332f94729fe4");
        let mut other = one.clone();
        (other.venue, other.source) = ("Samples".into(), "ite".into());
        assert_ne!(one.key(), other.key());
        let long = Subject { venue: "x".repeat(10_000), ..one };
        assert_eq!(long.key().len(), 40);
    }
}

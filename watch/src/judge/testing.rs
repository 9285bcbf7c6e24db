//! A venue with one place of attestations, and looks that remember.

use jiff::Timestamp;
use pacioli_attestation::Digest;

use super::{Judged, Memory, judge};
use crate::{
    config::{Config, Judging, Venue},
    reading::{Answer, Attested, Checked, Failing, Reading, Readings, Said},
};

const CONFIG: &str = r#"
database = "x"
key = {}
[[venues]]
name = "Sample"
warn_coverage = "1.05"
attestations = [{ name = "a", file = "a" }]
"#;

/// A venue, and what earlier looks have learned.
pub struct Bed {
    pub venue: Venue,
    pub memory: Memory,
}

impl Bed {
    pub fn new() -> Self {
        let config = Config::parse(CONFIG, std::path::Path::new("")).unwrap();
        let venue = config.venues.into_iter().next().unwrap();
        Self { venue, memory: Memory::default() }
    }

    /// Judges, and remembers.
    pub fn look(&mut self, second: i64, readings: Readings) -> Judged {
        for one in &readings.attestations {
            if !self.venue.attestations.iter().any(|place| place.name == one.source) {
                let mut place = self.venue.attestations[0].clone();
                place.name = one.source.clone();
                self.venue.attestations.push(place);
            }
        }
        let now = Timestamp::from_second(second).unwrap();
        let judged = judge(&self.venue, &Judging::default(), &self.memory, &readings, now);
        let learned = judged.learned.clone();
        for (number, digest, _) in learned.digests {
            self.memory.digests.entry(number).or_default().insert(digest.0);
        }
        for (source, number) in learned.numbers {
            self.memory.numbers.entry(source).or_default().insert(number);
        }
        for (name, number, value) in learned.series {
            self.memory.series.entry(name).or_default().insert(number, value);
        }
        self.memory.unknown_since = learned.unknown_since;
        judged
    }
}

pub fn look(attestations: Vec<Reading<Vec<Attested>>>) -> Readings {
    Readings { venue: "Sample".into(), attestations, ..Readings::default() }
}

pub fn reading(source: &str, list: Vec<Attested>) -> Reading<Vec<Attested>> {
    Reading { source: source.into(), answer: Answer::Read(list) }
}

pub fn failed(source: &str, why: &str) -> Reading<Vec<Attested>> {
    Reading { source: source.into(), answer: Answer::unknown(why) }
}

pub fn digest(byte: u8) -> Digest {
    Digest([byte; 32])
}

/// A snapshot of second 0 in which all is well.
pub fn verified(number: u64) -> Attested {
    let (as_of, digest) = (Timestamp::UNIX_EPOCH, digest(number as u8));
    let previous = None;
    Attested { number, digest, as_of, previous, checked: Checked::Verified(Box::default()) }
}

pub fn failing(number: u64, clause: &str) -> Attested {
    let failing = vec![Failing { clause: clause.into(), detail: "too little".into() }];
    let said = Said { failing, ..Said::default() };
    Attested { checked: Checked::Verified(Box::new(said)), ..verified(number) }
}

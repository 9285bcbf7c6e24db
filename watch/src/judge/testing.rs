//! A venue with one place of attestations, and looks that remember.

use jiff::Timestamp;
use pacioli_attestation::{Digest, Header};

use super::{Judged, Memory, judge};
use crate::{
    config::{Config, Judging, Venue},
    reading::{Answer, Attested, Checked, Failing, Kept, Reading, Readings, Said},
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
        self.memory.learn(&judged.learned);
        judged
    }
}

pub fn look(attestations: Vec<Reading<Vec<Attested>>>) -> Readings {
    let lists = attestations.iter().filter_map(|one| one.answer.read());
    let newest = lists.flatten().map(Attested::number).max();
    Readings { venue: "Sample".into(), attestations, newest, ..Readings::default() }
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

/// One of a chain, in which all is well. All snapshots are of second 0, one nanosecond after another.
pub fn verified(number: u64) -> Attested {
    let header = Header {
        venue: "Sample".into(),
        sequence: number,
        previous: number.checked_sub(1).map(|before| digest(before as u8)),
        as_of: Timestamp::from_nanosecond(number.into()).unwrap(),
        drawn: None,
        accounts: 1,
        accounts_left_out: 0,
        left_out: Vec::new(),
        rounding: Default::default(),
        k: 11,
        page_size: 64,
        scenarios: 1,
        program: None,
        key: digest(0),
        setup: String::new(),
        software: String::new(),
    };
    let kept = Kept { header, may_miss: None };
    Attested { digest: digest(number as u8), kept, checked: Checked::Verified(Box::default()) }
}

pub fn failing(number: u64, clause: &str) -> Attested {
    let failing = vec![Failing { clause: clause.into(), detail: "too little".into() }];
    let said = Said { failing, ..Said::default() };
    Attested { checked: Checked::Verified(Box::new(said)), ..verified(number) }
}

//! What a site remembers: `index.json`, which others read as well.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use pacioli_attestation::Digest;
use pacioli_rules::{Amount, strict};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    judgement::{Judgement, Tone},
    moment::Moment,
    subject::Subject,
};

/// The version that this code writes.
pub const VERSION: &str = "pacioli site v1-draft";

/// Why a record is refused.
#[derive(Debug, Error)]
pub enum SiteError {
    /// It is not of the form that is written.
    #[error("it is not the index of a site: {0}")]
    Form(#[from] serde_json::Error),
    /// Its version is another one.
    #[error("it is of version `{}`, and this program writes `{VERSION}`", .0.escape_debug())]
    Version(String),
    /// It names a file outside of the site, or another one than a digest's.
    #[error("`{}` is not the file of {digest}", .path.escape_debug())]
    Path {
        /// The path.
        path: String,
        /// The digest.
        digest: Digest,
    },
}

/// Everything that a site has published.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`VERSION`].
    pub version: String,
    /// The feed's name, which never changes.
    pub id: String,
    /// When it was last written.
    #[serde(with = "strict::utc_time")]
    pub updated: Timestamp,
    /// The numbers for which there are two digests, and what does not follow: computed from the
    /// attestations, for whoever reads the file.
    pub alarms: Vec<Alarm>,
    /// What was noticed of files, for ever.
    pub notices: Vec<Notice>,
    /// Every attestation, newest first.
    pub attestations: Vec<Published>,
}

/// An attestation that was published. Figures are strings of digits, all at mark.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The venue, by its own word.
    pub venue: String,
    /// Its number.
    pub sequence: u64,
    /// Its digest.
    pub digest: Digest,
    /// The digest of the one before it, as it says.
    pub previous: Option<Digest>,
    /// When the snapshot was taken, by the venue's word.
    #[serde(with = "strict::utc_time")]
    pub as_of: Timestamp,
    /// Until when it may be read as of today.
    #[serde(with = "strict::utc_time")]
    pub until: Timestamp,
    /// When this site first had it.
    #[serde(with = "strict::utc_time")]
    pub first_seen: Timestamp,
    /// The worst verdict of it that was ever seen.
    pub verdict: String,
    /// Whether it always held.
    pub holds: bool,
    /// Whether it was green whenever it was not too old: by what was read or signed, and under a setup that is vouched for.
    pub is_green: bool,
    /// The setup's state: `known`, `vouched`, `unknown` or `insecure`.
    pub setup: String,
    /// The key's digest.
    pub key: Digest,
    /// The currency of its figures.
    pub quote: String,
    /// What is owed (P).
    pub owed: Amount,
    /// The customers' reserves (W).
    pub reserves: Option<Amount>,
    /// Their ratio, rounded down (W).
    pub coverage: Option<Amount>,
    /// The same by what was read or signed by others (C, O), as of the last run; `None` where no evidence
    /// was looked at.
    #[serde(default)]
    pub known_coverage: Option<Amount>,
    /// The scenario with the largest bad debt.
    pub worst_scenario: Option<String>,
    /// That bad debt (P).
    pub worst_bad_debt: Option<Amount>,
    /// The longs of all markets, in the quote currency (P).
    pub open_interest: Amount,
    /// Its file in this site.
    pub attestation: String,
    /// Its page in this site.
    pub page: String,
}

/// What a venue said twice, or otherwise than it should.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// The venue; empty where nothing of it was verified.
    pub venue: String,
    /// The number.
    pub sequence: u64,
    /// The digests that it is about.
    pub digests: Vec<Digest>,
    /// In words.
    pub text: String,
}

/// How a notice begins that a number has a second digest, which could not be checked.
pub const UNVERIFIED: &str = "ALARM, not verified";

/// What was noticed of a file.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// When.
    #[serde(with = "strict::utc_time")]
    pub at: Timestamp,
    /// Of which attestation.
    pub digest: Digest,
    /// In words.
    pub text: String,
}

/// The digits of a digest, as names of files have them.
fn digits(digest: Digest) -> String {
    digest.to_string().trim_start_matches("0x").to_owned()
}

impl Published {
    /// What a site says of a subject.
    pub fn of(subject: &Subject<'_>, judgement: &Judgement) -> Self {
        let moment = Moment::found(subject.findings, subject.known_coverage());
        let name = digits(moment.digest);
        Self {
            venue: moment.venue,
            sequence: moment.sequence,
            digest: moment.digest,
            previous: subject.findings.attestation.header.previous,
            as_of: moment.as_of,
            until: subject.until(),
            first_seen: subject.made.at,
            verdict: judgement.verdict.clone(),
            holds: judgement.holds,
            is_green: judgement.tone == Tone::Good,
            setup: subject.origin.state().to_owned(),
            key: subject.key,
            quote: moment.quote,
            owed: moment.owed,
            reserves: moment.reserves,
            coverage: moment.coverage,
            known_coverage: moment.known_coverage,
            worst_scenario: moment.worst.as_ref().map(|(name, _)| name.clone()),
            worst_bad_debt: moment.worst.map(|(_, debt)| debt),
            open_interest: moment.open_interest,
            attestation: format!("attestations/{name}.json"),
            page: format!("reports/{name}.html"),
        }
    }

    /// The point in time.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            venue: self.venue.clone(),
            sequence: self.sequence,
            digest: self.digest,
            as_of: self.as_of,
            quote: self.quote.clone(),
            owed: self.owed.clone(),
            reserves: self.reserves.clone(),
            coverage: self.coverage.clone(),
            known_coverage: self.known_coverage.clone(),
            worst: self.worst_scenario.clone().zip(self.worst_bad_debt.clone()),
            open_interest: self.open_interest.clone(),
            keeps_policy: self.holds,
        }
    }
}

impl Record {
    /// The record of a site that begins with this attestation.
    pub fn begin(first: Digest, now: Timestamp) -> Self {
        let name = Digest::of(format!("pacioli site {first}").as_bytes());
        Self {
            version: VERSION.to_owned(),
            id: uuid(name),
            updated: now,
            alarms: Vec::new(),
            notices: Vec::new(),
            attestations: Vec::new(),
        }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// If it is not one that this program writes.
    pub fn parse(json: &str) -> Result<Self, SiteError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: String,
        }
        let Versioned { version } = serde_json::from_str(json)?;
        if version != VERSION {
            return Err(SiteError::Version(version));
        }
        let record: Self = serde_json::from_str(json)?;
        for one in &record.attestations {
            let name = digits(one.digest);
            let own = [format!("attestations/{name}.json"), format!("reports/{name}.html")];
            for (path, own) in [&one.attestation, &one.page].into_iter().zip(own) {
                if *path != own {
                    return Err(SiteError::Path { path: path.clone(), digest: one.digest });
                }
            }
        }
        Ok(record)
    }

    /// The record as a file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("it has no map with other keys");
        json.push('\n');
        json
    }

    /// Adds an attestation, or holds what is remembered of it against what it says now: figures are set
    /// right, and of two verdicts the worse stays. Nothing is ever taken away. Whether what was
    /// remembered was not what it says.
    pub fn add(&mut self, own: &Published) -> Option<String> {
        let place = self.attestations.iter().position(|one| one.digest == own.digest);
        if let Some(place) = place {
            return self.compare(place, own);
        }
        self.attestations.push(own.clone());
        self.attestations.sort_by(|a, b| {
            let key = |one: &Published| (one.as_of, one.sequence, one.digest.0);
            key(b).cmp(&key(a))
        });
        self.alarms = self.alarms();
        None
    }

    fn compare(&mut self, place: usize, own: &Published) -> Option<String> {
        let (now, digest) = (own.first_seen, own.digest);
        let named = format!("number {} of {}, {digest}", own.sequence, own.venue);
        let one = &mut self.attestations[place];
        let right = Published {
            until: one.until,
            first_seen: one.first_seen,
            verdict: one.verdict.clone(),
            holds: one.holds,
            is_green: one.is_green,
            setup: one.setup.clone(),
            // Evidence comes later, and goes.
            known_coverage: one.known_coverage.clone(),
            ..own.clone()
        };
        // As written: an amount that was read back may have other trailing zeros in memory.
        let written = |one: &Published| serde_json::to_string(one).expect("it has no map");
        let is_changed = written(&right) != written(one);
        *one = Published { known_coverage: own.known_coverage.clone(), ..right };
        // What is only too old by now keeps the verdict of its day.
        let is_paler = one.is_green && !own.is_green && now <= own.until;
        let is_worse = one.holds && !own.holds;
        if is_worse || is_paler {
            one.is_green = false;
            one.holds &= own.holds;
            one.verdict.clone_from(&own.verdict);
            let what = if is_worse { &own.verdict } else { "it is no longer green" };
            self.notice(now, digest, format!("{named}, is now: {what}"));
        }
        self.alarms = self.alarms();
        let text = format!("what index.json said of {named}, was not what it says");
        is_changed.then(|| {
            self.notice(now, digest, text.clone());
            text
        })
    }

    /// What a page says of an attestation once its history and its files are looked at too: the worse
    /// stays, so that no list says better than the page.
    pub fn worsen(&mut self, digest: Digest, holds: bool, is_green: bool, verdict: &str) {
        let now = self.updated;
        let Some(one) = self.attestations.iter_mut().find(|one| one.digest == digest) else {
            return;
        };
        if one.holds && !holds {
            verdict.clone_into(&mut one.verdict);
        }
        one.holds &= holds;
        // What is only too old by now keeps the verdict of its day.
        one.is_green &= holds && (is_green || now > one.until);
    }

    /// Remembers something noticed of a file; once, not at every run.
    pub fn notice(&mut self, at: Timestamp, digest: Digest, text: String) {
        if !self.notices.iter().any(|one| one.digest == digest && one.text == text) {
            self.notices.push(Notice { at, digest, text });
        }
    }

    fn by_number(&self) -> BTreeMap<(&str, u64), Vec<&Published>> {
        let mut by_number: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in &self.attestations {
            by_number.entry((one.venue.as_str(), one.sequence)).or_default().push(one);
        }
        by_number
    }

    /// Every number with two digests, every attestation that does not follow those of the number before
    /// it, and every second digest that was seen and never verified.
    pub fn alarms(&self) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        let by_number = self.by_number();
        for ((venue, sequence), own) in &by_number {
            let digests: Vec<_> = own.iter().map(|one| one.digest).collect();
            if let [_, _, ..] = digests[..] {
                let named: Vec<_> = digests.iter().map(ToString::to_string).collect();
                let text = format!(
                    "{venue} published {} different attestations of number {sequence}: {}",
                    digests.len(),
                    named.join(", ")
                );
                let (venue, sequence) = ((*venue).to_owned(), *sequence);
                alarms.push(Alarm { venue, sequence, digests, text });
            }
            let before =
                sequence.checked_sub(1).and_then(|before| by_number.get(&(*venue, before)));
            for one in own {
                let follows = |before: &Vec<&Published>| {
                    before.iter().any(|other| one.previous == Some(other.digest))
                };
                if before.is_some_and(|before| !follows(before)) {
                    let text = format!(
                        "number {sequence} of {venue}, {}, does not name the one before it that was \
                         published here",
                        one.digest
                    );
                    let (venue, sequence) = ((*venue).to_owned(), *sequence);
                    alarms.push(Alarm { venue, sequence, digests: vec![one.digest], text });
                }
            }
        }
        alarms.extend(self.siblings());
        alarms.extend(self.unverified());
        alarms
    }

    /// The second digests that a file says it is of a number, which could not be checked: whoever hands
    /// over a fork can see to that. The venue and the number are in the words alone.
    fn unverified(&self) -> impl Iterator<Item = Alarm> {
        let is_verified = |digest: Digest| self.attestations.iter().any(|one| one.digest == digest);
        let of = move |one: &&Notice| one.text.starts_with(UNVERIFIED) && !is_verified(one.digest);
        self.notices.iter().filter(of).map(|one| Alarm {
            venue: String::new(),
            sequence: 0,
            digests: vec![one.digest],
            text: one.text.replacen(UNVERIFIED, "not verified", 1),
        })
    }

    /// Attestations that name the same one before them, under other numbers or names of the venue: one
    /// alarm for each.
    fn siblings(&self) -> Vec<Alarm> {
        let mut by_previous: BTreeMap<[u8; 32], Vec<&Published>> = BTreeMap::new();
        for one in &self.attestations {
            if let Some(previous) = one.previous {
                by_previous.entry(previous.0).or_default().push(one);
            }
        }
        let mut alarms = Vec::new();
        for own in by_previous.values() {
            let numbers: BTreeSet<_> = own.iter().map(|one| (&one.venue, one.sequence)).collect();
            if numbers.len() < 2 {
                continue;
            }
            let named = own
                .iter()
                .map(|one| format!("number {} of {}, {}", one.sequence, one.venue, one.digest));
            let named = named.collect::<Vec<_>>().join("; ");
            for (venue, sequence) in numbers {
                alarms.push(Alarm {
                    venue: venue.clone(),
                    sequence,
                    digests: own.iter().map(|one| one.digest).collect(),
                    text: format!("a fork: these all name the same one before them: {named}"),
                });
            }
        }
        alarms
    }

    /// The alarms about an attestation, or about one of its venue before it.
    pub fn alarms_of(&self, venue: &str, sequence: u64, digest: Digest) -> Vec<Alarm> {
        let mut alarms = self.alarms();
        alarms.retain(|alarm| {
            (alarm.venue == venue && alarm.sequence <= sequence) || alarm.digests.contains(&digest)
        });
        alarms.dedup_by(|a, b| a.text == b.text);
        alarms
    }

    /// Numbers that no attestation here has: each gap with the attestation behind it, and in words.
    pub fn gaps(&self) -> Vec<(&Published, String)> {
        let by_number = self.by_number();
        let numbers: Vec<_> = by_number.keys().copied().collect();
        let gaps = numbers.windows(2).filter_map(|pair| {
            let [(venue, before), (other, after)] = [pair[0], pair[1]];
            let missing = (after - before.min(after)).saturating_sub(1);
            let behind = *by_number.get(&(other, after))?.first()?;
            (venue == other && missing > 0).then(|| {
                let text = format!(
                    "{venue}: {missing} missing between number {before} and number {after}"
                );
                (behind, text)
            })
        });
        gaps.collect()
    }
}

/// A name for ever, from a digest: a UUID of version 8 (RFC 9562).
pub(super) fn uuid(digest: Digest) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.0[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    format!("urn:uuid:{}", parts.join("-"))
}

//! What a site remembers: `index.json`, which others read as well.

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

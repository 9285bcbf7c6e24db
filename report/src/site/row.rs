//! One attestation as a row of a list.

use std::collections::BTreeSet;

use super::record::{Alarm, Published, Record};
use crate::{
    format::{Toward, brief, ratio},
    shown::shown,
};

/// A row of the list.
pub(super) struct Row {
    pub page: String,
    pub attestation: String,
    pub venue: String,
    pub sequence: u64,
    pub as_of: String,
    pub until: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub owed: String,
    pub known: String,
    pub coverage: String,
    pub worst: String,
    pub digest: String,
}

impl Row {
    pub fn of(one: &Published, alarms: &[Alarm]) -> Self {
        let is_alarming = alarms.iter().any(|alarm| alarm.digests.contains(&one.digest));
        let (state, tone) = match (one.holds, one.is_green) {
            _ if is_alarming => ("ALARM: see above", "bad"),
            (false, _) => ("DOES NOT HOLD", "bad"),
            (true, false) => {
                ("holds by the venue’s word, or under a setup that nobody vouches for", "warn")
            }
            (true, true) => ("holds by what was read or signed", ""),
        };
        let worst = one.worst_bad_debt.as_ref().zip(one.worst_scenario.as_ref());
        Self {
            page: one.page.clone(),
            attestation: one.attestation.clone(),
            venue: shown(&one.venue).into_owned(),
            sequence: one.sequence,
            as_of: one.as_of.to_string(),
            until: one.until.to_string(),
            state,
            tone,
            owed: format!("{} {}", brief(&one.owed, Toward::More), one.quote),
            known: one.known_coverage.as_ref().map_or_else(|| "not known".to_owned(), ratio),
            coverage: one.coverage.as_ref().map_or_else(|| "-".to_owned(), ratio),
            worst: worst.map_or_else(
                || "-".to_owned(),
                |(debt, scenario)| format!("{} in {scenario}", brief(debt, Toward::More)),
            ),
            digest: one.digest.to_string(),
        }
    }
}

/// What a site is called.
pub(super) fn title(record: &Record) -> String {
    let venues: BTreeSet<_> = record.attestations.iter().map(|one| one.venue.as_str()).collect();
    let named: Vec<_> = venues.iter().take(3).map(|venue| shown(venue)).collect();
    let more = if venues.len() > named.len() { " and others" } else { "" };
    format!("Solvency of {}{more}", named.join(", "))
}

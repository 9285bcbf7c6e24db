//! The feed of a site: Atom, RFC 4287.

use askama::Template;
use pacioli_attestation::Digest;

use super::{
    record::{Record, uuid},
    row::{Row, title},
};
use crate::shown::shown;

struct Item {
    id: String,
    updated: String,
    title: String,
    summary: String,
    page: String,
    attestation: String,
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    id: String,
    title: String,
    author: String,
    updated: String,
    base: String,
    alarms: Vec<Item>,
    items: Vec<Item>,
}

/// The feed of a site. Its links are relative without the address that the site is served at.
pub fn feed(record: &Record, author: &str, url: Option<&str>) -> String {
    let base = url.map_or_else(String::new, |url| format!("{}/", shown(url.trim_end_matches('/'))));
    let all = record.alarms();
    let items = record.attestations.iter().map(|one| {
        let row = Row::of(one, &all);
        Item {
            id: uuid(one.digest),
            updated: one.first_seen.to_string(),
            title: format!("{}, number {}: {}", row.venue, row.sequence, row.state),
            summary: format!(
                "As of {}. {} Owed {} (P), coverage at mark {} (W), worst bad debt {} (P). Digest {}.",
                row.as_of,
                shown(&one.verdict),
                row.owed,
                row.coverage,
                row.worst,
                row.digest
            ),
            page: one.page.clone(),
            attestation: one.attestation.clone(),
        }
    });
    let alarms = all.iter().filter_map(|alarm| {
        // A name that is the alarm's own: of the digests that it is about, together.
        let name = Digest::of(alarm.text.as_bytes());
        let own = record.attestations.iter().filter(|one| alarm.digests.contains(&one.digest));
        let newest = own.max_by_key(|one| one.first_seen)?;
        Some(Item {
            id: uuid(name),
            updated: newest.first_seen.to_string(),
            title: format!("ALARM: {}, number {}", shown(&alarm.venue), alarm.sequence),
            summary: shown(&alarm.text).into_owned(),
            page: newest.page.clone(),
            attestation: newest.attestation.clone(),
        })
    });
    let feed = Feed {
        id: record.id.clone(),
        title: title(record),
        author: shown(author).into_owned(),
        updated: record.updated.to_string(),
        base,
        alarms: alarms.collect(),
        items: items.collect(),
    };
    feed.render().expect("a string takes all")
}

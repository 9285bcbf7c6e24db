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
    /// The file that it is about, of an attestation alone.
    attestation: Option<String>,
    /// What it is, where it is no attestation.
    term: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    id: String,
    title: String,
    author: String,
    updated: String,
    base: String,
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
                "As of {}. {} Owed {} (P), coverage at mark {} by what was read or signed (C, O), {} with \
                 the venue's word (W), worst bad debt {} (P). Digest {}.",
                row.as_of,
                shown(&one.verdict),
                row.owed,
                row.known,
                row.coverage,
                row.worst,
                row.digest
            ),
            page: one.page.clone(),
            attestation: Some(one.attestation.clone()),
            term: None,
        }
    });
    let alarms = all.iter().filter_map(|alarm| {
        let own = record.attestations.iter().filter(|one| alarm.digests.contains(&one.digest));
        let newest = own.max_by_key(|one| one.first_seen)?;
        let title = format!("ALARM: {}, number {}", alarm.venue, alarm.sequence);
        Some(told("alarm", title, &alarm.text, newest.first_seen, &newest.page))
    });
    let gaps = record.gaps();
    let gaps = gaps.iter().map(|(behind, text)| {
        let title = format!("GAP: {}, before number {}", behind.venue, behind.sequence);
        told("gap", title, text, behind.first_seen, &behind.page)
    });
    let notices = record.notices.iter().map(|notice| {
        let own = record.attestations.iter().find(|one| one.digest == notice.digest);
        let (title, page) = match own {
            Some(one) => (format!("NOTICED: {}, number {}", one.venue, one.sequence), &*one.page),
            None => (format!("NOTICED: {}", notice.digest), "index.html"),
        };
        told("notice", title, &format!("{}: {}", notice.digest, notice.text), notice.at, page)
    });
    let noticed = alarms.chain(gaps).chain(notices);
    let feed = Feed {
        id: record.id.clone(),
        title: title(record),
        author: shown(author).into_owned(),
        updated: record.updated.to_string(),
        base,
        items: noticed.chain(items).collect(),
    };
    feed.render().expect("a string takes all")
}

/// Something that was noticed. Its name is that of what it says, for ever.
fn told(term: &'static str, title: String, text: &str, at: jiff::Timestamp, page: &str) -> Item {
    Item {
        // One text may be about several numbers.
        id: uuid(Digest::of(format!("{title}\n{text}").as_bytes())),
        updated: at.to_string(),
        title: shown(&title).into_owned(),
        summary: shown(text).into_owned(),
        page: page.to_owned(),
        attestation: None,
        term: Some(term),
    }
}

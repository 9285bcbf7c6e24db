//! A folder for a web server: a page for each attestation, a list of them, a feed, and the attestations
//! themselves, for anyone who builds on them.
//!
//! The site remembers every digest that was ever published for a number of a venue ([`Record`], its
//! `index.json`), and forgets none: a venue that serves one file to some and another to others, or that
//! takes one back, is told on. Nothing in a site is private: it is made of attestations alone.

mod alarms;
mod feed;
mod record;
mod row;

pub use feed::feed;
pub use record::{Alarm, Notice, Published, Record, SiteError, UNVERIFIED, VERSION};

use askama::Template;

use self::row::{Row, title};
use crate::{
    judgement::Judgement,
    moment::Moment,
    page::{SCRIPT, STYLE, render, security_policy},
    parts::Chart,
    section::charts,
    shown::shown,
    subject::Subject,
};

/// The page of one attestation of a site, with what is alarming about it or about one before it, and
/// what is wrong with its files now.
pub fn page(
    subject: &Subject<'_>,
    judgement: &Judgement,
    record: &Record,
    faults: &[String],
) -> String {
    let findings = subject.findings;
    let header = &findings.attestation.header;
    let alarms = record.alarms_of(&header.venue, header.sequence, findings.digest);
    let texts = alarms.iter().map(|alarm| &alarm.text).chain(faults);
    let texts: Vec<_> = texts.map(|text| shown(text)).collect();
    let text = Some(texts.join("; ")).filter(|_| !texts.is_empty());
    render(subject, judgement, Some("../index.html"), text.as_deref())
}

#[derive(Template)]
#[template(path = "lost.html")]
struct Lost {
    security_policy: String,
    style: &'static str,
    title: String,
    alarms: Vec<String>,
}

/// The page of one that was published and can no longer be checked.
pub fn lost(one: &Published, record: &Record, faults: &[String]) -> String {
    let alarms = record.alarms_of(&one.venue, one.sequence, one.digest);
    let texts = faults.iter().chain(alarms.iter().map(|alarm| &alarm.text));
    let page = Lost {
        security_policy: security_policy(),
        style: STYLE,
        title: format!("{}, number {}: {}", shown(&one.venue), one.sequence, one.digest),
        alarms: texts.map(|text| shown(text).into_owned()).collect(),
    };
    page.render().expect("a string takes all")
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    security_policy: String,
    style: &'static str,
    script: &'static str,
    title: String,
    alarms: Vec<String>,
    notices: Vec<(String, String)>,
    gaps: Vec<String>,
    rows: Vec<Row>,
    charts: Vec<(String, Vec<Chart>)>,
    updated: String,
}

/// The list of a site.
pub fn index(record: &Record) -> String {
    let mut moments: std::collections::BTreeMap<&str, Vec<Moment>> = Default::default();
    for one in record.attestations.iter().rev() {
        moments.entry(&one.venue).or_default().push(one.moment());
    }
    let charts =
        moments.into_iter().map(|(venue, moments)| (shown(venue).into_owned(), charts(&moments)));
    let alarms = record.alarms();
    let page = Index {
        security_policy: security_policy(),
        style: STYLE,
        script: SCRIPT,
        title: title(record),
        alarms: alarms.iter().map(|alarm| shown(&alarm.text).into_owned()).collect(),
        notices: record
            .notices
            .iter()
            .map(|notice| (notice.at.to_string(), shown(&notice.text).into_owned()))
            .collect(),
        gaps: record.gaps().iter().map(|(_, gap)| shown(gap).into_owned()).collect(),
        rows: record.attestations.iter().map(|one| Row::of(one, &alarms)).collect(),
        charts: charts.filter(|(_, charts)| !charts.is_empty()).collect(),
        updated: record.updated.to_string(),
    };
    page.render().expect("a string takes all")
}

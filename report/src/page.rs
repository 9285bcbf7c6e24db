//! The page of one attestation.

use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use pacioli_attestation::{By, Digest};
use sha2::{Digest as _, Sha256};

use crate::{
    cover::Cover,
    format::{age, plural},
    judgement::Judgement,
    limits::LIMITS,
    parts::{Letter, R, Said, W},
    points::{Point, points},
    section::{
        Section, assets, coverage, custodians, entries, markets, moves, past, policies, prices,
        scenarios,
    },
    shown::shown,
    subject::Subject,
};

/// The style of every page.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");
/// The script that counts an age: the only one.
pub(crate) const SCRIPT: &str = include_str!("../templates/age.js");

/// What a page may do: show itself, in this style and with this script, and ask for nothing.
pub(crate) fn security_policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// Coverage of one kind, on the first page.
struct Twice {
    title: &'static str,
    by: Letter,
    mark: String,
    worst: String,
    tone: &'static str,
    says: &'static str,
    /// At which prices, where there are several.
    prices: &'static str,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    security_policy: String,
    style: &'static str,
    script: &'static str,
    venue: String,
    sequence: u64,
    digest: Digest,
    as_of: String,
    until: String,
    max_age: String,
    is_own_age: bool,
    made_at: String,
    made_age: String,
    judgement: &'a Judgement,
    twice: Vec<Twice>,
    facts: Vec<(&'static str, Said)>,
    points: Vec<Point>,
    sections: Vec<Section>,
    letters: Vec<(char, &'static str)>,
    brief_letters: [Letter; 5],
    limits: &'static [&'static str],
    command: String,
    home: Option<&'a str>,
    alarm: Option<&'a str>,
}

/// The page of a subject: one file of HTML.
pub fn page(subject: &Subject<'_>, judgement: &Judgement) -> String {
    render(subject, judgement, None, None)
}

/// The same as part of a site, with the way back to its first page, and what is alarming about it.
pub(crate) fn render(
    subject: &Subject<'_>,
    judgement: &Judgement,
    home: Option<&str>,
    alarm: Option<&str>,
) -> String {
    let findings = subject.findings;
    let header = &findings.attestation.header;
    let (max_age, is_own_age) = subject.max_age();
    let page = Page {
        security_policy: security_policy(),
        style: STYLE,
        script: SCRIPT,
        venue: shown(&header.venue).into_owned(),
        sequence: header.sequence,
        digest: findings.digest,
        as_of: header.as_of.to_string(),
        until: subject.until().to_string(),
        max_age: max_age.to_string(),
        is_own_age,
        made_at: subject.made.at.to_string(),
        made_age: age(header.as_of, subject.made.at),
        judgement,
        twice: twice(&subject.covers(), subject.evidence.is_some()),
        facts: facts(subject),
        points: points(subject),
        sections: sections(subject),
        letters: letters(),
        brief_letters: ["P", "R", "C", "O", "W"].map(Letter),
        limits: &LIMITS,
        command: shown(&subject.made.command).into_owned(),
        home,
        alarm,
    };
    page.render().expect("a string takes all")
}

/// The coverage by what was read or signed, and with the publisher's word.
fn twice(covers: &[Cover], has_evidence: bool) -> Vec<Twice> {
    let Some(mark) = covers.first() else { return Vec::new() };
    let least = |of: &dyn Fn(&Cover) -> Option<pacioli_attestation::Backing>| {
        let all = covers.iter().filter_map(of).filter(|one| one.coverage.is_some());
        let worst = all.min_by_key(|one| one.coverage.as_ref().map(|own| own.units.clone()));
        worst.map_or_else(
            || "nothing is owed in any scenario".to_owned(),
            |one| format!("least of all scenarios: {} in {}", coverage(&one), one.scenario),
        )
    };
    let none = || "none stated".to_owned();
    let has_second = covers.iter().any(|cover| cover.second.is_some());
    let prices = if has_second { ", at the worse of the venue’s prices and yours" } else { "" };
    let is_known = covers.iter().all(|cover| cover.reach().is_known());
    let known = Twice {
        title: "Covered by what was read or signed by others",
        by: Letter("C, O"),
        mark: mark.worse_known().map_or_else(none, coverage),
        worst: least(&|cover| cover.worse_known().cloned()),
        tone: if is_known { "good" } else { "warn" },
        says: match (is_known, has_evidence) {
            (true, _) => "what is owed is covered in every scenario, with the fund where need be",
            (false, true) => "what is owed is not covered in every scenario",
            (false, false) => "no evidence of reserves was looked at",
        },
        prices,
    };
    let word = Twice {
        title: "With the venue’s word",
        by: Letter("W"),
        mark: if mark.is_stated { coverage(mark.worse_word()) } else { none() },
        worst: least(&|cover| Some(cover.worse_word().clone()).filter(|_| cover.is_stated)),
        tone: "",
        says: "rests on what nobody but the venue says",
        prices,
    };
    vec![known, word]
}

/// Who ran it, when, under which policy, with what.
fn facts(subject: &Subject<'_>) -> Vec<(&'static str, Said)> {
    let findings = subject.findings;
    let header = &findings.attestation.header;
    let made = &subject.made;
    let by = match &made.by {
        Some(by) => Said::new(format!("{by}, by their own word"), None),
        None => Said::unknown("whoever ran it did not say (--by)"),
    };
    let rules = Digest::of(findings.attestation.rules.as_bytes());
    let mut facts = vec![
        ("made by", by),
        ("made at", Said::new(format!("{}, with {}", made.at, made.software), None)),
    ];
    facts.push(match &subject.asked {
        Some(asked) => ("your policy", Said::new(&asked.text, None)),
        None => ("your policy", Said::unknown("none was given")),
    });
    let count = plural(findings.clauses.len(), "clause");
    let theirs = format!("{count} by the venue, in rules {}, {rules}", findings.rules.name());
    facts.extend([
        ("their policy", Said::new(theirs, R)),
        ("proved with", Said::new(&header.software, W)),
        ("attestation", Said::new(findings.digest.to_string(), R)),
    ]);
    facts
}

fn sections(subject: &Subject<'_>) -> Vec<Section> {
    let mut all = vec![scenarios(subject), assets(subject), custodians(subject)];
    all.extend(entries(subject));
    all.extend([prices(subject), moves(subject)]);
    all.extend(markets(subject));
    all.push(policies(subject));
    all.push(changes(subject));
    all.extend(subject.past.as_ref().map(past));
    all
}

fn changes(subject: &Subject<'_>) -> Section {
    let (mut notes, mut list) = (Vec::new(), Vec::new());
    match &subject.previous {
        None => notes.push("Not known: the attestation before was not given.".to_owned()),
        Some(previous) => {
            let read = match previous.is_verified {
                true => "its proofs verify too",
                false => "IT WAS READ, NOT VERIFIED: it was made under another key than yours",
            };
            notes.push(format!("Since number {}, {}: {read}.", previous.sequence, previous.digest));
            if previous.changes.is_empty() {
                notes.push(
                    "Rules, key, setup, price method and places of reserves are the same."
                        .to_owned(),
                );
            }
            list.extend(previous.changes.iter().map(|change| shown(change).into_owned()));
        }
    }
    let title = "What changed since the one before".to_owned();
    Section { id: "changes", title, notes, list, ..Section::default() }
}

fn letters() -> Vec<(char, &'static str)> {
    let all = [
        (By::Proved, "proved, for the accounts in the book, at the venue’s prices"),
        (By::Recomputed, "recomputed here from what is proved or public"),
        (By::Chain, "read on a chain by whoever made this report"),
        (By::Observers, "signed by observers, or by a custodian whose key the reader named"),
        (By::Publisher, "the publisher’s word: nobody else says so"),
    ];
    all.map(|(by, words)| (by.letter(), words)).to_vec()
}

//! A record as text.

use std::fmt::Write;

use pacioli_attestation::By;
use pacioli_record::{Attested, Point, Record};
use pacioli_rules::Amount;

use super::{
    super::report::{failing, list, some, warning, word},
    compared::Compared,
    registry::OnChain,
    timeline::Timeline,
};
use crate::{
    format::{Toward, brief, brief_signed, ratio},
    shown::shown,
    table::{folded, paragraph},
};

/// The letters of the figures.
const LETTERS: &str = "P proved, R recomputed here, W the publisher's word, C read on a chain, O \
                       signed by observers";

/// A record's verdict, in one line.
pub fn verdict(record: &Record) -> String {
    let count = record.attested.len() + record.refused.len();
    let s = if count == 1 { "" } else { "s" };
    let Some(origin) = record.origin().filter(|_| record.holds()) else {
        let mut reasons = Vec::new();
        let keep = record.attested.iter().filter(|one| !one.holds()).count();
        if !record.refused.is_empty() {
            reasons.push(format!("{} refused", record.refused.len()));
        }
        if keep > 0 {
            reasons.push(format!("{keep} that break a policy"));
        }
        let broken = record.broken().count();
        if broken > 0 {
            let s = if broken == 1 { "" } else { "s" };
            reasons.push(format!("{broken} break{s} of the chain"));
        }
        return format!("DOES NOT HOLD: of {count} attestation{s}, {}", reasons.join(", "));
    };
    let [first, last] = [record.attested.first(), record.attested.last()]
        .map(|one| one.map(|one| one.point.number).unwrap_or_default());
    let whose = if record.attested.iter().any(|one| !one.asked.is_empty()) {
        "the venue's own policies and yours are kept"
    } else {
        "the venue's own policies are kept"
    };
    format!(
        "{}: {count} attestation{s}, sequence numbers {first} to {last}, verify and follow one another, and \
         {whose}",
        word(true, origin)
    )
}

/// The verdict on all of it: the record's, unless the registry says worse.
pub fn headline(record: Option<&Record>, chain: Option<&OnChain>, compared: &Compared) -> String {
    let mut reasons = Vec::new();
    if !compared.differing.is_empty() {
        reasons.push("the registry and the folder contradict each other".to_owned());
    }
    reasons.extend(chain.and_then(OnChain::why_not));
    let behind = chain.and_then(|chain| chain.behind.as_ref());
    match (record, behind) {
        _ if !reasons.is_empty() => format!("DOES NOT HOLD: {}", reasons.join(", and ")),
        (Some(record), _) if !record.holds() => verdict(record),
        (_, Some(behind)) => format!("NOT COMPARED: {behind}"),
        (Some(record), None) => match &compared.missing {
            Some(missing) => format!("NOT COMPARED: {missing}"),
            None => verdict(record),
        },
        (None, None) => {
            "NOT COMPARED: the registry calls the venue healthy. Give a folder of its attestations \
                 too, and see `pacioli status` for what that rests on"
                .to_owned()
        }
    }
}

/// The chain, as `verify --history` tells it.
pub fn chain(record: &Record) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    head(t, record)?;
    let columns =
        ["sequence", "as of W", "owed P", "coverage W", "worst bad debt P", "holds", "file"];
    folded(t, &columns, &record.attested.iter().map(row).collect::<Vec<_>>())?;
    rest(t, record)?;
    Ok(text)
}

/// All that `history` tells.
pub fn all(
    record: Option<&Record>,
    chain: Option<&OnChain>,
    compared: &Compared,
    timeline: Option<&Timeline>,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    let own = record.map(verdict).unwrap_or_default();
    let verdict = headline(record, chain, compared);
    if verdict != own {
        paragraph(t, "", &verdict)?;
        compared.differing.iter().try_for_each(|one| paragraph(t, "  - ", &shown(one)))?;
        writeln!(t)?;
        if record.is_some() {
            writeln!(t, "of the folder alone:")?;
        }
    }
    if let Some(record) = record {
        head(t, record)?;
        writeln!(t, "{LETTERS}\n")?;
        let points: Vec<_> = record.attested.iter().map(|one| &one.point).collect();
        let columns = [
            "sequence",
            "as of W",
            "state R",
            "owed P",
            "reserves W",
            "coverage W",
            "least coverage W",
            "worst bad debt P",
            "fund there W",
            "file",
        ];
        folded(t, &columns, &points.iter().map(|point| over_time(point)).collect::<Vec<_>>())?;
        assets(t, &points)?;
        markets(t, &points)?;
        made_by(t, &points)?;
        if !record.refused.is_empty() || !record.attested.iter().all(Attested::holds) {
            writeln!(t, "\nwhat does not hold")?;
        }
        rest(t, record)?;
    }
    if let Some(chain) = chain {
        if record.is_some() {
            writeln!(t)?;
        }
        chain.text(t)?;
        let not = compared.not_compared.iter();
        not.map(|one| shown(one)).try_for_each(|one| paragraph(t, "  NOT COMPARED: ", &one))?;
    }
    if let Some(timeline) = timeline {
        timeline.text(t)?;
    }
    Ok(text)
}

fn head(t: &mut String, record: &Record) -> std::fmt::Result {
    writeln!(t, "{}", verdict(record))?;
    if let Some(warning) = record.origin().and_then(warning) {
        paragraph(t, "  ", warning)?;
    }
    if let Some(newest) = record.attested.last() {
        paragraph(t, "  venue ", &shown(&newest.point.venue))?;
    }
    writeln!(t)
}

/// What was refused or fails, what the chain shows, and what changed.
fn rest(t: &mut String, record: &Record) -> std::fmt::Result {
    for one in &record.refused {
        paragraph(t, "  REFUSED  ", &format!("{}: {}", shown(&one.file), shown(&one.reason)))?;
    }
    for one in record.attested.iter().filter(|one| !one.holds()) {
        let number = one.point.number;
        paragraph(t, "  - ", &format!("sequence number {number}: {}", why(one).join("; ")))?;
    }
    if !record.findings.is_empty() {
        writeln!(t, "\nthe chain")?;
        for finding in &record.findings {
            paragraph(t, "  - ", &shown(&finding.to_string()))?;
        }
    }
    for step in &record.steps {
        let number = record.attested[step.index].point.number;
        writeln!(t, "\nchanged with sequence number {number}")?;
        list(t, &step.changes)?;
    }
    if !record.others.is_empty() {
        let names: Vec<_> = record.others.iter().map(|name| shown(name)).collect();
        writeln!(t)?;
        paragraph(t, "not attestations, ignored: ", &names.join(", "))?;
    }
    Ok(())
}

/// The names of what does not hold.
fn why(one: &Attested) -> Vec<String> {
    let own = (&one.verified.clauses, "of the venue's own policy");
    let both = [own, (&one.asked, "of yours")];
    let failing = both.map(|(clauses, whose)| (failing(clauses), clauses.len(), whose));
    let failing = failing.iter().filter(|(failing, ..)| !failing.is_empty());
    let failing = failing.map(|(names, all, whose)| some(names, *all, whose));
    let faults = one.letters.faults.iter().map(|fault| format!("evidence: {}", shown(fault)));
    failing.chain(faults).collect()
}

fn row(one: &Attested) -> [String; 7] {
    let point = &one.point;
    let mark = point.scenarios.first();
    [
        point.number.to_string(),
        point.as_of.to_string(),
        mark.map_or_else(nothing, |mark| brief(&mark.owed, Toward::More)),
        or(mark.and_then(|mark| mark.coverage.as_ref()), ratio),
        worst(point),
        if one.holds() { "yes" } else { "NO" }.to_owned(),
        point.file.clone(),
    ]
}

fn nothing() -> String {
    "-".to_owned()
}

fn or<T>(one: Option<&T>, text: impl Fn(&T) -> String) -> String {
    one.map_or_else(nothing, text)
}

fn worst(point: &Point) -> String {
    match point.worst_bad_debt() {
        Some((scenario, debt)) => format!("{} in {scenario}", brief(debt, Toward::More)),
        None => nothing(),
    }
}

fn over_time(point: &Point) -> [String; 10] {
    let mark = point.scenarios.first();
    let there = point.worst_bad_debt().and_then(|(name, _)| point.scenario(name));
    let least =
        |(scenario, coverage): (&str, &Amount)| format!("{} in {scenario}", ratio(coverage));
    [
        point.number.to_string(),
        point.as_of.to_string(),
        point.state.to_string(),
        or(mark, |mark| brief(&mark.owed, Toward::More)),
        or(mark.and_then(|mark| mark.reserves.as_ref()), |one| brief(one, Toward::Less)),
        or(mark.and_then(|mark| mark.coverage.as_ref()), ratio),
        point.worst_coverage().map_or_else(nothing, least),
        worst(point),
        or(there.and_then(|one| one.fund.as_ref()), brief_signed),
        point.file.clone(),
    ]
}

/// Each asset: in the first attestation that has it, in the last, and where its reserves went least far.
fn assets(t: &mut String, points: &[&Point]) -> std::fmt::Result {
    let mut names: Vec<_> =
        points.iter().flat_map(|point| point.assets.iter().map(|one| &one.name)).collect();
    names.sort();
    names.dedup();
    let rows = names.into_iter().filter_map(|name| {
        let series: Vec<_> =
            points.iter().filter_map(|point| Some((point.number, point.asset(name)?))).collect();
        let ((_, first), (_, last)) = (series.first()?, series.last()?);
        let covered = series.iter().filter_map(|(n, one)| Some((n, one.coverage.as_ref()?)));
        let least = covered.min_by_key(|(_, coverage)| &coverage.units);
        let by = last
            .held
            .iter()
            .map(|held| held.by)
            .fold(None, |worst: Option<By>, by| Some(worst.map_or(by, |worst| worst.max(by))));
        Some([
            name.clone(),
            brief(&first.owed, Toward::More),
            brief(&last.owed, Toward::More),
            brief(&first.reserves, Toward::Less),
            brief(&last.reserves, Toward::Less),
            by.map_or_else(nothing, |by| by.to_string()),
            least.map_or_else(nothing, |(n, one)| format!("{} in {n}", ratio(one))),
        ])
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(t, "\nassets, in the first attestation that has them and in the last")?;
    let head = ["asset", "owed P", "to P", "reserves", "to", "by", "least coverage, in sequence"];
    folded(t, &head, &rows)
}

/// Each market's open interest, in the first attestation that has it and in the last, and its most.
fn markets(t: &mut String, points: &[&Point]) -> std::fmt::Result {
    let mut names: Vec<_> =
        points.iter().flat_map(|point| point.markets.iter().map(|one| &one.name)).collect();
    names.sort();
    names.dedup();
    let rows = names.into_iter().filter_map(|name| {
        let own = |point: &&&Point| {
            let market = point.markets.iter().find(|one| one.name == *name)?;
            Some((point.number, market.long.clone()))
        };
        let series: Vec<_> = points.iter().filter_map(|point| own(&point)).collect();
        let ((_, first), (_, last)) = (series.first()?, series.last()?);
        let most = series.iter().rev().max_by_key(|(_, long)| &long.units)?;
        let more = |one: &Amount| brief(one, Toward::More);
        let most = format!("{} in {}", more(&most.1), most.0);
        Some([name.clone(), more(first), more(last), most])
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(t, "\nopen interest of longs (P), likewise")?;
    folded(t, &["market", "first", "last", "most, in sequence"], &rows)
}

/// Keys and programs, each with the numbers that were made with it.
fn made_by(t: &mut String, points: &[&Point]) -> std::fmt::Result {
    let runs = points.chunk_by(|a, b| (a.key, &a.software) == (b.key, &b.software));
    writeln!(t, "\nmade under")?;
    for run in runs {
        let [Some(first), Some(last)] = [run.first(), run.last()] else { continue };
        let numbers = match first.number == last.number {
            true => format!("sequence number {}", first.number),
            false => format!("sequence numbers {} to {}", first.number, last.number),
        };
        let software = shown(&first.software);
        paragraph(t, "  - ", &format!("{numbers}: key {} (R), {software} (W)", first.key))?;
    }
    Ok(())
}

//! The venue, the three times and their ages, and what was left out or rounded.

use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};
use pacioli_attestation::{Digest, Draw, Findings};
use serde_json::{Value, json};

use super::Setup;
use crate::{
    format::{Toward, age, apart, brief, grouped, plural, thousands},
    shown::shown,
    table::paragraph,
};

/// The venue, the attestation, its three times, accounts, rules, setup, and what was left out.
pub fn head(
    t: &mut String,
    findings: &Findings,
    setup: &Setup,
    now: Timestamp,
) -> std::fmt::Result {
    let Findings { attestation, digest, rules, .. } = findings;
    let header = &attestation.header;
    paragraph(t, "  venue        ", &format!("{} (W)", shown(&header.venue)))?;
    writeln!(t, "  attestation  sequence {} (W), {digest}", header.sequence)?;
    for (what, time, distance) in times(findings) {
        let distance = distance
            .map_or_else(String::new, |distance| format!(", {}", apart(distance, "the snapshot")));
        writeln!(t, "  {what:<11}  {time}, {} (W){distance}", age(time, now))?;
        if let ("snapshot", Some(draw)) = (what, &findings.draw) {
            paragraph(t, "               ", &drawn(draw, findings))?;
        }
    }
    if attestation.reserves.is_none() {
        writeln!(t, "  reserves     NONE ARE STATED")?;
    }
    let (accounts, volumes) =
        (thousands(header.accounts), plural(attestation.volumes.len(), "volume"));
    writeln!(t, "  accounts     {accounts} (W) in {volumes}")?;
    paragraph(t, "  rules        ", &format!("{}, of {}", shown(rules.name()), rules.date()))?;
    writeln!(t, "               {}", Digest::of(attestation.rules.as_bytes()))?;
    paragraph(t, "  setup        ", &setup.origin.to_string())?;
    writeln!(t, "  key          {}", setup.key)?;
    left_out(t, findings)?;
    writeln!(t, "  trial balance: 0 in every scenario of every volume (R, a consistency check)")
}

/// The snapshot's time, and those of prices and reserves with how far they are from it.
fn times(findings: &Findings) -> Vec<(&'static str, Timestamp, Option<SignedDuration>)> {
    let attestation = &findings.attestation;
    let as_of = attestation.header.as_of;
    let prices = ("prices", attestation.prices.as_of);
    let reserves = attestation.reserves.as_ref().map(|reserves| ("reserves", reserves.as_of));
    let others = [prices].into_iter().chain(reserves);
    let others = others.map(|(what, time)| (what, time, Some(time.duration_since(as_of))));
    [("snapshot", as_of, None)].into_iter().chain(others).collect()
}

/// How the time of the snapshot was drawn. That the book is of that time is the publisher's word.
fn drawn(draw: &Draw, findings: &Findings) -> String {
    let Draw { source, day, seen, .. } = draw;
    let by = draw.by(&findings.block_hashes);
    let by = by.map_or_else(|| "not a block that you know".to_owned(), |by| by.to_string());
    format!("the second of {day} drawn from {source}, {seen} ({by})")
}

/// The same for programs: `null` where the time was not drawn.
pub fn drawn_json(findings: &Findings) -> Value {
    findings.draw.map_or(Value::Null, |draw| {
        let Draw { source, day, second, seen } = draw;
        json!({
            "from": source.name(),
            "day": day,
            "second": second.to_string(),
            "seen": seen,
            "by": draw.by(&findings.block_hashes),
        })
    })
}

/// Assets left out of the book, with amounts, and what was rounded.
fn left_out(t: &mut String, findings: &Findings) -> std::fmt::Result {
    let header = &findings.attestation.header;
    let accounts = header.accounts_left_out;
    if header.left_out.is_empty() && accounts == 0 {
        writeln!(t, "  left out     nothing (W)")?;
    } else {
        // The publisher's word, which may be any number.
        let lines: u128 = header.left_out.iter().map(|one| u128::from(one.lines)).sum();
        let [accounts, lines, assets] = [
            plural(accounts, "account"),
            plural(lines, "line"),
            plural(header.left_out.len(), "asset"),
        ];
        let text = format!("{accounts}, {lines} in {assets} without a price (W)");
        paragraph(t, "  left out     ", &text)?;
    }
    for one in &header.left_out {
        let (deposits, borrows) = (grouped(&one.deposits), grouped(&one.borrows));
        let (lines, accounts) = (plural(one.lines, "line"), plural(one.accounts, "account"));
        let text = format!(
            "{}: {deposits} deposited, {borrows} borrowed, in {lines} of {accounts}",
            shown(&one.asset)
        );
        paragraph(t, "               ", &text)?;
    }
    let rounding = &header.rounding;
    if rounding.lines > 0 {
        let (lines, quote) = (plural(rounding.lines, "line"), &findings.compiled.quote);
        let bound = brief(&rounding.bound, Toward::More);
        writeln!(t, "  rounded      {lines}, by less than {bound} {quote} together (W)")?;
        for one in &rounding.instruments {
            let (name, bound) = (shown(&one.instrument), grouped(&one.bound));
            let text = format!("{name}: {}, by less than {bound} of it", plural(one.lines, "line"));
            paragraph(t, "               ", &text)?;
        }
    }
    Ok(())
}

/// The three times for programs.
pub fn json(findings: &Findings, now: Timestamp) -> Value {
    let of = |(what, time, distance): (&str, Timestamp, Option<SignedDuration>)| {
        let value = json!({
            "time": time.to_string(),
            "age_seconds": now.duration_since(time).as_secs(),
            "seconds_after_snapshot": distance.map(|distance| distance.as_secs()),
            "by": "W",
        });
        (what.to_owned(), value)
    };
    let mut times: serde_json::Map<String, Value> = times(findings).into_iter().map(of).collect();
    times.insert("drawn".to_owned(), drawn_json(findings));
    times.insert("now".to_owned(), now.to_string().into());
    times.into()
}

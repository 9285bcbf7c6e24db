//! A look as text and as JSON.

use std::{collections::BTreeMap, fmt::Write};

use pacioli_watch::{
    alert::{Presence, Told},
    judge::{Judged, duration, ratio},
    state::State,
    watch::Look,
};
use serde_json::{Value, json};

/// Whether something is wrong, and not only unknown.
pub fn is_wrong(judged: &Judged) -> bool {
    let there = judged.facts.iter().filter(|fact| fact.presence == Presence::There);
    there.map(|fact| fact.state).any(|state| !matches!(state, State::Healthy | State::Unknown))
}

/// A look, for people.
pub fn look(look: &Look) -> String {
    let mut text = String::new();
    // A string takes all.
    let _ = write_look(&mut text, look);
    text
}

fn write_look(t: &mut String, look: &Look) -> std::fmt::Result {
    for one in &look.judged {
        let weak = match one.setup {
            Some("insecure") => ", UNDER AN INSECURE SETUP, WHICH PROVES NOTHING",
            Some(_) => ", ONLY IF NOBODY KNOWS THE SETUP'S SECRET",
            None => "",
        };
        writeln!(t, "{}{weak}: {}", one.state.name().to_uppercase(), one.venue)?;
        if let Some(number) = one.number {
            write!(t, "  sequence number {number}")?;
            if let Some(as_of) = one.as_of {
                let age = look.now.as_second().saturating_sub(as_of.as_second());
                let age = duration(u64::try_from(age).unwrap_or(0));
                write!(t, ", of {as_of} ({age} old)")?;
            }
            writeln!(t)?;
        }
        if let Some(coverage) = &one.coverage {
            writeln!(
                t,
                "  coverage at mark {} (W where no registry read reserves)",
                ratio(coverage)
            )?;
        }
        for fact in one.facts.iter().filter(|fact| fact.presence == Presence::There) {
            let subject = &fact.subject;
            writeln!(t, "  - {} {}: {}", fact.state.name(), subject.source, fact.summary)?;
        }
        for (source, why) in &one.not_read {
            writeln!(t, "  - not known {source}: {why}")?;
        }
        if let Some(worse) = one.worse {
            writeln!(t, "  what was read in part says {}: it decides nothing", worse.name())?;
        }
    }
    for (told, alert) in &look.told {
        let word = word(*told);
        writeln!(t, "{word} {}: {}", alert.subject.key(), alert.summary)?;
    }
    for (receiver, problem) in &look.problems {
        writeln!(t, "not told {receiver}: {problem}")?;
    }
    Ok(())
}

fn word(told: Told) -> &'static str {
    match told {
        Told::Raised => "raised",
        Told::Resolved => "resolved",
    }
}

/// Lines about what is not as it was at the look before.
pub fn changes(look: &Look, states: &mut BTreeMap<String, State>) -> Vec<String> {
    let now = look.now;
    let mut lines = Vec::new();
    for one in &look.judged {
        let before = states.insert(one.venue.clone(), one.state);
        if before != Some(one.state) {
            let was = before.map(|before| format!(", was {}", before.name())).unwrap_or_default();
            let mut line = format!("{now} {}: {}{was}", one.venue, one.state.name());
            let why = one.facts.iter().filter(|fact| fact.presence == Presence::There);
            let why = why.map(|fact| &fact.summary).chain(one.not_read.values()).next();
            if let Some(why) = why {
                line = format!("{line}: {why}");
            }
            lines.push(line);
        }
    }
    for (told, alert) in &look.told {
        let (word, key) = (word(*told), alert.subject.key());
        lines.push(format!("{now} {}: {word} {key}: {}", alert.subject.venue, alert.summary));
    }
    for (receiver, problem) in &look.problems {
        lines.push(format!("{now} receiver {receiver} was not told: {problem}"));
    }
    lines
}

/// A look, for programs.
pub fn json(look: &Look, holds: bool, is_wrong: bool) -> Value {
    let venues = look.judged.iter().map(|one| {
        let facts = one.facts.iter().filter(|fact| fact.presence == Presence::There);
        let facts = facts.map(|fact| {
            json!({
                "key": fact.subject.key(),
                "source": fact.subject.source,
                "kind": fact.subject.kind,
                "what": fact.subject.what,
                "state": fact.state,
                "summary": fact.summary,
                "private": fact.private,
            })
        });
        json!({
            "venue": one.venue,
            "state": one.state,
            "public_state": one.public_state,
            "worse_reading": one.worse,
            "weak_setup": one.setup,
            "sequence": one.number,
            "as_of": one.as_of.map(|time| time.to_string()),
            "coverage": one.coverage.as_ref().map(ratio),
            "facts": facts.collect::<Vec<_>>(),
            "not_known": one.not_read,
        })
    });
    let told = look.told.iter().map(|(told, alert)| {
        json!({ "id": alert.message_id(*told), "told": told, "summary": alert.summary })
    });
    let problems: BTreeMap<_, _> = look.problems.iter().cloned().collect();
    json!({
        "holds": if holds || is_wrong { json!(holds) } else { Value::Null },
        "now": look.now.to_string(),
        "venues": venues.collect::<Vec<_>>(),
        "told": told.collect::<Vec<_>>(),
        "not_told": problems,
    })
}

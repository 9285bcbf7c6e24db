//! A drill in words.

use std::fmt::Write;

use super::{
    script::{May, Played, Step},
    world::DAY,
};
use crate::format::thousands;

/// All incidents, with their steps where they were not shown before.
pub fn report(played: &[Played], with_steps: bool) -> String {
    let mut text = String::new();
    // A string takes all.
    let _ = write(&mut text, played, with_steps);
    text
}

fn write(t: &mut String, played: &[Played], with_steps: bool) -> std::fmt::Result {
    if with_steps {
        writeln!(t, "{HEAD}")?;
        for incident in played {
            writeln!(t, "\n{}: {}\n", incident.incident.to_uppercase(), incident.title)?;
            incident.steps.iter().try_for_each(|one| t.write_str(&step(one)))?;
        }
    }
    writeln!(t, "\nall steps came out as the documents say\n")?;
    let rows: Vec<_> = played
        .iter()
        .map(|one| [one.incident.to_owned(), span(one.lasted), one.end.to_owned()])
        .collect();
    for [incident, lasted, end] in &rows {
        writeln!(t, "  {incident:<13} {lasted:<12} {end}")?;
    }
    Ok(())
}

/// What the reader has to know.
const HEAD: &str = "\
A venue on a chain in this process, with the contracts of this release: snapshots at midnight, a delay
of 2 days, attestations that are good for 25 hours. Guard, ERC-4626 vault and feed accept a warning.
Commands are those of whoever acts, with their own key (--keystore) and a node (--rpc, --chain-id).
States are `stateOf`; \"read live\" is `liveStateOf`, where it says something else.";

/// One step.
pub fn step(step: &Step) -> String {
    let mut text = String::new();
    let _ = write_step(&mut text, step);
    text
}

fn write_step(t: &mut String, step: &Step) -> std::fmt::Result {
    let Step { at, takes, by, what, commands, gas, came, shown, may, .. } = step;
    let who = if *by == "nobody" { String::new() } else { format!("{by}: ") };
    let later = if *takes == 0 { String::new() } else { format!("+{}", span(*takes)) };
    writeln!(t, "  {}  {later:<13} {who}{what}", moment(*at))?;
    for command in commands {
        writeln!(t, "      $ {command}")?;
    }
    let gas = gas.filter(|gas| *gas > 0);
    let gas = gas.map_or_else(String::new, |gas| format!(" ({} gas)", thousands(gas)));
    writeln!(t, "      {came}{gas}")?;
    writeln!(t, "      {shown}")?;
    for May { by, command, what } in may {
        writeln!(t, "      may act: {by}, {what}\n        $ {command}")?;
    }
    writeln!(t)
}

/// A second since the first snapshot, as a day and a time of it.
fn moment(seconds: u64) -> String {
    let (day, rest) = (seconds / DAY, seconds % DAY);
    format!("day {day}, {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)
}

/// A length of time in its two largest units.
pub fn span(seconds: u64) -> String {
    let units = [(DAY, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut left = seconds;
    let mut parts = Vec::new();
    for (unit, name) in units {
        if left >= unit {
            parts.push(format!("{} {name}", left / unit));
            left %= unit;
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        for (seconds, text) in
            [(0, "0 s"), (59, "59 s"), (3_660, "1 h 1 min"), (2 * DAY + 5, "2 d 5 s")]
        {
            assert_eq!(span(seconds), text);
        }
        assert_eq!(moment(2 * DAY + 6 * 3_600 + 61), "day 2, 06:01:01");
    }
}

//! All that is written to stdout, and errors to stderr.

use std::io::{self, Write};

use anyhow::Result;
use pacioli_postgres::is_address;
use serde_json::{Value, json};

use crate::{outcome::Outcome, shown};

/// What a command found, as text and as JSON.
#[derive(Debug)]
pub struct Report {
    /// Lines for people.
    pub text: String,
    /// The same for programs.
    pub json: Value,
    /// Whether it holds.
    pub holds: bool,
}

impl Report {
    /// How the command ended.
    pub fn outcome(&self) -> Outcome {
        if self.holds { Outcome::Holds } else { Outcome::DoesNotHold }
    }
}

/// A report for which not everything that a verdict rests on was compared: it is printed like any
/// other, and the command ends as one that could not check.
#[derive(Debug)]
pub struct Unfinished(pub Report);

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not everything that a verdict rests on was compared")
    }
}

impl std::error::Error for Unfinished {}

/// A report of a run whose volumes are not all there: it is printed like any other, and the command
/// ends as one to be tried again.
#[derive(Debug)]
pub struct Incomplete(pub Report);

impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("volumes are missing")
    }
}

impl std::error::Error for Incomplete {}

/// Prints a report to stdout. A reader that has seen enough, such as `head`, is not an error.
///
/// # Errors
/// If stdout cannot be written to.
pub fn print(report: &Report, json: bool) -> Result<()> {
    match write(report, json) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Prints a line of a command that goes on, at once. A reader that is gone is not an error.
///
/// # Errors
/// If stdout cannot be written to.
pub fn print_line(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{}", shown::report(text)).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn write(report: &Report, json: bool) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    if json {
        writeln!(stdout, "{}", shown::json(&format!("{:#}", report.json)))?;
    } else {
        stdout.write_all(shown::report(&report.text).as_bytes())?;
    }
    stdout.flush()?;
    Ok(())
}

/// Shows a part of a result before the rest is there, to whoever waits at a terminal.
///
/// # Errors
/// If stdout cannot be written to.
pub fn show(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(shown::report(text).as_bytes())?;
    Ok(stdout.flush()?)
}

/// Prints an error: to stderr, or as a JSON document to stdout.
pub fn complain(error: &anyhow::Error, json: bool) {
    // Where stderr or stdout is closed, the exit code still tells.
    let _ = if json {
        let holds = matches!(Outcome::of(error), Outcome::DoesNotHold).then_some(false);
        let document = json!({ "holds": holds, "error": message(error) });
        writeln!(io::stdout(), "{}", shown::json(&format!("{document:#}")))
    } else {
        writeln!(io::stderr(), "error: {}", shown::error(&message(error)))
    };
}

/// Says what is wrong with the command's arguments, without addresses: they may hold passwords.
pub fn complain_of_arguments(error: &clap::Error, json: bool) {
    let told = error.render().to_string();
    let shown = std::env::args().fold(told.clone(), |told, arg| {
        let value = arg.split_once('=').map_or(&*arg, |(_, value)| value);
        let addresses = [&*arg, value].into_iter().filter(|text| is_address(text));
        addresses.fold(told, |told, address| told.replace(address, "..."))
    });
    if json {
        complain(&anyhow::anyhow!(shown), true);
    } else if shown == told {
        // In colours, where there are any.
        let _ = error.print();
    } else {
        let _ = write!(io::stderr(), "{}", shown::report(&shown));
    }
}

/// Says something on stderr that may be right and should be looked at.
pub fn warn(text: &str) {
    // Where stderr is closed, nobody is there to be warned.
    let _ = writeln!(io::stderr(), "warning: {}", shown::error(text));
}

/// An error and its causes. A cause that its error already contains is left out.
pub fn message(error: &anyhow::Error) -> String {
    let mut causes = error.chain().map(ToString::to_string);
    let first = causes.next().unwrap_or_default();
    causes.fold(
        first,
        |told, cause| {
            if told.contains(&cause) { told } else { format!("{told}: {cause}") }
        },
    )
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let parsed = pacioli_rules::Prices::parse("{").map(|_| ());
        let error = parsed.context("prices.json").unwrap_err();
        assert_eq!(message(&error), "prices.json: the prices end in the middle (line 1)");
    }
}

//! All that is written to stdout, and errors to stderr.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use anyhow::Result;
use serde_json::{Value, json};

use crate::outcome::Outcome;

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

/// What was found where not all was compared that a verdict rests on: it is printed like any report,
/// and the command ends as one that could not check.
#[derive(Debug)]
pub struct Unfinished(pub Report);

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not all was compared that a verdict rests on")
    }
}

impl std::error::Error for Unfinished {}

/// Prints a report to stdout. A reader that has seen enough, such as `head`, is no error.
///
/// # Errors
/// Where stdout cannot be written to.
pub fn print(report: &Report, json: bool) -> Result<()> {
    match write(report, json) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn write(report: &Report, json: bool) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut stdout, &report.json)?;
        writeln!(stdout)?;
    } else {
        stdout.write_all(printable(&report.text).as_bytes())?;
    }
    stdout.flush()?;
    Ok(())
}

/// Prints an error: to stderr, or as a JSON document to stdout.
pub fn complain(error: &anyhow::Error, json: bool) {
    // Where stderr or stdout is closed, the exit code still tells.
    let _ = if json {
        let holds = matches!(Outcome::of(error), Outcome::DoesNotHold).then_some(false);
        let document = json!({ "holds": holds, "error": message(error) });
        writeln!(io::stdout(), "{document:#}")
    } else {
        writeln!(io::stderr(), "error: {}", printable(message(error).trim_end()))
    };
}

/// An error and its causes. A cause that its error has already told of is not told again.
fn message(error: &anyhow::Error) -> String {
    let mut causes = error.chain().map(ToString::to_string);
    let first = causes.next().unwrap_or_default();
    causes.fold(first, |told, cause| match told.contains(&cause) {
        true => told,
        false => format!("{told}: {cause}"),
    })
}

/// The text without control characters, line ends apart: a file that is not ours may hold some that
/// move a terminal's cursor.
fn printable(text: &str) -> Cow<'_, str> {
    let moves = |c: char| c.is_control() && c != '\n';
    if !text.contains(moves) {
        return text.into();
    }
    let show = |c: char| if moves(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(show).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_is_told_once() {
        let parsed = pacioli_prover::prices::Prices::parse("{").map(|_| ());
        let error = parsed.context("prices.json").unwrap_err();
        let told = "EOF while parsing an object at line 1 column 1";
        assert_eq!(message(&error), format!("prices.json: the prices are malformed: {told}"));
    }

    #[test]
    fn a_terminal_is_told_nothing_but_lines() {
        assert_eq!(printable("a\n\x1b[2Jb\u{9b}c\r"), "a\n\\u{1b}[2Jb\\u{9b}c\\r");
        assert_eq!(printable("a\nb"), "a\nb");
    }
}

//! All that is written to stdout, and errors to stderr.

use std::io::{self, Write};

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

/// Prints a report to stdout.
///
/// # Errors
/// Where stdout cannot be written to.
pub fn print(report: &Report, json: bool) -> Result<()> {
    let mut stdout = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut stdout, &report.json)?;
        writeln!(stdout)?;
    } else {
        stdout.write_all(report.text.as_bytes())?;
    }
    stdout.flush()?;
    Ok(())
}

/// Prints an error: to stderr, or as a JSON document to stdout.
pub fn complain(error: &anyhow::Error, json: bool) {
    // Where stderr or stdout is closed, the exit code still tells.
    let _ = if json {
        let holds = matches!(Outcome::of(error), Outcome::DoesNotHold).then_some(false);
        let document = json!({ "holds": holds, "error": format!("{error:#}") });
        writeln!(io::stdout(), "{document:#}")
    } else {
        writeln!(io::stderr(), "error: {error:#}")
    };
}

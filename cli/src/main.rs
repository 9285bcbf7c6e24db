//! `pacioli`: prove that a venue's book is solvent, and check such proofs.
//!
//! Exit codes: 0 holds, 1 checked and does not hold, 2 could not check, 75 try again.

mod args;
mod chart;
mod command;
mod format;
mod outcome;
mod output;
mod presets;
mod progress;
mod sample;
mod shown;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::Args,
    outcome::Outcome,
    output::{Incomplete, Unfinished},
    progress::Shown,
};

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are asked for; anything else is a command that could not be run.
            let asked = !error.use_stderr();
            if asked {
                let printed = error.print();
                return if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
            }
            let json = std::env::args_os().any(|arg| arg == "--json");
            output::complain_of_arguments(&error, json);
            return Outcome::CouldNotCheck.into();
        }
    };
    let progress = Shown::new(args.quiet);
    let result = command::run(&args, &progress);
    progress.finish();
    let found = result.map(|report| (report.outcome(), report)).or_else(|error: anyhow::Error| {
        let error = match error.downcast() {
            Ok(Unfinished(report)) => return Ok((Outcome::CouldNotCheck, report)),
            Err(error) => error,
        };
        let Incomplete(report) = error.downcast()?;
        Ok((Outcome::TryAgain, report))
    });
    let outcome = found.and_then(|(outcome, report)| {
        output::print(&report, args.json)?;
        Ok(outcome)
    });
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            output::complain(&error, args.json);
            Outcome::of(&error).into()
        }
    }
}

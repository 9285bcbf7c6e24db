//! One file per command.

mod check;
mod demo;
mod files;
mod key;
mod prices;
mod prove;
mod report;
mod rules;
mod run;
mod secret;
mod setup;
mod statements;
mod stress;
mod verify;

pub use report::grouped;

use anyhow::Result;

use crate::{
    args::{Args, Command},
    output::Report,
    progress::Shown,
};

/// Runs the command.
///
/// # Errors
/// Where something is missing, unreadable or refused.
pub fn run(args: &Args, progress: &Shown) -> Result<Report> {
    match &args.command {
        Command::Demo(args) => demo::run(args, progress),
        Command::Prove(args) => prove::run(args, progress),
        Command::Verify(args) => verify::run(args, progress),
        Command::Statements(command) => statements::run(command, progress),
        Command::Check(args) => check::run(args, progress),
        Command::Setup(command) => setup::run(command, progress),
        Command::Key(args) => key::run(args, progress),
        Command::Secret(command) => secret::run(command),
        Command::Stress(args) => stress::run(args, progress),
        Command::Prices(command) => prices::run(command),
        Command::Rules(command) => rules::run(command, progress),
    }
}

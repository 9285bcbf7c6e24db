//! One file per command.

mod demo;
mod files;
mod prove;
mod report;
mod setup;
mod verify;

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
        Command::Setup(command) => setup::run(command, progress),
    }
}

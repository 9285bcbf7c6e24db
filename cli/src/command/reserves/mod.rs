//! `pacioli reserves`: evidence of reserves, made and checked.

mod challenge;
mod check;
mod found;
mod json;
pub(super) mod nodes;
mod read;
mod sign;
mod sums;
mod text;

pub use check::{known, nodes, seen};
pub use nodes::{Nodes, host};
pub use read::counted;

use std::path::Path;

use anyhow::{Context, Result};
use pacioli_evidence::Evidence;

use super::files;
use crate::{args::ReservesCommand, output::Report, progress::Shown};

/// Runs the command.
pub fn run(command: &ReservesCommand, progress: &Shown) -> Result<Report> {
    match command {
        ReservesCommand::Challenge(args) => challenge::run(args),
        ReservesCommand::Sign(args) => sign::run(args),
        ReservesCommand::State(args) => sign::state(args),
        ReservesCommand::Read(args) => read::run(args, progress),
        ReservesCommand::Check(args) => check::run(args, progress),
    }
}

/// An evidence file.
pub fn read_evidence(path: &Path) -> Result<Evidence> {
    Evidence::parse(&files::read_text(path)?).with_context(|| path.display().to_string())
}

/// An evidence file, or an empty one where there is none.
fn evidence_to_add_to(path: &Path) -> Result<Evidence> {
    if path.exists() { read_evidence(path) } else { Ok(Evidence::empty()) }
}

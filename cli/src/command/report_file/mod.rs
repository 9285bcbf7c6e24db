//! `pacioli report`: what a checked attestation says, as one page or as a folder for a web server.

mod again;
mod folder;
mod lists;
mod one;
mod site;
mod unverified;

use anyhow::Result;

use crate::{args::ReportArgs, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &ReportArgs, progress: &Shown) -> Result<Report> {
    match &args.site {
        Some(site) => site::run(args, site, progress),
        None => one::run(args, progress),
    }
}

/// The program as reports name it.
const SOFTWARE: &str = concat!("pacioli ", env!("CARGO_PKG_VERSION"));

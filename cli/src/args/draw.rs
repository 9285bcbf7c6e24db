//! Arguments of `pacioli draw`.

use std::path::PathBuf;

use pacioli_attestation::Day;
use pacioli_rules::DrawSource;

/// Arguments of `draw`.
#[derive(Debug, clap::Args)]
pub struct DrawArgs {
    /// The day, such as 2026-11-26. It is drawn once it has ended.
    pub day: Day,
    /// Where the randomness comes from: `drand:quicknet`, or `eip155:1` for prevRandao of Ethereum.
    #[arg(long, value_name = "SOURCE")]
    pub from: DrawSource,
    /// The round or the headers that it is drawn from, in the form that `prove --drawn-from` takes.
    /// Without it, which of them to fetch is told.
    #[arg(long, value_name = "FILE")]
    pub drawn_from: Option<PathBuf>,
}

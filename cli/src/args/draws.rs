//! Arguments of `pacioli draws`: drawn times on a chain.

use std::path::PathBuf;

use alloy_primitives::Address;
use clap::Subcommand;
use pacioli_attestation::Day;
use pacioli_rules::DrawSource;

use super::send::SendArgs;

/// The contract that keeps drawn times.
#[derive(Debug, clap::Args)]
pub struct DrawsArgs {
    /// The contract `Draws`. By default, the one in the file of deployments; see `deploy draws`.
    #[arg(long, value_name = "ADDRESS")]
    pub draws: Option<Address>,
    /// How the transaction is sent.
    #[command(flatten)]
    pub send: SendArgs,
}

/// Arguments of `draws record`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pacioli draws record 2026-11-26 --source eip155:1                 # headers from the node itself
  pacioli draws record 2026-11-26 --source drand:quicknet --fetch   # the round from api.drand.sh
  pacioli draws record 2026-11-26 --source drand:quicknet --drawn-from round.json --dry-run")]
pub struct RecordArgs {
    /// The day, such as 2026-11-26. It is drawn once it has ended.
    pub day: Day,
    /// Where the randomness comes from: `drand:quicknet`, or `eip155:1` for prevRandao of Ethereum.
    #[arg(long, value_name = "SOURCE")]
    pub source: DrawSource,
    /// The round or the headers, in the form that `prove --drawn-from` takes. Without it, headers are
    /// asked of the node.
    #[arg(long, value_name = "FILE")]
    pub drawn_from: Option<PathBuf>,
    /// Fetch the round from a server of drand. Its signature is checked here, whoever serves it.
    #[arg(
        long,
        value_name = "URL",
        num_args = 0..=1,
        default_missing_value = "https://api.drand.sh",
        conflicts_with = "drawn_from"
    )]
    pub fetch: Option<String>,
    /// The contract, and how it is sent.
    #[command(flatten)]
    pub to: DrawsArgs,
}

/// Arguments of `draws pin`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example: keeps the block from which 2026-11-26 is drawn, before it is forgotten after 27 hours.
  pacioli draws pin --day 2026-11-26")]
pub struct PinArgs {
    /// The block from which this day is drawn.
    #[arg(long, required_unless_present = "block", conflicts_with = "block")]
    pub day: Option<Day>,
    /// Any block, by its number.
    #[arg(long, value_name = "NUMBER")]
    pub block: Option<u64>,
    /// The contract, and how it is sent.
    #[command(flatten)]
    pub to: DrawsArgs,
}

/// What is kept of drawn times on a chain, for all venues. Anyone may send it.
#[derive(Debug, Subcommand)]
pub enum DrawsCommand {
    /// Record the second of a day that has ended.
    Record(Box<RecordArgs>),
    /// Keep the hash of a block of Ethereum, so that its day can be drawn later.
    Pin(Box<PinArgs>),
}

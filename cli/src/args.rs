//! The command line, as clap reads it. No work is done here.

mod prices;
mod rules;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use pacioli_prover::{digest::Digest, setup::FileDigest};

pub use self::{
    prices::{AggregateArgs, PricesCommand},
    rules::{CalibrateArgs, RulesCheckArgs, RulesCommand, RulesDiffArgs},
};
use crate::presets;

/// Zero-knowledge proofs that a derivatives venue's book is solvent.
///
/// Exit codes: 0 holds, 1 checked and does not hold, 2 could not check.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// Show no progress on stderr.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prove and verify a made-up venue, and show forgeries being refused. Needs nothing.
    Demo(DemoArgs),
    /// Prove a book: from snapshot, rules and prices to an attestation.
    Prove(ProveArgs),
    /// Check an attestation and print what it says.
    Verify(VerifyArgs),
    /// Give account holders their statements.
    #[command(subcommand)]
    Statements(StatementsCommand),
    /// Check a statement: that these lines are in the book, under this id.
    Check(CheckArgs),
    /// Import a trusted setup, or make an insecure one for tests.
    #[command(subcommand)]
    Setup(SetupCommand),
    /// Write the verifying key of an attestation's circuit under a setup: a small file that holders
    /// check with.
    Key(KeyFileArgs),
    /// Make the operator's secret.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// See what becomes of a private book in crashes, squeezes and depegs, without proving it.
    Stress(StressArgs),
    /// Make a prices file out of several sources.
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Check, compare and calibrate rules.
    #[command(subcommand)]
    Rules(RulesCommand),
}

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Also write the sample's files and its attestation into this new directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `prove`.
#[derive(Debug, clap::Args)]
pub struct ProveArgs {
    /// Who holds how much of what: CSV or Parquet.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// The classes of the snapshot's accounts that are no customers': CSV of `account,class`.
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
    /// What may be held, what it counts for, what must hold: TOML, or `preset:NAME`.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help("What may be held, what it counts for, what must hold: TOML")
    )]
    pub rules: PathBuf,
    /// The price of every asset: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
    /// What the venue holds, and where: JSON.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// The setup, as `pacioli setup` wrote it. Its size is the size of a volume.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// A directory for the attestation and, in `private`, what statements are made from; made if
    /// it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The venue's name in the attestation; the rules' name where left out.
    #[arg(long)]
    pub venue: Option<String>,
    /// When the snapshot was taken, such as 2026-11-21T00:00:00Z; the prices' time where left out.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// The attestation before this one, to be chained to it.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// The operator's secret, as `pacioli secret new` wrote it. Without one, a fresh secret is kept
    /// with the run's private files.
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
    /// Round quantities finer than their instrument, in the customers' favour, and say so in the
    /// attestation.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and loans of assets without a price, and say so in the attestation.
    #[arg(long)]
    pub exclude_unpriced: bool,
}

/// Which key a verifier goes by.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// The setup it has to be proved under. Without one, the key is that of the insecure setup.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
    /// The verifying key it has to be proved under, as `pacioli key` wrote it.
    #[arg(long, value_name = "FILE", conflicts_with = "setup", requires = "key_digest")]
    pub key: Option<PathBuf>,
    /// The key's digest, from someone you trust to have made it from the setup: no key is taken on
    /// its own word.
    #[arg(long, value_name = "DIGEST", requires = "key")]
    pub key_digest: Option<Digest>,
    /// Accept a proof under the insecure setup, which proves nothing.
    #[arg(long)]
    pub accept_insecure_setup: bool,
}

/// Arguments of `key`.
#[derive(Debug, clap::Args)]
pub struct KeyFileArgs {
    /// The setup.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// The attestation whose sizes the key is for.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// The attestation.
    pub attestation: PathBuf,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The digest of the rules it has to follow, as printed by `verify`. Without one the rules are
    /// whatever the publisher chose: read them.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Option<Digest>,
    /// The attestation before it, which it has to be chained to.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
}

/// What to do about statements.
#[derive(Debug, Subcommand)]
pub enum StatementsCommand {
    /// Open the pages of a run, so that every statement can be given at once. Goes on where it was
    /// stopped.
    Build(BuildArgs),
    /// Print one holder's statement in plain numbers.
    Show(StatementArgs),
    /// Write one holder's statement to a file.
    Export(ExportArgs),
}

/// A run and what its statements need.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The directory that `pacioli prove` wrote.
    #[arg(long, value_name = "DIR")]
    pub run: PathBuf,
    /// The operator's secret, where `prove` was given one.
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
}

/// Arguments of `statements build`.
#[derive(Debug, clap::Args)]
pub struct BuildArgs {
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
    /// The setup that the run was proved with.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
}

/// Arguments of `statements show`.
#[derive(Debug, clap::Args)]
pub struct StatementArgs {
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
    /// The holder's id.
    #[arg(long)]
    pub account: String,
    /// The setup that the run was proved with: opens this one page where the statements are not
    /// built.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
}

/// Arguments of `statements export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Whose statement, of which run.
    #[command(flatten)]
    pub statement: StatementArgs,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The statement.
    pub statement: PathBuf,
    /// The attestation it belongs to.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// Your own id at the venue, one that only you bear. Without it the statement's is taken: look
    /// whether it is yours.
    #[arg(long)]
    pub id: Option<String>,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
}

/// What to do about the operator's secret.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Write a fresh secret to a new file that only you can read.
    New(NewSecretArgs),
}

/// Arguments of `secret new`.
#[derive(Debug, clap::Args)]
pub struct NewSecretArgs {
    /// The file to write; it must not be there yet.
    pub out: PathBuf,
}

/// What to do about setups.
#[derive(Debug, Subcommand)]
pub enum SetupCommand {
    /// Import powers of tau from a `.ptau` file prepared for phase 2, checking every point.
    Import(ImportArgs),
    /// Make the insecure setup, whose tau everyone knows. For tests and measurements only.
    Insecure(InsecureArgs),
}

/// Arguments of `setup import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The `.ptau` file.
    pub file: PathBuf,
    /// Rows of a volume, as a power of two.
    #[arg(long, default_value_t = 18)]
    pub k: u32,
    /// The file's BLAKE2b digest (`b2sum FILE`), for a file of no ceremony known here.
    #[arg(long)]
    pub digest: Option<FileDigest>,
    /// Where to write the setup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `setup insecure`.
#[derive(Debug, clap::Args)]
pub struct InsecureArgs {
    /// Rows of a volume, as a power of two.
    #[arg(long)]
    pub k: u32,
    /// Where to write the setup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `stress`.
#[derive(Debug, clap::Args)]
pub struct StressArgs {
    /// Who holds how much of what: CSV or Parquet.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// What may be held and what it counts for: TOML, or `preset:NAME`. Its stress scenarios and
    /// policy are left aside.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help(
            "What may be held and what it counts for (stress scenarios and policy are left aside): TOML"
        )
    )]
    pub rules: PathBuf,
    /// The price of every asset: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
    /// What the venue holds, its insurance fund with it: JSON. Without it the fund is nothing.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// Scenarios that come with pacioli. All of them where neither sets, scenarios nor a sweep are
    /// asked for.
    #[arg(
        long,
        value_name = "SET",
        value_delimiter = ',',
        value_parser = ["all", "historical", "squeezes", "depegs", "stale-oracle", "flat"]
    )]
    pub set: Vec<String>,
    /// Scenarios of one's own: TOML, or JSON where the name ends so.
    #[arg(long, value_name = "FILE")]
    pub scenarios: Option<PathBuf>,
    /// Move all shocked assets, or this one alone, from -90 % to +200 %, and find the moves at which
    /// bad debt exceeds the insurance fund.
    #[arg(long, value_name = "ASSET")]
    pub sweep: Option<Option<String>>,
    /// Draw bad debt against the insurance fund into this file.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// End with exit code 1 where bad debt exceeds the insurance fund, at mark or in a scenario; a
    /// sweep does not count.
    #[arg(long)]
    pub fail_on_bad_debt: bool,
    /// Round quantities finer than their instrument, in the customers' favour.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and loans of assets without a price.
    #[arg(long)]
    pub exclude_unpriced: bool,
}

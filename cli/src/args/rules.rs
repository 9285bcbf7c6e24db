//! Arguments of `pacioli rules`.

use std::path::PathBuf;

use clap::Subcommand;
use pacioli_rules::Decimal;

use super::stress::sets;
use crate::presets;

/// Commands about rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Check a rules file and, with prices, print the instrument table it compiles to.
    Check(RulesCheckArgs),
    /// Print rules: those of a preset that comes with pacioli, or a file's.
    Show(RulesShowArgs),
    /// Describe how two rules files differ, and which is stricter. Exits with 1 if they differ.
    Diff(RulesDiffArgs),
    /// Add stress scenarios to rules: those of a set that comes with pacioli, or your own. Never
    /// changes a file.
    Add(RulesAddArgs),
    /// Propose weights and margins from price history. Never changes a file.
    Calibrate(Box<CalibrateArgs>),
}

/// Arguments of `rules check`.
#[derive(Debug, clap::Args)]
pub struct RulesCheckArgs {
    /// The rules file.
    pub rules: PathBuf,
    /// Prices to compile them with.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
}

/// Arguments of `rules show`.
#[derive(Debug, clap::Args)]
pub struct RulesShowArgs {
    /// The rules.
    #[arg(help = presets::help("The rules file"))]
    pub rules: PathBuf,
}

/// Arguments of `rules diff`.
#[derive(Debug, clap::Args)]
pub struct RulesDiffArgs {
    /// The rules before.
    pub before: PathBuf,
    /// The rules after.
    pub after: PathBuf,
}

/// Arguments of `rules add`.
#[derive(Debug, clap::Args)]
pub struct RulesAddArgs {
    /// The rules, whose text stays as it is.
    #[arg(help = presets::help("The rules, whose text stays as it is"))]
    pub rules: PathBuf,
    /// Scenarios that come with pacioli. Several sets with commas, or the option several times.
    #[arg(
        long,
        value_name = "SET",
        value_delimiter = ',',
        value_parser = sets([]),
        required_unless_present = "scenarios"
    )]
    pub set: Vec<String>,
    /// Your own scenarios: TOML, or JSON if the name ends in `.json`.
    #[arg(long, value_name = "FILE")]
    pub scenarios: Option<PathBuf>,
    /// Leave out moves of this asset, which the rules do not have. Several assets with commas, or
    /// the option several times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
    /// The file for the rules with the scenarios; it must not exist yet.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `rules calibrate`.
#[derive(Debug, clap::Args)]
pub struct CalibrateArgs {
    /// The rules in force.
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
    /// Price history, CSV: time,asset,price or time,asset,open,high,low,close, with or
    /// without volume; at least one asset with 60 days.
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub history: Vec<PathBuf>,
    /// The file for the proposed rules; it must not exist yet.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Days to close a position of negligible size, for maintenance margin.
    #[arg(long, value_name = "DAYS", default_value_t = 1)]
    pub horizon: u32,
    /// The same, for initial margin and weights.
    #[arg(long, value_name = "DAYS", default_value_t = 2)]
    pub initial_horizon: u32,
    /// The number of last days over which realised volatility is taken.
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    pub window: usize,
    /// The weight of a day relative to the next, in the weighted volatility.
    #[arg(long, value_name = "PART", default_value = "0.94")]
    pub lambda: Decimal,
    /// The part of a day's volume that can be closed in that day.
    #[arg(long, value_name = "PART", default_value = "0.1")]
    pub participation: Decimal,
    /// A book to try current and proposed rules on; requires --prices.
    #[arg(long, value_name = "FILE", requires = "prices")]
    pub snapshot: Option<PathBuf>,
    /// The query whose result is that book, where it is a database: SQL.
    #[arg(long, value_name = "FILE", requires = "snapshot")]
    pub query: Option<PathBuf>,
    /// The classes of that book's accounts other than customers: CSV of `account,class`.
    #[arg(long, value_name = "FILE", requires = "snapshot")]
    pub classes: Option<PathBuf>,
    /// The prices of that book.
    #[arg(long, value_name = "FILE", requires = "snapshot")]
    pub prices: Option<PathBuf>,
    /// Round quantities that have more decimals than their instrument, as `prove` does.
    #[arg(long, requires = "snapshot")]
    pub round: bool,
    /// Leave out deposits and borrows of this asset, which has no price, as `prove` does.
    #[arg(long, value_name = "ASSET", value_delimiter = ',', requires = "snapshot")]
    pub leave_out: Vec<String>,
}

//! Arguments of `pacioli stress`.

use std::path::PathBuf;

use crate::presets;

/// Arguments of `stress`.
#[derive(Debug, clap::Args)]
pub struct StressArgs {
    /// Who holds how much of what: CSV or Parquet.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// The classes of the snapshot's accounts that are no customers': CSV of `account,class`.
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
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
        value_parser = ["all", "historical", "squeezes", "depegs", "stale-oracle", "flat", "volatility"]
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
    /// Leave out deposits and loans of this asset, which has no price. Several with commas between
    /// them, or the option several times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
}

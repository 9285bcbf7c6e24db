//! Arguments of `pacioli stress`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use pacioli_risk::stress::SETS;

use super::{limits::Share, seconds::Seconds};
use crate::presets;

/// The names of the sets that come with pacioli, and other words.
pub fn sets<const N: usize>(others: [&'static str; N]) -> PossibleValuesParser {
    PossibleValuesParser::new(others.into_iter().chain(SETS.map(|(name, _)| name)))
}

/// Arguments of `stress`.
#[derive(Debug, clap::Args)]
pub struct StressArgs {
    /// Accounts and their positions: CSV or Parquet, or `postgres://USER@HOST/DATABASE`.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// The query whose result is the snapshot, where that is a database: SQL.
    #[arg(long, value_name = "FILE")]
    pub query: Option<PathBuf>,
    /// The classes of the snapshot's accounts other than customers: CSV of `account,class`.
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
    /// Instruments and their weights: TOML, or `preset:NAME`. Its stress scenarios and policy are
    /// ignored.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help(
            "Instruments and their weights (stress scenarios and policy are ignored): TOML"
        )
    )]
    pub rules: PathBuf,
    /// The price of every asset: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
    /// The venue's reserves, including its insurance fund: JSON. Without it the fund is 0.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// Scenarios that come with pacioli: all of them if no set, scenarios file or sweep is given.
    #[arg(
        long,
        value_name = "SET",
        value_delimiter = ',',
        value_parser = sets(["all"])
    )]
    pub set: Vec<String>,
    /// Your own scenarios: TOML, or JSON if the name ends in `.json`.
    #[arg(long, value_name = "FILE")]
    pub scenarios: Option<PathBuf>,
    /// Move all shocked assets, or only this one, from -90 % to +200 %, and find the moves at which
    /// bad debt exceeds the insurance fund.
    #[arg(long, value_name = "ASSET")]
    pub sweep: Option<Option<String>>,
    /// Say how fast the crashes of the set `historical` are: the time from each state of a registry to bad
    /// debt beyond the insurance fund, along the lowest prices of every four hours.
    #[arg(long)]
    pub speed: bool,
    /// With --speed: how old an attestation may be, as the venue registered.
    #[arg(long, value_name = "TIME", default_value = "25h", requires = "speed")]
    pub max_age: Seconds,
    /// With --speed: how far what is owed may move before an attestation is a warning; 0% is no
    /// band.
    #[arg(long, value_name = "SHARE", default_value = "50%", requires = "speed")]
    pub band_owed: Share,
    /// With --speed: how far a price may move; 0% is no band.
    #[arg(long, value_name = "SHARE", default_value = "0%", requires = "speed")]
    pub band_prices: Share,
    /// Draw bad debt against the insurance fund into this file.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Exit with 1 if bad debt exceeds the insurance fund, at mark, in a scenario or on a path of
    /// --speed; a sweep does not count.
    #[arg(long)]
    pub fail_on_bad_debt: bool,
    /// Round quantities that have more decimals than their instrument, in the customers' favour.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and borrows of this asset, which has no price. Several assets with commas,
    /// or the option several times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
}

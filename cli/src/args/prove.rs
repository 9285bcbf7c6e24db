//! Arguments of `pacioli prove`, and what it shares with `pacioli deal`.

use std::path::PathBuf;

use crate::presets;

/// Arguments of `prove`.
#[derive(Debug, clap::Args)]
pub struct ProveArgs {
    /// What is proved.
    #[command(flatten)]
    pub book: Option<BookArgs>,
    /// A directory for the attestation and, in `private`, the data that statements are made from;
    /// created if missing. A run that was stopped in it is continued.
    #[arg(long, value_name = "DIR", required_unless_present = "status")]
    pub out: Option<PathBuf>,
    /// Prove nothing: say how many volumes are proved, and how long the rest takes, in a directory
    /// that `prove` is writing, or where a run is dealt: a folder or `s3://bucket/prefix`.
    #[arg(
        long,
        value_name = "RUN",
        conflicts_with_all = ["snapshot", "rules", "prices", "setup", "out"]
    )]
    pub status: Option<String>,
}

/// A book and what it is proved under.
#[derive(Debug, clap::Args)]
pub struct BookArgs {
    /// Accounts and their positions: CSV or Parquet, or `postgres://USER@HOST/DATABASE`.
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// The query whose result is the snapshot, where that is a database: SQL.
    #[arg(long, value_name = "FILE")]
    pub query: Option<PathBuf>,
    /// The classes of the snapshot's accounts other than customers: CSV of `account,class`.
    #[arg(long, value_name = "FILE")]
    pub classes: Option<PathBuf>,
    /// Instruments, their weights, scenarios and policy: TOML, or `preset:NAME`.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help("Instruments, their weights, scenarios and policy: TOML")
    )]
    pub rules: PathBuf,
    /// The price of every asset: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
    /// The venue's reserves and where they are: JSON.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// The setup, as `pacioli setup` wrote it. Its size is the size of a volume.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// The venue's name in the attestation; by default, the rules' name.
    #[arg(long)]
    pub venue: Option<String>,
    /// The snapshot's time, such as 2026-11-21T00:00:00Z; by default, the drawn second, or the
    /// prices' time.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// What the snapshot's time was drawn from, JSON: a round as drand's API returns it, or
    /// `{"parent": ..., "block": ...}` with blocks as `eth_getBlockByNumber` returns them or the RLP
    /// of their headers. `pacioli draw` says which.
    #[arg(long, value_name = "FILE")]
    pub drawn_from: Option<PathBuf>,
    /// The previous attestation, to which this one is chained.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// The operator's secret, as `pacioli secret new` wrote it. Without one, a fresh secret is kept
    /// with the run's private files.
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
    /// Round quantities that have more decimals than their instrument, in the customers' favour, and
    /// say so in the attestation.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and borrows of this asset, which has no price, and say so in the attestation.
    /// Several assets with commas, or the option several times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
}

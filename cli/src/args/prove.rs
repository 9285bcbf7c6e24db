//! Arguments of `pacioli prove`.

use std::path::PathBuf;

use crate::presets;

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
    /// Leave out deposits and loans of this asset, which has no price, and say so in the attestation.
    /// Several with commas between them, or the option several times.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
}

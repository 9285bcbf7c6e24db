//! Arguments of `pacioli observe`: what an observer compares every day is in a file.

use std::path::PathBuf;

use clap::Subcommand;

/// Arguments of `observe`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exits with 0 if it signed, would sign (--dry-run), or the registry has the attestation already; with 1 if \
anything differs, and lists it, whatever else is not known; with 2 if something that was to be compared could not be, and with 75 if \
it may be later, as where a node does not answer. Only with 0 is anything signed. An alarm is signed with \
1, where it was asked for.

Example, first by hand and then by cron:
  pacioli observe init
  pacioli observe --dry-run
  pacioli observe --alarm alarm.json")]
pub struct ObserveArgs {
    /// Something else than observing.
    #[command(subcommand)]
    pub command: Option<ObserveCommand>,
    /// What is compared, and who signs; paths in it are as seen from its folder.
    #[arg(long, value_name = "FILE", default_value = "observe.toml")]
    pub config: PathBuf,
    /// The attestation, in place of the file's: a file or a URL.
    #[arg(long, value_name = "FILE|URL")]
    pub attestation: Option<String>,
    /// Compare, and sign nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The file of an alarm, which is signed where a breach is found: the venue's own policy fails, a
    /// reserve is less than attested, or there are two attestations of one number. It has to fit the
    /// registry.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub alarm: Option<PathBuf>,
    /// Sign though clauses of the venue's own policy fail, so that everyone sees it.
    #[arg(long)]
    pub though_failing: bool,
    /// Sign though you saw another attestation of this number, which the registry has not appended:
    /// you know why it was made again.
    #[arg(long)]
    pub instead: bool,
    /// Sign though the node's latest block and this machine's clock are more than ten minutes apart,
    /// as on a test chain.
    #[arg(long)]
    pub any_time: bool,
}

/// Commands beside observing.
#[derive(Debug, Subcommand)]
pub enum ObserveCommand {
    /// Write a commented file of what is compared, to be filled in.
    Init {
        /// The file to write.
        #[arg(long, value_name = "FILE", default_value = "observe.toml")]
        out: PathBuf,
    },
}

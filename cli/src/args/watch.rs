//! Arguments of `pacioli watch`.

use std::path::PathBuf;

use clap::Subcommand;

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct WatchArgs {
    /// Something else than watching.
    #[command(subcommand)]
    pub command: Option<WatchCommand>,
    /// The configuration: TOML, as `pacioli watch init` writes it.
    #[arg(value_name = "CONFIG", default_value = "watch.toml")]
    pub config: PathBuf,
    /// Look once, tell who has to know, and end: with 0 if every venue is healthy, with 1 if one is
    /// not, with 75 if that is not known of one and nothing worse of any, with 2 if the configuration
    /// cannot be used. For cron.
    #[arg(long)]
    pub once: bool,
    /// The current time, from which ages are counted; by default, the clock's. For files of another
    /// day.
    #[arg(long, value_name = "TIME", requires = "once")]
    pub now: Option<String>,
}

/// What else there is.
#[derive(Debug, Subcommand)]
pub enum WatchCommand {
    /// Write a commented configuration to begin with.
    Init {
        /// The new file.
        #[arg(value_name = "FILE", default_value = "watch.toml")]
        file: PathBuf,
    },
}

//! Arguments of `pacioli statements`.

use std::path::PathBuf;

use clap::Subcommand;

/// Commands about statements.
#[derive(Debug, Subcommand)]
pub enum StatementsCommand {
    /// Open the pages of a run, so that every statement can be given at once. Resumes after an
    /// interruption.
    Build(BuildArgs),
    /// Print one holder's statement in plain numbers.
    Show(StatementArgs),
    /// Write holders' statements: one to a file, many or all to a folder.
    Export(ExportArgs),
}

/// A run and what its statements need.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The directory that `pacioli prove` wrote.
    #[arg(long, value_name = "DIR")]
    pub run: PathBuf,
    /// The operator's secret, if `prove` was given one.
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
    /// Take in the pages that `open-volume` opened: where the run is dealt, a folder or
    /// `s3://bucket/prefix`. Opens nothing itself.
    #[arg(long, value_name = "RUN", requires = "private")]
    pub from: Option<String>,
    /// The dealer's own folder, which `deal` made.
    #[arg(long, value_name = "DIR", requires = "from")]
    pub private: Option<PathBuf>,
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
    /// The setup that the run was proved with: opens this one page if the statements are not
    /// built.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
}

/// Arguments of `statements export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pacioli statements export --run today --account 4711 --out 4711.json
  pacioli statements export --run today --all --out statements
  pacioli statements export --run today --accounts ids.txt --recipients keys.txt --out statements")]
pub struct ExportArgs {
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
    /// Whose.
    #[command(flatten)]
    pub whose: WhoseArgs,
    /// The setup that the run was proved with: opens the pages that are not opened yet. For one account
    /// that is its page alone.
    #[arg(long, value_name = "FILE")]
    pub setup: Option<PathBuf>,
    /// Encrypt each statement to its holder's key, with age. A line for each account: the key, which
    /// begins with `age1`, a space, and the id.
    #[arg(long, value_name = "FILE")]
    pub recipients: Option<PathBuf>,
    /// The file to write; of `--all` and `--accounts` a folder: a file for each account, under a name that
    /// tells nothing, and `index.json`, which says whose each is. What is there stays, so that a run
    /// that was interrupted goes on.
    #[arg(long, value_name = "FILE|DIR")]
    pub out: PathBuf,
}

/// Whose statements are exported.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct WhoseArgs {
    /// One holder's, by id.
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    /// Those of a list: one id a line, `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub accounts: Option<PathBuf>,
    /// Everyone's.
    #[arg(long)]
    pub all: bool,
}

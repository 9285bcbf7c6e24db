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
    /// Write one holder's statement to a file.
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
pub struct ExportArgs {
    /// The statement's run and holder.
    #[command(flatten)]
    pub statement: StatementArgs,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

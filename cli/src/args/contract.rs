//! Arguments of `pacioli contract`.

use std::path::PathBuf;

use clap::Subcommand;

use super::verify::KeyArgs;

/// Arguments of `contract`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ContractArgs {
    /// Something else to write.
    #[command(subcommand)]
    pub command: Option<ContractCommand>,
    /// The key that the verifier is for.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Rows of a volume, as a power of two; by default, the setup's.
    #[arg(long, conflicts_with = "key")]
    pub k: Option<u32>,
    /// Slots of a page.
    #[arg(long, default_value_t = 64, conflicts_with = "key")]
    pub page_size: usize,
    /// A directory for the contracts and the compiler's input; created if missing.
    #[arg(long, value_name = "DIR", required = true)]
    pub out: Option<PathBuf>,
}

/// Outputs of `contract` other than contracts.
#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// Write the rules as a contract reads them, and print what must hold.
    Program(ProgramArgs),
}

/// Arguments of `contract program`.
#[derive(Debug, clap::Args)]
pub struct ProgramArgs {
    /// Rules and prices.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// The inputs of a program.
#[derive(Debug, clap::Args)]
pub struct RulesArgs {
    /// Instruments, their weights, scenarios and policy: TOML, or `preset:NAME`.
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
    /// Prices of the same assets as in future attestations: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: PathBuf,
}

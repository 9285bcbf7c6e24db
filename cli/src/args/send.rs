//! How a command reaches a chain: the node, the key, and what is printed instead of sent.

use std::path::PathBuf;

use alloy_primitives::{Address, B256};
use clap::ValueEnum;

use super::seconds::Seconds;

/// The node to ask.
#[derive(Debug, clap::Args)]
pub struct NodeArgs {
    /// The node's address. By default, PACIOLI_RPC_URL in the environment.
    #[arg(long, value_name = "URL")]
    pub rpc: Option<String>,
    /// The file that records what was deployed and registered, by chain. `deploy` and `register` write
    /// it, and the others find the registry, the venue and the first block there.
    #[arg(long, value_name = "FILE", default_value = "deployments.json")]
    pub deployments: PathBuf,
}

/// The node to send transactions to, and the key that signs them.
///
/// The key is never an argument: it is in a keystore file, whose password is in
/// PACIOLI_KEYSTORE_PASSWORD or in the file that PACIOLI_KEYSTORE_PASSWORD_FILE names, or it is in
/// PACIOLI_PRIVATE_KEY.
#[derive(Debug, clap::Args)]
pub struct SenderArgs {
    /// The node.
    #[command(flatten)]
    pub node: NodeArgs,
    /// The key's keystore file; its password is in PACIOLI_KEYSTORE_PASSWORD, or in the file that
    /// PACIOLI_KEYSTORE_PASSWORD_FILE names. Without it, the key is PACIOLI_PRIVATE_KEY.
    #[arg(long, value_name = "FILE")]
    pub keystore: Option<PathBuf>,
}

/// In which form a transaction is printed for somebody else to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Receiver, value and calldata.
    Raw,
    /// A file for Safe's Transaction Builder.
    Safe,
    /// OpenZeppelin's TimelockController: what to schedule now, and what to execute later.
    Timelock,
    /// OpenZeppelin's Governor: what to propose now, then to queue, then to execute.
    Governor,
}

/// How transactions are sent, tried or printed.
#[derive(Debug, clap::Args)]
pub struct SendArgs {
    /// The node, and the key.
    #[command(flatten)]
    pub sender: SenderArgs,
    /// The chain's number, so that nothing is sent to another: 1 is Ethereum. By default,
    /// PACIOLI_CHAIN_ID in the environment.
    #[arg(long, value_name = "NUMBER")]
    pub chain_id: Option<u64>,
    /// Send nothing: say what the transactions would cost and do, and what the verdict would be then.
    #[arg(long, conflicts_with = "unsigned")]
    pub dry_run: bool,
    /// Print the transactions instead of sending them, for a multisig or a timelock.
    #[arg(long, value_name = "FORM", num_args = 0..=1, default_missing_value = "raw")]
    pub unsigned: Option<Form>,
    /// Whose transactions they would be, to try or to print them. By default, the key's account, or the
    /// owner of the venue.
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<Address>,
    /// With `--unsigned timelock`: the timelock's delay.
    #[arg(long, value_name = "TIME", required_if_eq("unsigned", "timelock"))]
    pub timelock_delay: Option<Seconds>,
    /// With `--unsigned timelock`: the address of the timelock.
    #[arg(long, value_name = "ADDRESS", required_if_eq("unsigned", "timelock"))]
    pub timelock: Option<Address>,
    /// With `--unsigned timelock`: makes two equal operations different.
    #[arg(long, value_name = "HASH", default_value_t = B256::ZERO)]
    pub salt: B256,
    /// With `--unsigned timelock`: the operation that must be executed first.
    #[arg(long, value_name = "HASH", default_value_t = B256::ZERO)]
    pub predecessor: B256,
    /// With `--unsigned governor`: the address of the governor.
    #[arg(long, value_name = "ADDRESS", required_if_eq("unsigned", "governor"))]
    pub governor: Option<Address>,
    /// With `--unsigned governor`: the text of the proposal. The number of the proposal follows from it.
    #[arg(long, value_name = "TEXT", required_if_eq("unsigned", "governor"))]
    pub description: Option<String>,
}

/// A venue of a registry.
#[derive(Debug, clap::Args)]
pub struct VenueArgs {
    /// The registry's address. By default, the one that was deployed last by the file of deployments,
    /// or else that of this release.
    #[arg(long, value_name = "ADDRESS")]
    pub registry: Option<Address>,
    /// The venue's id in the registry, as `register` printed it, or its name in the file of
    /// deployments.
    #[arg(long = "venue", value_name = "ID")]
    pub id: String,
}

//! Who signs a message for a venue, with which key, and into which file.

use std::path::PathBuf;

use alloy_primitives::Address;

use super::send::{SenderArgs, VenueArgs};

/// A signer: of an attestation, a confirmation, an alarm or a reading.
#[derive(Debug, clap::Args)]
pub struct SignerArgs {
    /// The venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// The registry's chain, and the key that signs.
    #[command(flatten)]
    pub sender: SenderArgs,
    /// The registry's chain, by its number. By default, PACIOLI_CHAIN_ID in the environment.
    #[arg(long, value_name = "NUMBER")]
    pub chain_id: Option<u64>,
    /// Sign though the node's latest block and this machine's clock are more than ten minutes apart,
    /// as on a test chain. Elsewhere such a node is behind, or wants a signature for later.
    #[arg(long)]
    pub any_time: bool,
    /// Whose signature it will be, where no key is here: a Safe's or another wallet's. The file is
    /// written without it, and the digest to sign is printed.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "keystore")]
    pub signer: Option<Address>,
    /// A program that signs for --signer, as a hardware wallet's: it gets what is signed as one JSON
    /// document on its standard input, and answers with 0x and the 130 digits of a signature. See
    /// observers.md.
    #[arg(long, value_name = "PROGRAM", requires = "signer")]
    pub exec: Option<PathBuf>,
    /// An argument for that program; once for each.
    #[arg(long, value_name = "ARGUMENT", requires = "exec", allow_hyphen_values = true)]
    pub exec_arg: Vec<String>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

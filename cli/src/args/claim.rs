//! Arguments of `pacioli claim`.

use std::path::PathBuf;

use alloy_primitives::Address;

use super::{
    send::{SendArgs, VenueArgs},
    verify::KeyArgs,
};

/// Arguments of `claim`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A transaction that is sent publishes the statement: its lines, quantities and nonce. Only the address \
that is the statement's id may claim.")]
pub struct ClaimArgs {
    /// How the transaction is sent.
    #[command(flatten)]
    pub send: SendArgs,
    /// The venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// The statement, which is checked first.
    #[arg(long, value_name = "FILE")]
    pub statement: PathBuf,
    /// The attestation that it is of, which is verified first.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// The key to verify it under.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The contract that checks statements under this key, and keeps the claim.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "fund", conflicts_with = "fund")]
    pub statements: Option<Address>,
    /// The venue's fund, which pays after a breach: a Compensation contract.
    #[arg(long, value_name = "ADDRESS")]
    pub fund: Option<Address>,
    /// The compiler's output for that key's contracts: where `deploy statements` puts the contract that
    /// checks statements follows from it. Without it, that of the demo's key alone is known.
    #[arg(long, value_name = "FILE")]
    pub build: Option<PathBuf>,
    /// Claim though the code of the contract that checks statements was compared with nothing: it may
    /// take the claims of others that hold nothing, and with --statements keep none. What is sent is
    /// published all the same.
    #[arg(long, conflicts_with = "build")]
    pub accept_unknown_code: bool,
    /// Whom the fund pays. By default, the account that claims.
    #[arg(long, value_name = "ADDRESS", requires = "fund")]
    pub payee: Option<Address>,
}

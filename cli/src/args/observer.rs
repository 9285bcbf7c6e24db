//! Arguments of `pacioli observer`: what observers of a venue sign, and what is sent of it.

use std::path::PathBuf;

use alloy_primitives::Address;
use clap::Subcommand;
use jiff::Timestamp;

use super::{
    seconds::Seconds,
    signer::SignerArgs,
    venue::{ActArgs, ComparedArg},
};

/// Signatures, as the commands that sign write them.
#[derive(Debug, clap::Args)]
pub struct SignatureArgs {
    /// A file of one signature; once for each.
    #[arg(long = "signature", value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Arguments of `observer sign-confirmation`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  pacioli observer sign-confirmation --venue Exchange --compared prices,balances --out mine.json")]
pub struct SignConfirmationArgs {
    /// Who signs.
    #[command(flatten)]
    pub signer: SignerArgs,
    /// What you compared, to know why the figure moved. See observers.md.
    #[arg(long, value_name = "WHAT", value_delimiter = ',', required = true)]
    pub compared: Vec<ComparedArg>,
    /// The only account that may send it.
    #[arg(long, value_name = "ADDRESS", default_value_t = Address::ZERO)]
    pub carrier: Address,
}

/// Arguments of `observer sign-alarm`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example: the first observer says how long, the others sign the same.
  pacioli observer sign-alarm --venue Exchange --reason \"withdrawals stopped\" --lasts 12h --out a.json
  pacioli observer sign-alarm --venue Exchange --same-as a.json --out b.json")]
pub struct SignAlarmArgs {
    /// Who signs.
    #[command(flatten)]
    pub signer: SignerArgs,
    /// Why; everybody can read it. Of more than 32 bytes, only the hash is sent: publish the text.
    #[arg(long, required_unless_present = "same_as")]
    pub reason: Option<String>,
    /// How long the pause lasts, from the latest block on; 24h at most.
    #[arg(long, value_name = "TIME", conflicts_with = "until")]
    pub lasts: Option<Seconds>,
    /// When the pause lapses. By default, a minute before the longest that the contract takes.
    #[arg(long, value_name = "UTC")]
    pub until: Option<Timestamp>,
    /// Sign the reason and the end of another observer's alarm.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["reason", "lasts", "until"])]
    pub same_as: Option<PathBuf>,
}

/// Arguments of `observer sign-reading`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What you must compare beside what is read here is in on-chain-reserves.md: whose the address is, and that \
its custodian said there that it backs this venue.

Example: the first observer reads the last final block, the others read the same one.
  pacioli observer sign-reading --venue Exchange --on 10 --token 0x… --custodian 0x… \\
      --read-rpc https://… --out a.json
  pacioli observer sign-reading --venue Exchange --same-as a.json --read-rpc https://… --out b.json")]
pub struct SignReadingArgs {
    /// Who signs.
    #[command(flatten)]
    pub signer: SignerArgs,
    /// The other chain's number.
    #[arg(long, value_name = "NUMBER", required_unless_present = "same_as")]
    pub on: Option<u64>,
    /// The token there; `0x00..00` for that chain's own coin.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "same_as")]
    pub token: Option<Address>,
    /// Who holds it there.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "same_as")]
    pub custodian: Option<Address>,
    /// A node of the other chain; give several of different operators, which have to say the same.
    #[arg(long, value_name = "URL", required = true)]
    pub read_rpc: Vec<String>,
    /// The block to read. By default, the last that is final. One that is not is refused.
    #[arg(long, value_name = "NUMBER")]
    pub block: Option<u64>,
    /// Read what another observer read, and sign it if it is the same.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["on", "token", "custodian", "block"]
    )]
    pub same_as: Option<PathBuf>,
}

/// Arguments of `observer eject`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  pacioli observer eject --venue Exchange --signature one.json --signature other.json --dry-run")]
pub struct EjectArgs {
    /// The venue.
    #[command(flatten)]
    pub act: ActArgs,
    /// Two files that `venue sign` wrote with one key.
    #[arg(long = "signature", value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// What observers of a venue sign, each for itself, and what anyone sends of it. An attestation is
/// signed with `venue sign`.
#[derive(Debug, Subcommand)]
pub enum ObserverCommand {
    /// Sign that you know why the latest attestation left its band.
    SignConfirmation(Box<SignConfirmationArgs>),
    /// Send confirmations: with as many as must sign, the warning of a band ends (anyone).
    #[command(after_help = "\
Example:
  pacioli observer confirm --venue Exchange --signature a.json --signature b.json --dry-run")]
    Confirm {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// Confirmations.
        #[command(flatten)]
        signatures: SignatureArgs,
    },
    /// Sign an alarm, which pauses the venue for a day at most.
    SignAlarm(Box<SignAlarmArgs>),
    /// Send an alarm that enough observers signed: the venue is paused at once (anyone).
    #[command(after_help = "\
Example:
  pacioli observer alarm --venue Exchange --signature a.json --signature b.json")]
    Alarm {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// Alarms of one reason and end.
        #[command(flatten)]
        signatures: SignatureArgs,
    },
    /// Read a reserve on another chain, and sign what is there.
    SignReading(Box<SignReadingArgs>),
    /// Send a reading that enough observers signed; it counts within the venue's share (anyone).
    #[command(after_help = "\
Example:
  pacioli observer post-reading --venue Exchange --signature a.json --signature b.json")]
    PostReading {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// Readings of one block.
        #[command(flatten)]
        signatures: SignatureArgs,
    },
    /// Remove an observer that signed two attestations of one number, at once and for good (anyone).
    Eject(Box<EjectArgs>),
}

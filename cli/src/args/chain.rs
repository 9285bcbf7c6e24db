//! Arguments of the commands that use a chain: `pacioli deploy`, `register`, `submit` and `status`.

use std::path::{Path, PathBuf};

use alloy_primitives::Address;
use clap::Subcommand;

use super::{
    contract::RulesArgs,
    fund::FundArgs,
    limits::LimitsArgs,
    reserve::ReserveArg,
    seconds::Seconds,
    send::{NodeArgs, SendArgs, VenueArgs},
    verify::KeyArgs,
};

/// The compiled contracts of a key.
#[derive(Debug, clap::Args)]
pub struct BuildFileArgs {
    /// The compiler's output for the input that `pacioli contract` wrote.
    #[arg(long, value_name = "FILE", conflicts_with = "accept_insecure_setup")]
    pub build: Option<PathBuf>,
    /// Use the contracts of the demo's key, made under the insecure setup, which prove nothing.
    #[arg(long, required_unless_present = "build")]
    pub accept_insecure_setup: bool,
}

/// The contract to create.
#[derive(Debug, Subcommand)]
pub enum DeployCommand {
    /// The registry of attestations, where anyone can register.
    Registry {
        /// How the transactions are sent.
        #[command(flatten)]
        send: Box<SendArgs>,
    },
    /// The verifier of one key's proofs.
    Verifier {
        /// How the transactions are sent.
        #[command(flatten)]
        send: Box<SendArgs>,
        /// The compiled contracts.
        #[command(flatten)]
        build: BuildFileArgs,
    },
    /// The contract that checks holders' statements under one key.
    Statements {
        /// How the transactions are sent.
        #[command(flatten)]
        send: Box<SendArgs>,
        /// The compiled contracts.
        #[command(flatten)]
        build: BuildFileArgs,
        /// The registry whose attestations count. By default, as in `status`.
        #[arg(long, value_name = "ADDRESS")]
        registry: Option<Address>,
    },
    /// The contract that says what is owed, and which clauses stand, at other prices.
    Repricer {
        /// How the transactions are sent.
        #[command(flatten)]
        send: Box<SendArgs>,
        /// The registry whose attestations count. By default, as in `status`.
        #[arg(long, value_name = "ADDRESS")]
        registry: Option<Address>,
    },
    /// The contract that keeps drawn times, for all venues of a chain, where no `deploy registry`
    /// made it. Then: `draws record`.
    Draws {
        /// How the transactions are sent.
        #[command(flatten)]
        send: Box<SendArgs>,
    },
    /// A fund that pays a venue's account holders after a breach.
    Fund(Box<FundArgs>),
    /// A venue's coverage as a price oracle.
    Feed {
        /// How the transactions are sent.
        #[command(flatten)]
        send: Box<SendArgs>,
        /// The venue.
        #[command(flatten)]
        venue: VenueArgs,
        /// Answer with the coverage under a warning too, rather than with 0.
        #[arg(long)]
        accept_warning: bool,
    },
}

/// Arguments of `register`.
#[derive(Debug, clap::Args)]
pub struct RegisterArgs {
    /// How the transactions are sent; the sender becomes the owner.
    #[command(flatten)]
    pub send: SendArgs,
    /// The registry's address. By default, that of this release.
    #[arg(long, value_name = "ADDRESS")]
    pub registry: Option<Address>,
    /// The venue's name, exactly as in its attestations.
    #[arg(long)]
    pub venue: String,
    /// Rules and prices.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// The verifier's address.
    #[arg(long, value_name = "ADDRESS")]
    pub verifier: Address,
    /// The key that the verifier must be for.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The compiler's output for that key's contracts, to compare the verifier's code with: a contract
    /// can claim any key.
    #[arg(long, value_name = "FILE")]
    pub build: Option<PathBuf>,
    /// Register though the verifier's code was compared with nothing: whoever made it decides which
    /// proofs hold.
    #[arg(long, conflicts_with = "build")]
    pub accept_unknown_code: bool,
    /// Who signs attestations, any account. By default, the owner.
    #[arg(long, value_name = "ADDRESS")]
    pub publisher: Option<Address>,
    /// Who can pause, retire, freeze and revoke at once, and nothing else.
    #[arg(long, value_name = "ADDRESS", default_value_t = Address::ZERO)]
    pub guardian: Address,
    /// A reserve on this chain: ASSET:TOKEN:CUSTODIAN, followed by `:insurance` if it is for bad debt.
    /// TOKEN is `coin` for the chain's own. Each custodian must accept for itself.
    #[arg(long = "reserve", value_name = "RESERVE")]
    pub reserves: Vec<ReserveArg>,
    /// The delay of changes that could make the venue look better than it is.
    #[arg(long, value_name = "TIME", default_value = "2d")]
    pub delay: Seconds,
    /// The largest age of a snapshot and its prices when they are submitted.
    #[arg(long, value_name = "TIME", default_value = "6h")]
    pub max_lag: Seconds,
    /// How long announcements take effect at once; no attestation can be appended before. At most 7
    /// days; `venue settle` ends it.
    #[arg(long, value_name = "TIME", default_value = "1h")]
    pub settle_within: Seconds,
    /// The limits.
    #[command(flatten)]
    pub limits: LimitsArgs,
}

/// Arguments of `submit`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples: as the publisher, then as anyone who carries signatures.
  pacioli submit --venue Exchange --attestation run/attestation.json --setup k18.setup
  pacioli submit --venue Exchange --attestation run/attestation.json --setup k18.setup \\
      --signature publisher.json --signature observer.json --dry-run")]
pub struct SubmitArgs {
    /// How the transaction is sent: by the publisher, or by any account that carries signatures.
    #[command(flatten)]
    pub send: SendArgs,
    /// The venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// The attestation, which is verified first.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// The key to verify it under.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Send each volume in its own transaction, even if one has room for all.
    #[arg(long)]
    pub by_volume: bool,
    /// The verifier. By default, the one that the venue announced last for the attestation's key.
    #[arg(long, value_name = "ADDRESS")]
    pub verifier: Option<Address>,
    /// Signatures of the publisher and of observers, as `venue sign` writes them; one file for each.
    #[arg(long = "signature", value_name = "FILE")]
    pub signatures: Vec<PathBuf>,
}

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exits with 0 if the latest attestation holds and is fresh, and everything that this depends on was \
compared: the code of the registry and of its evaluator with this release's, the verifier's key with \
that of --setup or --key, the verifier's code with --build, and the program with the rules of \
--attestation or --rules. Exits with 1 if something differs or does not hold, and with 2 if nothing \
does but not everything was compared.")]
pub struct StatusArgs {
    /// The node.
    #[command(flatten)]
    pub node: NodeArgs,
    /// The venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// The largest age of the latest snapshot.
    #[arg(long, value_name = "TIME", default_value = "25h")]
    pub max_age: Seconds,
    /// The largest age of the node's latest block. A node that is behind does not know what has come
    /// since.
    #[arg(long, value_name = "TIME", default_value = "15m")]
    pub max_head_age: Seconds,
    /// The current time, from which the age of the node's latest block is counted; by default, the
    /// clock's.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// An attestation to compare, which is verified first. The registered program must be that of its
    /// rules and prices.
    #[arg(long, value_name = "FILE")]
    pub attestation: Option<PathBuf>,
    /// The rules that the registered program must be made from, if no attestation is given.
    #[arg(long, value_name = "FILE", requires = "prices", conflicts_with = "attestation")]
    pub rules: Option<PathBuf>,
    /// Prices of the assets that the program names.
    #[arg(long, value_name = "FILE", requires = "rules")]
    pub prices: Option<PathBuf>,
    /// The key that the proofs must be under.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The compiler's output for that key's contracts, to compare the verifier's code with.
    #[arg(long, value_name = "FILE")]
    pub build: Option<PathBuf>,
    /// List the venue's attestations so far.
    #[arg(long)]
    pub history: bool,
    /// List all venues that the account registered which registered this one.
    #[arg(long)]
    pub registrant: bool,
    /// The contract `Draws`, whose drawn times are listed. By default, the one that the registry
    /// asks.
    #[arg(long, value_name = "ADDRESS")]
    pub draws: Option<Address>,
    /// The first block to search for announcements. By default, the one in the file of deployments,
    /// or 0.
    #[arg(long, value_name = "NUMBER")]
    pub from_block: Option<u64>,
}

impl StatusArgs {
    /// The files of rules and prices, where given: clap asks for both or none.
    pub fn rules(&self) -> Option<(&Path, &Path)> {
        self.rules.as_deref().zip(self.prices.as_deref())
    }
}

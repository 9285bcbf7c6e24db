//! Arguments of `pacioli venue`: what owner, guardian and custodians do.

use std::path::PathBuf;

use alloy_primitives::{Address, B256, I256};
use clap::{Subcommand, ValueEnum};

use super::{
    code::CodeArgs,
    contract::RulesArgs,
    limits::{LimitsArgs, Share},
    reserve::ReserveArg,
    seconds::Seconds,
    send::{SendArgs, VenueArgs},
    signer::SignerArgs,
    verify::KeyArgs,
};

/// A venue, and how transactions about it are sent.
#[derive(Debug, clap::Args)]
pub struct ActArgs {
    /// The venue.
    #[command(flatten)]
    pub venue: VenueArgs,
    /// How the transaction is sent.
    #[command(flatten)]
    pub send: SendArgs,
}

/// A feed to compare a price with.
#[derive(Debug, clap::Args)]
pub struct FeedArgs {
    /// The price's name in the prices.
    #[arg(long)]
    pub name: String,
    /// The feed, a contract with `AggregatorV3Interface`.
    #[arg(long, value_name = "ADDRESS")]
    pub feed: Address,
    /// The largest age of an answer.
    #[arg(long, value_name = "TIME")]
    pub heartbeat: Seconds,
    /// How far the price may be from the answer.
    #[arg(long, value_name = "SHARE")]
    pub band: Share,
    /// On a rollup, the feed that says since when its sequencer is up.
    #[arg(long, value_name = "ADDRESS", requires = "grace")]
    pub sequencer: Option<Address>,
    /// How long the sequencer must have been up.
    #[arg(long, value_name = "TIME", requires = "sequencer")]
    pub grace: Option<Seconds>,
    /// An answer at or below this says nothing: the oracle's own clamp.
    #[arg(long, value_name = "ANSWER", default_value_t = I256::ZERO)]
    pub least: I256,
    /// An answer at or above this says nothing.
    #[arg(long, value_name = "ANSWER", default_value_t = I256::MAX)]
    pub most: I256,
}

/// Arguments of `venue sign`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples: the publisher, then an observer; anyone sends both with `submit --signature`.
  pacioli venue sign --venue Exchange --attestation run/attestation.json --setup k18.setup \\
      --out publisher.json
  pacioli venue sign --venue Exchange --attestation run/attestation.json --setup k18.setup \\
      --compared program,prices --out observer.json")]
pub struct SignArgs {
    /// Who signs.
    #[command(flatten)]
    pub signer: SignerArgs,
    /// The attestation, which is verified first.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// The key to verify it under.
    #[command(flatten)]
    pub key: KeyArgs,
    /// What you compared beside the proof; not given by the publisher. See observers.md.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub compared: Vec<ComparedArg>,
    /// Sign though clauses of the venue's own policy fail: a venue that publishes a breach. What fails
    /// is printed.
    #[arg(long)]
    pub though_failing: bool,
    /// The only account that may send it.
    #[arg(long, value_name = "ADDRESS", default_value_t = Address::ZERO)]
    pub carrier: Address,
    /// Where an observer keeps what it signed: a second attestation of one number is not signed while
    /// the first can be used, since both together eject. Keep the file where it survives a crash.
    #[arg(long, value_name = "FILE", default_value = "signed.jsonl")]
    pub journal: PathBuf,
}

/// What an observer compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ComparedArg {
    /// The program, with the rules' text.
    Program,
    /// The prices, with sources of your own.
    Prices,
    /// The list of accounts.
    Accounts,
    /// Reserves on other chains.
    Elsewhere,
    /// Balances of the book.
    Balances,
}

/// What somebody does about a venue. Whatever could make it look better waits for its delay; whatever
/// can only make it look worse is done at once.
#[derive(Debug, Subcommand)]
pub enum VenueCommand {
    /// End the time in which announcements take effect at once.
    Settle {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
    },
    /// Announce rules, after storing their program (owner, after the delay).
    AnnounceRules {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// Rules and prices.
        #[command(flatten)]
        rules: RulesArgs,
    },
    /// Announce a verifier (owner, after the delay).
    AnnounceVerifier {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The verifier's address.
        #[arg(long, value_name = "ADDRESS")]
        verifier: Address,
        /// What its code is compared with.
        #[command(flatten)]
        code: CodeArgs,
    },
    /// List a reserve (owner, after the delay). Its custodian must accept.
    AnnounceReserve {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// ASSET:TOKEN:CUSTODIAN, followed by `:insurance` if it is for bad debt.
        #[arg(long, value_name = "RESERVE")]
        reserve: ReserveArg,
    },
    /// List a reserve on another chain (owner, after the delay).
    AnnounceRemote {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The other chain's number.
        #[arg(long, value_name = "NUMBER")]
        on: u64,
        /// ASSET:TOKEN:CUSTODIAN there.
        #[arg(long, value_name = "RESERVE")]
        reserve: ReserveArg,
    },
    /// Compare a price with an oracle (owner, after the delay).
    AnnounceFeed {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The feed.
        #[command(flatten)]
        feed: Box<FeedArgs>,
    },
    /// Name an observer (owner, after the delay).
    AnnounceObserver {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The observer.
        #[arg(long, value_name = "ADDRESS")]
        observer: Address,
    },
    /// Confirm that a balance backs the venue (its custodian, or the owner of the custodian's contract).
    Accept {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The token; `0x00..00` for the chain's own coin.
        #[arg(long, value_name = "ADDRESS")]
        token: Address,
        /// Who holds it. By default, the sender.
        #[arg(long, value_name = "ADDRESS")]
        custodian: Option<Address>,
    },
    /// Take a reserve off the list, at once: the latest attestation is then in breach (owner, custodian).
    RemoveReserve {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The token; `0x00..00` for the chain's own coin.
        #[arg(long, value_name = "ADDRESS")]
        token: Address,
        /// Who holds it.
        #[arg(long, value_name = "ADDRESS")]
        custodian: Address,
    },
    /// Take a reserve on another chain off the list, at once (owner).
    RemoveRemote {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The other chain's number.
        #[arg(long, value_name = "NUMBER")]
        on: u64,
        /// The token there.
        #[arg(long, value_name = "ADDRESS")]
        token: Address,
        /// Who holds it there.
        #[arg(long, value_name = "ADDRESS")]
        custodian: Address,
    },
    /// Stop comparing with a feed (owner, after the delay).
    RemoveFeed {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The feed's number in `status`.
        #[arg(long, value_name = "NUMBER")]
        feed: u64,
    },
    /// Take an observer off the list, at once (owner, guardian, or the observer).
    RemoveObserver {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The observer.
        #[arg(long, value_name = "ADDRESS")]
        observer: Address,
    },
    /// How many observers must sign (owner; fewer after the delay).
    Threshold {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// For an attestation.
        #[arg(long)]
        sign: Option<u8>,
        /// For an alarm.
        #[arg(long, required_unless_present = "sign")]
        alarm: Option<u8>,
    },
    /// Retire rules, at once and for good (owner, guardian).
    Retire {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// keccak256 of the rules' text.
        #[arg(long, value_name = "HASH")]
        rules: B256,
    },
    /// Freeze a verifier, at once and for good (owner, guardian).
    Freeze {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The verifier's address.
        #[arg(long, value_name = "ADDRESS")]
        verifier: Address,
    },
    /// Pause the venue, or one asset or market, at once for seven days (owner, guardian).
    Pause {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The asset's or market's name.
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// Why; everybody can read it.
        #[arg(long)]
        reason: String,
    },
    /// End a pause (owner, after the delay).
    Unpause {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The asset's or market's name.
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
    },
    /// Revoke one attestation, at once and for good (owner, guardian).
    Revoke {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// Its number in the registry; see `status`.
        #[arg(long, value_name = "NUMBER")]
        round: u64,
        /// Why; everybody can read it.
        #[arg(long)]
        reason: String,
    },
    /// Another publisher after the delay, or none at once (owner; the guardian may take it away).
    Publisher {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The publisher; zero for none.
        #[arg(long, value_name = "ADDRESS")]
        publisher: Address,
    },
    /// Another guardian, at once (owner).
    Guardian {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The guardian; zero for none.
        #[arg(long, value_name = "ADDRESS")]
        guardian: Address,
    },
    /// Other limits (owner, after the delay).
    Limits {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// All of them.
        #[command(flatten)]
        limits: LimitsArgs,
    },
    /// Another delay: a longer one at once, a shorter one after the present delay (owner).
    Delay {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The delay.
        #[arg(long, value_name = "TIME")]
        delay: Seconds,
    },
    /// Offer the venue to another owner, who has to accept (owner).
    Offer {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The next owner; zero withdraws an offer.
        #[arg(long, value_name = "ADDRESS")]
        next: Address,
    },
    /// Take over a venue that was offered.
    TakeOver {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
    },
    /// Set the number and the digest that the next attestation must have and name (owner).
    Relink {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
        /// The attestation before the next one, whose digest and number count.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["sequence", "digest"])]
        previous: Option<PathBuf>,
        /// The next number.
        #[arg(long, value_name = "NUMBER", required_unless_present = "previous")]
        sequence: Option<u64>,
        /// The digest that it must name; zero for none.
        #[arg(long, value_name = "HASH", required_unless_present = "previous")]
        digest: Option<B256>,
    },
    /// Read all reserves and keep the lowest sums: do it within `--mark-within` of each snapshot
    /// (anyone).
    Mark {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
    },
    /// Sign an attestation, as its publisher or as an observer, for somebody else to send.
    Sign(Box<SignArgs>),
    /// Compare reserves of now with what the latest attestation needs (anyone).
    Recheck {
        /// The venue.
        #[command(flatten)]
        act: ActArgs,
    },
}

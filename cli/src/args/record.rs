//! Arguments of `pacioli history`, `compare`, `replay` and `bundle`.

use std::path::PathBuf;

use alloy_primitives::Address;
use pacioli_attestation::Digest;

use super::{
    reserves::{ChainHash, NamedKey},
    seconds::Seconds,
    send::NodeArgs,
    stress::sets,
    verify::KeyArgs,
};
use crate::presets;

/// Arguments of `history`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pacioli history attestations --setup k18.setup
  pacioli history attestations --setup k18.setup --export record.parquet
  pacioli history attestations --setup k18.setup --venue Exchange --incident
  pacioli history --venue Exchange --rpc https://…

Exits with 0 if all attestations verify, follow one another without gaps and keep every policy, and \
with 1 otherwise. A registry that calls the venue healthy, without a folder, ends it with 2: what that \
rests on is compared by `pacioli status`.")]
pub struct HistoryArgs {
    /// A folder of attestations: its `*.json`, `attestation.json` in each folder below, and any other file
    /// there that begins as an attestation does. Evidence of reserves is `1.evidence.json` beside
    /// `1.json`, and `evidence.json` beside `attestation.json`.
    #[arg(value_name = "DIR", required_unless_present = "venue")]
    pub folder: Option<PathBuf>,
    /// The key to accept.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Your requirements of each, as in `verify`; those of age are for the newest alone.
    #[arg(long, value_name = "CLAUSES", requires = "folder")]
    pub require: Vec<String>,
    /// The expected digest of the rules of each.
    #[arg(long, value_name = "DIGEST", requires = "folder")]
    pub rules_digest: Option<Digest>,
    /// The hash of a block, from somebody independent of the venue: CHAIN is as CAIP-2 names it.
    #[arg(long, value_name = "CHAIN=HASH", requires = "folder")]
    pub block_hash: Vec<ChainHash>,
    /// A custodian's key, from the custodian, for its statements among the evidence.
    #[arg(long, value_name = "NAME=KEY", requires = "folder")]
    pub custodian: Vec<NamedKey>,
    /// The current time; by default, the clock's.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Write the record into this file too, as one long table: `.csv`, `.parquet` or `.json`.
    #[arg(long, value_name = "FILE", requires = "folder")]
    pub export: Option<PathBuf>,
    /// Replace the file of --export.
    #[arg(long, requires = "export")]
    pub force: bool,
    /// The node.
    #[command(flatten)]
    pub node: NodeArgs,
    /// The registry's address. By default, as in `status`.
    #[arg(long, value_name = "ADDRESS", requires = "venue")]
    pub registry: Option<Address>,
    /// The venue on a registry, as in `status`: its attestations there, beside those of the folder.
    #[arg(long, value_name = "ID")]
    pub venue: Option<String>,
    /// The first block to search. By default, the one in the file of deployments, or 0.
    #[arg(long, value_name = "NUMBER", requires = "venue")]
    pub from_block: Option<u64>,
    /// The largest age of the node's latest block, as in `status`.
    #[arg(long, value_name = "TIME", default_value = "15m")]
    pub max_head_age: Seconds,
    /// Print a timeline of everything that happened: attestations, events of the registry with whose
    /// transaction each was in, and transfers of reserves that are tokens on its chain.
    #[arg(long)]
    pub incident: bool,
    /// Begin the timeline here.
    #[arg(long, value_name = "TIME", requires = "incident")]
    pub from: Option<String>,
    /// End the timeline here.
    #[arg(long, value_name = "TIME", requires = "incident")]
    pub until: Option<String>,
}

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exits with 0 if both verify, the later one keeps its policy, and both can be of one chain: one venue, \
times that go forward, no fork. Exits with 1 if one of these is not so, and with 2 if something could \
not be checked. That figures, rules or reserves changed is no reason for a 1.")]
pub struct CompareArgs {
    /// The earlier attestation.
    pub before: PathBuf,
    /// The later one.
    pub after: PathBuf,
    /// The key to accept.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The key of the earlier one, where it was made under another: a key file, vouched for with
    /// --before-key-digest.
    #[arg(long, value_name = "FILE", requires = "before_key_digest")]
    pub before_key: Option<PathBuf>,
    /// The expected digest of --before-key.
    #[arg(long, value_name = "DIGEST", requires = "before_key")]
    pub before_key_digest: Option<Digest>,
    /// The current time; by default, the clock's.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
}

/// Arguments of `replay`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nothing is proved, and the private book is the venue's own: every figure is its word (W). They are those \
that a proof of the same book would say, to the unit.

Exits with 0 if every clause of the policy holds on the replayed book, and with 1 otherwise.")]
pub struct ReplayArgs {
    /// The directory that `pacioli prove` wrote.
    pub run: PathBuf,
    /// Scenarios to add to the rules: TOML, or JSON if the name ends in `.json`. Moves of assets that the
    /// rules do not have are ignored.
    #[arg(long, value_name = "FILE")]
    pub scenarios: Option<PathBuf>,
    /// Scenarios that come with pacioli.
    #[arg(long, value_name = "SET", value_delimiter = ',', value_parser = sets(["all"]))]
    pub set: Vec<String>,
    /// Other rules, in place of the run's.
    #[arg(
        long,
        value_name = "FILE",
        help = presets::help("Other rules, in place of the run's: TOML")
    )]
    pub rules: Option<PathBuf>,
    /// Other prices, in place of the run's: JSON.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// Other reserves, in place of the run's: JSON.
    #[arg(long, value_name = "FILE")]
    pub reserves: Option<PathBuf>,
    /// Round quantities that have more decimals than their instrument, in the customers' favour.
    #[arg(long)]
    pub round: bool,
    /// Leave out deposits and borrows of this asset, which has no price.
    #[arg(long, value_name = "ASSET", value_delimiter = ',')]
    pub leave_out: Vec<String>,
}

/// Arguments of `bundle`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The pack is one tar file, the same bytes for the same contents. `pacioli verify PACK` takes it, offline. \
Give the key's digest to its readers by another way: a key in a pack is the pack's own word.")]
pub struct BundleArgs {
    /// The attestation, which is verified first.
    pub attestation: PathBuf,
    /// The key to verify it under, and to pack.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Evidence of its reserves; several files with the option several times.
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// A report on it: an HTML file.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Leave out the web page for account holders.
    #[arg(long)]
    pub no_page: bool,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace the file of --out.
    #[arg(long)]
    pub force: bool,
}

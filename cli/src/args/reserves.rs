//! Arguments of `pacioli reserves`.

use std::{path::PathBuf, str::FromStr};

use alloy_primitives::B256;
use clap::{Subcommand, ValueEnum};
use pacioli_attestation::Digest;
use pacioli_evidence::{CustodianKey, Scheme};

use super::{pair::pair, seconds::Seconds, verify::KeyArgs};

/// Evidence of reserves.
#[derive(Debug, Subcommand)]
pub enum ReservesCommand {
    /// Write the text that the holder of each reserve's address signs.
    Challenge(ChallengeArgs),
    /// Sign those texts with a key, or take a wallet's signature of one, and add it to an evidence file.
    Sign(SignArgs),
    /// As a custodian, state what is held for a venue, and add it to an evidence file.
    State(StateArgs),
    /// Read the balances of reserves at a block, and write them into a reserves and an evidence file.
    Read(ReadArgs),
    /// Check evidence against the reserves of attestations. Exits with 1 if a piece of it is forged,
    /// expired or wrong, or shows less than attested, and with 2 if nothing could be checked.
    Check(ReservesCheckArgs),
}

/// What the texts say.
#[derive(Debug, clap::Args)]
pub struct TextArgs {
    /// The venue, exactly as in its attestations.
    #[arg(long)]
    pub venue: String,
    /// The reserves file.
    #[arg(long, value_name = "FILE")]
    pub reserves: PathBuf,
    /// The attestation before the one that the reserves will be in: its file or its digest; `first` if
    /// there is none.
    #[arg(long, value_name = "FILE|DIGEST|first")]
    pub previous: String,
    /// When the texts begin to be valid: no later than the reserves' time.
    #[arg(long, value_name = "TIME")]
    pub from: String,
    /// When they end: no earlier than the reserves' time, and at most 92 days after --from.
    #[arg(long, value_name = "TIME")]
    pub until: String,
    /// A recent block of a chain, which its texts then cannot be older than; for a venue's first
    /// attestation nothing else says so.
    #[arg(long, value_name = "CHAIN=HASH")]
    pub block_hash: Vec<ChainHash>,
}

/// Arguments of `reserves challenge`.
#[derive(Debug, clap::Args)]
pub struct ChallengeArgs {
    /// What the texts say.
    #[command(flatten)]
    pub text: TextArgs,
    /// A new directory for the texts, one file each. Without it they are printed.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `reserves sign`.
#[derive(Debug, clap::Args)]
pub struct SignArgs {
    /// What the texts say.
    #[command(flatten)]
    pub text: TextArgs,
    /// The evidence file to add to; it is made if it is missing.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
    /// The keystore file of an account; its password is in PACIOLI_KEYSTORE_PASSWORD, or in the file that
    /// PACIOLI_KEYSTORE_PASSWORD_FILE names. Without it and --ed25519-key and --signature, the key is
    /// PACIOLI_PRIVATE_KEY. Every reserve at the account is signed for.
    #[arg(long, value_name = "FILE", group = "key")]
    pub keystore: Option<PathBuf>,
    /// A file with an ed25519 key: its 32 bytes in hexadecimal digits.
    #[arg(long, value_name = "FILE", group = "key")]
    pub ed25519_key: Option<PathBuf>,
    /// A wallet's signature of the text of one reserve, as the wallet gave it.
    #[arg(long, group = "key", requires = "scheme", requires = "address")]
    pub signature: Option<String>,
    /// How the wallet signed.
    #[arg(long, value_enum, requires = "signature")]
    pub scheme: Option<SchemeArg>,
    /// The reserve's address.
    #[arg(long, requires = "signature")]
    pub address: Option<String>,
    /// The reserve's asset, where the address has several.
    #[arg(long, requires = "signature")]
    pub asset: Option<String>,
    /// The wallet's public key in hexadecimal digits; for ed25519.
    #[arg(long, value_name = "HEX", requires = "signature")]
    pub public_key: Option<String>,
    /// A node to ask a contract wallet through; for erc1271.
    #[arg(long, value_name = "URL", requires = "signature")]
    pub rpc: Vec<String>,
}

/// Arguments of `reserves state`.
#[derive(Debug, clap::Args)]
pub struct StateArgs {
    /// The venue, exactly as in its attestations.
    #[arg(long)]
    pub venue: String,
    /// The reserves file. Its amounts are what is stated, at its time.
    #[arg(long, value_name = "FILE")]
    pub reserves: PathBuf,
    /// The custodian's name, as the reserves have it: each of their reserves is stated.
    #[arg(long, value_name = "NAME")]
    pub custodian: String,
    /// The evidence file to add to; it is made if it is missing.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
    /// The keystore file of the custodian's account; without it and --ed25519-key, the key is
    /// PACIOLI_PRIVATE_KEY.
    #[arg(long, value_name = "FILE", group = "key")]
    pub keystore: Option<PathBuf>,
    /// A file with an ed25519 key: its 32 bytes in hexadecimal digits.
    #[arg(long, value_name = "FILE", group = "key")]
    pub ed25519_key: Option<PathBuf>,
}

/// Arguments of `reserves read`.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// The reserves file: what is to be read, and where.
    #[arg(long, value_name = "FILE")]
    pub reserves: PathBuf,
    /// The rules, whose section `tokens` says which token stands for which asset.
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
    /// A node of an EVM chain.
    #[arg(long, value_name = "URL", required_unless_present = "esplora")]
    pub rpc: Option<String>,
    /// A server that answers about Bitcoin as Esplora does, such as `https://blockstream.info/api`.
    #[arg(long, value_name = "URL")]
    pub esplora: Option<String>,
    /// The block of the EVM chain: a number, a hash, `finalized`, `safe` or `latest`.
    #[arg(long, default_value = "finalized", value_name = "BLOCK")]
    pub block: String,
    /// The height on Bitcoin; by default, five below the last block's.
    #[arg(long, value_name = "NUMBER")]
    pub height: Option<u64>,
    /// Ask for storage proofs as well, where the chain has them.
    #[arg(long)]
    pub proof: bool,
    /// The evidence file to add to; it is made if it is missing.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
    /// The reserves file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `reserves check`.
#[derive(Debug, clap::Args)]
pub struct ReservesCheckArgs {
    /// The attestations; of several venues, to find addresses that two of them show.
    #[arg(required = true)]
    pub attestations: Vec<PathBuf>,
    /// The evidence: one file for each attestation, in their order.
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// An attestation that you have seen when it was new, or its digest: texts that were signed after it
    /// are no older. Those of the venue's evidence follow its previous one.
    #[arg(long, value_name = "FILE|DIGEST")]
    pub previous: Vec<String>,
    /// What the reader knows from elsewhere, or asks.
    #[command(flatten)]
    pub known: KnownArgs,
    /// The key to verify the attestations under; without one, their proofs are not checked, and
    /// coverage is not computed.
    #[command(flatten)]
    pub key: KeyArgs,
}

/// What a reader of evidence knows from elsewhere, or asks.
#[derive(Debug, clap::Args)]
pub struct KnownArgs {
    /// A node of an EVM chain, to read balances again at the block of the evidence and now. One on this
    /// machine counts alone; of others, two on different hosts must agree.
    #[arg(long, value_name = "URL")]
    pub rpc: Vec<String>,
    /// The same for Bitcoin: a server that answers as Esplora does.
    #[arg(long, value_name = "URL")]
    pub esplora: Vec<String>,
    /// The largest age of a node's latest block, for what is there now. Bitcoin may have three hours in any
    /// case.
    #[arg(long, value_name = "TIME", default_value = "15m")]
    pub max_head_age: Seconds,
    /// The hash of a block, from somebody independent of the venue: CHAIN is as CAIP-2 names it.
    #[arg(long, value_name = "CHAIN=HASH")]
    pub block_hash: Vec<ChainHash>,
    /// A custodian's key, from the custodian: `ed25519:` and 64 hexadecimal digits, or the account of a
    /// secp256k1 key.
    #[arg(long, value_name = "NAME=KEY")]
    pub custodian: Vec<NamedKey>,
    /// Addresses that no reserve may be at: one a line.
    #[arg(long, value_name = "FILE")]
    pub deny: Option<PathBuf>,
    /// The digest of the rules, which you have read: without it, which token stands for which asset is
    /// the venue's word. Every attestation must have these rules.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Option<Digest>,
}

/// A scheme, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SchemeArg {
    /// An account of an EVM chain: `personal_sign`.
    Eip191,
    /// A contract wallet of an EVM chain.
    Erc1271,
    /// Bitcoin, the form `simple`.
    Bip322,
    /// Bitcoin's older form.
    Bip137,
    /// Ed25519 over the bytes of the text.
    Ed25519,
}

impl From<SchemeArg> for Scheme {
    fn from(scheme: SchemeArg) -> Self {
        match scheme {
            SchemeArg::Eip191 => Self::Eip191,
            SchemeArg::Erc1271 => Self::Erc1271,
            SchemeArg::Bip322 => Self::Bip322,
            SchemeArg::Bip137 => Self::Bip137,
            SchemeArg::Ed25519 => Self::Ed25519,
        }
    }
}

/// A block of a chain, as `eip155:1=0x…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHash {
    /// The chain as CAIP-2 names it.
    pub chain: String,
    /// The block's hash.
    pub hash: B256,
}

impl FromStr for ChainHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "a block is CHAIN=HASH, such as eip155:1=0x and 64 digits";
        let form = || FORM.to_owned();
        let (chain, hash) = pair(text, FORM)?;
        let chain = pacioli_evidence::chain_id(chain).to_owned();
        let is_whole = hash.strip_prefix("0x").unwrap_or(hash).len() == 64;
        let hash = is_whole.then(|| hash.parse().ok()).flatten().ok_or_else(form)?;
        if chain.contains(':') { Ok(Self { chain, hash }) } else { Err(form()) }
    }
}

/// A custodian and its key, as `NAME=KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedKey {
    /// The custodian.
    pub name: String,
    /// Its key.
    pub key: CustodianKey,
}

impl FromStr for NamedKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, key) = pair(text, "a custodian's key is NAME=KEY")?;
        let key =
            key.parse().map_err(|error: pacioli_evidence::CustodianKeyError| error.to_string())?;
        Ok(Self { name: name.to_owned(), key })
    }
}

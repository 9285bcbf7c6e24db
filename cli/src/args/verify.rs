//! Arguments of `pacioli verify`, `check` and `key`: the key that a verifier accepts.

use std::path::PathBuf;

use pacioli_attestation::{BlockHash, Digest};

/// The key that a verifier accepts.
///
/// A setup of a known ceremony is recognised by its points. For any other setup, and for a key file,
/// the reader has to know the digest: whoever made it can forge everything under it.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// The setup that the proof must be under; every point of it is checked. Without --setup or
    /// --key, the key is that of the insecure setup.
    #[arg(long, value_name = "FILE", group = "source")]
    pub setup: Option<PathBuf>,
    /// The setup's expected digest, from somebody independent of the publisher: it vouches for a
    /// setup of an unknown ceremony.
    #[arg(long, value_name = "DIGEST", requires = "setup")]
    pub setup_digest: Option<Digest>,
    /// The verifying key that the proof must be under, as `pacioli key` wrote it.
    #[arg(long, value_name = "FILE", group = "source")]
    pub key: Option<PathBuf>,
    /// The key's expected digest, from somebody independent of the publisher who made the key from
    /// the setup: a key file is never trusted without its digest.
    #[arg(long, value_name = "DIGEST")]
    pub key_digest: Option<Digest>,
    /// Accept a setup of an unknown ceremony, or a key, that nobody you know vouches for. Whoever
    /// made it can forge everything.
    #[arg(long)]
    pub accept_unknown_setup: bool,
    /// Accept a proof under the insecure setup, which proves nothing.
    #[arg(long)]
    pub accept_insecure_setup: bool,
}

/// Arguments of `key`.
#[derive(Debug, clap::Args)]
pub struct KeyFileArgs {
    /// The setup.
    #[arg(long, value_name = "FILE")]
    pub setup: PathBuf,
    /// The attestation whose sizes the key is for.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// The attestation, or a pack that `bundle` made.
    #[arg(required_unless_present = "history")]
    pub attestation: Option<PathBuf>,
    /// The key to accept.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Your requirements in addition to the venue's own policy, such as
    /// `min_coverage=1,coverage.crash=0.95,per_asset,bad_debt=insurance,max_age=25h,setup=known`.
    #[arg(long, value_name = "CLAUSES")]
    pub require: Vec<String>,
    /// A block that you found on its chain, from which a time was drawn, as `eip155:1=0x...`. Without
    /// it that block is the publisher's word; a time drawn from another one is refused. For a history,
    /// the option several times.
    #[arg(long, value_name = "CHAIN=HASH")]
    pub block_hash: Vec<BlockHash>,
    /// The current time, from which ages are counted and after which nothing may be; by default, the
    /// clock's. For files of another day.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// A folder of attestations to check as one chain: its `*.json`, `attestation.json` in each
    /// subfolder, and any other file there that begins as an attestation does.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["attestation", "previous"])]
    pub history: Option<PathBuf>,
    /// The expected digest of its rules, as printed by `verify`. Without it the rules are whatever the
    /// publisher chose: read them.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Option<Digest>,
    /// The previous attestation: this one must name its digest, and be of the same venue, the next
    /// number and a later time. Its proofs are verified where your setup or key fits it, and the report
    /// says if not; its own policy is not judged, nor what came before it: that is for --history. The
    /// changes since are printed.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The statement; several of them, or folders of them (their `*.json`), against one attestation.
    #[arg(required = true, value_name = "STATEMENT")]
    pub statements: Vec<PathBuf>,
    /// The attestation they belong to.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// Your own id at the venue, which nobody else has; for one statement. Without it the statement's id
    /// is used: check that it is yours.
    #[arg(long)]
    pub id: Option<String>,
    /// The current time, after which nothing may be; by default, the clock's. For files of another
    /// day.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// The key to accept.
    #[command(flatten)]
    pub key: KeyArgs,
}

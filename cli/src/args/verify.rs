//! Arguments of `pacioli verify`, `check` and `key`: which key a verifier goes by.

use std::path::PathBuf;

use pacioli_attestation::Digest;

/// Which key a verifier goes by.
///
/// A setup of a known ceremony is recognised by its points. Of any other, and of a key file, a reader
/// has to know the digest: whoever made one in secret can forge everything under it.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// The setup it has to be proved under; every point of it is checked. Without --setup or --key,
    /// the key is that of the insecure setup.
    #[arg(long, value_name = "FILE", group = "source")]
    pub setup: Option<PathBuf>,
    /// The digest that the setup has to have, from somebody independent of the publisher: it vouches
    /// for a setup of no known ceremony.
    #[arg(long, value_name = "DIGEST", requires = "setup")]
    pub setup_digest: Option<Digest>,
    /// The verifying key it has to be proved under, as `pacioli key` wrote it.
    #[arg(long, value_name = "FILE", group = "source")]
    pub key: Option<PathBuf>,
    /// The digest that the key has to have, from somebody independent of the publisher who made it
    /// from the setup: no key is taken on its own word.
    #[arg(long, value_name = "DIGEST", requires = "source")]
    pub key_digest: Option<Digest>,
    /// Accept a setup of no known ceremony, or a key, for which you know nobody to vouch. Whoever
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
    /// The attestation.
    #[arg(required_unless_present = "history")]
    pub attestation: Option<PathBuf>,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
    /// What you ask of it beside the venue's own policy, such as
    /// `min_coverage=1,coverage.crash=0.95,per_asset,bad_debt=insurance,max_age=25h,setup=known`.
    #[arg(long, value_name = "CLAUSES")]
    pub require: Vec<String>,
    /// The time that ages are counted from and that nothing may be later than, instead of the
    /// clock's. For files of another day.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// A folder of attestations to check as one chain: its `*.json`, `attestation.json` in each folder
    /// in it, and whatever else there begins as an attestation does.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["attestation", "previous"])]
    pub history: Option<PathBuf>,
    /// The digest of the rules it has to follow, as printed by `verify`. Without one the rules are
    /// whatever the publisher chose: read them.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Option<Digest>,
    /// The attestation before it, which it has to come right after: chained to it, of the same venue,
    /// later. What changed since is told.
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// The statement.
    pub statement: PathBuf,
    /// The attestation it belongs to.
    #[arg(long, value_name = "FILE")]
    pub attestation: PathBuf,
    /// Your own id at the venue, one that only you bear. Without it the statement's is taken: look
    /// whether it is yours.
    #[arg(long)]
    pub id: Option<String>,
    /// Which key to go by.
    #[command(flatten)]
    pub key: KeyArgs,
}

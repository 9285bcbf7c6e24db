//! Arguments of `pacioli reprice`.

use std::path::PathBuf;

use pacioli_attestation::Digest;

use super::KeyArgs;

/// Arguments of `reprice`.
#[derive(Debug, clap::Args)]
pub struct RepriceArgs {
    /// The attestation.
    pub attestation: PathBuf,
    /// The other prices: JSON, of the form that `prove` takes. Left out, they are those of the
    /// attestation.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// Somebody's certificates, to be checked instead of found: JSON, as in `certificates` of this
    /// command's --json.
    #[arg(long, value_name = "FILE")]
    pub certificates: Option<PathBuf>,
    /// Also show the bounds over moves of all shocked assets, or of this one alone, from -50 % to
    /// +50 %, beside what was proved.
    #[arg(long, value_name = "ASSET")]
    pub sweep: Option<Option<String>>,
    /// Draw the sweep into this file.
    #[arg(long, value_name = "FILE", requires = "sweep")]
    pub svg: Option<PathBuf>,
    /// Your requirements in addition to the venue's own policy, as for `verify`.
    #[arg(long, value_name = "CLAUSES")]
    pub require: Vec<String>,
    /// Count clauses about margins as they held in the proof: there are no figures of margins at other
    /// prices, and without this such a clause is not known to hold.
    #[arg(long)]
    pub accept_margins_of_proof: bool,
    /// The expected digest of its rules, as printed by `verify`.
    #[arg(long, value_name = "DIGEST")]
    pub rules_digest: Option<Digest>,
    /// The current time, from which ages are counted and after which nothing may be; by default, the
    /// clock's.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// The key to accept.
    #[command(flatten)]
    pub key: KeyArgs,
}

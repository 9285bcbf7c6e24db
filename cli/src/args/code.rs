//! What the code of a contract is compared with.

use std::path::PathBuf;

/// The compiled contracts of the keys in use.
#[derive(Debug, clap::Args)]
pub struct CodeArgs {
    /// The compiler's output for a key's contracts, to compare the code with: a contract can claim any
    /// key and any registry. Once for each key.
    #[arg(long, value_name = "FILE")]
    pub build: Vec<PathBuf>,
    /// Compare with the contracts of the demo's key, made under the insecure setup, which prove nothing.
    #[arg(long)]
    pub accept_insecure_setup: bool,
    /// Go on though the code was compared with nothing: whoever made it decides what it says.
    #[arg(long, conflicts_with_all = ["build", "accept_insecure_setup"])]
    pub accept_unknown_code: bool,
}

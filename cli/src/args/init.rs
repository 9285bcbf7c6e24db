//! Arguments of `pacioli init`.

use std::path::PathBuf;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// The folder to write, which must not be there or must be empty.
    pub dir: PathBuf,
}

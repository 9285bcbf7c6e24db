//! Arguments of `pacioli page`.

use std::path::PathBuf;

use clap::ArgGroup;

/// Arguments of `page`.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("what").required(true).args(["out", "digest", "check"])))]
#[command(after_help = "\
The digest is the file's SHA-256, as `sha256sum check.html` prints it, and stands at the end of the web \
page. That end shows which file runs to a reader whose file is genuine, and no more: a forged file shows \
whatever it likes. Compare the file itself, with --check or with sha256sum.

Examples:
  pacioli page --out check.html
  pacioli page --digest
  pacioli page --check ~/Downloads/check.html     # exits with 1 if it is another file")]
pub struct PageArgs {
    /// Write the web page.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file of --out.
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Print the digest of the web page and nothing else.
    #[arg(long)]
    pub digest: bool,
    /// Say whether this file is the web page of this release, byte by byte.
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
}

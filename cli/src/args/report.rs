//! Arguments of `pacioli report`.

use std::path::PathBuf;

use super::{reserves::KnownArgs, verify::KeyArgs};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// The attestation.
    #[arg(required_unless_present = "site", conflicts_with = "site")]
    pub attestation: Option<PathBuf>,
    /// The key to accept.
    #[command(flatten)]
    pub key: KeyArgs,
    /// The file to write. One that is there is replaced if it is a report.
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub out: PathBuf,
    /// Your requirements in addition to the venue's own policy, as `pacioli verify` takes them. What
    /// `max_age` says decides until when the report may be read: without it, 25 hours.
    #[arg(long, value_name = "CLAUSES")]
    pub require: Vec<String>,
    /// Who makes the report, as it says on its first page.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// A folder of attestations to check as one chain, this one among them: charts over time, and what
    /// changed.
    #[arg(long, value_name = "DIR")]
    pub history: Option<PathBuf>,
    /// The attestation before, which you have seen when it was new, or its digest: a file also says what
    /// changed since.
    #[arg(long, value_name = "FILE|DIGEST", conflicts_with = "site")]
    pub previous: Option<String>,
    /// Evidence of the reserves, as `pacioli reserves check` takes it.
    #[arg(long, value_name = "FILE", conflicts_with = "site")]
    pub evidence: Option<PathBuf>,
    /// What you know from elsewhere, or ask.
    #[command(flatten)]
    pub known: KnownArgs,
    /// Prices of your own, to set beside the venue's: a prices file.
    #[arg(long, value_name = "FILE", conflicts_with = "site")]
    pub second_prices: Option<PathBuf>,
    /// The current time, by default the clock's. For files of another day.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Instead of one report, write a folder for a web server from all attestations in --history: a list,
    /// a page each, a feed, a file for programs. What is in it already stays.
    #[arg(long, value_name = "DIR", requires = "history")]
    pub site: Option<PathBuf>,
    /// The address that the folder is served at, for the links of its feed.
    #[arg(long, value_name = "URL", requires = "site")]
    pub url: Option<String>,
}

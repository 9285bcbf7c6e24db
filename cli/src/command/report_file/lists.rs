//! The lists of a site: for readers, for their programs, and for the next run.

use std::path::Path;

use anyhow::Result;
use pacioli_report::site::{Record, feed, index};

use crate::{args::ReportArgs, command::files};

/// Writes what the record says: for readers, for their programs, and for the next run.
pub fn write_lists(args: &ReportArgs, site: &Path, record: &Record) -> Result<()> {
    let author = args.by.as_deref().unwrap_or("whoever runs this site");
    let feed = feed(record, author, args.url.as_deref());
    files::write(&site.join("feed.xml"), feed.as_bytes())?;
    files::write(&site.join("index.html"), index(record).as_bytes())?;
    // Last: a run that is killed before has published nothing that the record does not know.
    files::write(&site.join("index.json"), record.to_json().as_bytes())
}

//! What opens all pages under a setup, kept beside it.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use pacioli_attestation::{Progress, opening::Pages, setup::Setup};
use pacioli_prover::opening::PageOpener;

use super::files;
use crate::output;

/// The precomputation for opening all pages under a setup costs more than a proof, so it is kept
/// beside the setup where there is room for it.
pub fn opener(
    path: &Path,
    setup: &Setup,
    pages: Pages,
    progress: &dyn Progress,
) -> Result<PageOpener> {
    let kept = PathBuf::from(format!("{}.pages-{}", path.display(), pages.page_size()));
    if let Ok(file) = File::open(&kept) {
        progress.begin("reading what opens pages under this setup", 1);
        return PageOpener::read(setup.params(), pages, &mut BufReader::new(file))
            .with_context(|| format!("{}: remove it, and it is made again", kept.display()));
    }
    progress.begin("preparing to open pages, once for this setup", 1);
    let opener = PageOpener::new(setup.params(), pages)?;
    let mut bytes = Vec::new();
    opener.write(&mut bytes)?;
    if let Err(error) = files::write(&kept, &bytes) {
        output::warn(&format!("{error:#}: it is made again next time"));
    }
    Ok(opener)
}

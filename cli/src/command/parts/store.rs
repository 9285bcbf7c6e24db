//! The private folder of a run that is put together, which several processes may write at once.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use pacioli_attestation::Digest;
use pacioli_prover::RunStore;

use super::dealer::DealerFolder;
use crate::command::{files, run::make_private};

const STORE: &str = "run.sqlite";

fn private(out: &Path) -> PathBuf {
    out.join("private")
}

/// Makes the folder, with the dealer's salt and the secret that the dealer keeps there.
pub fn begin(out: &Path, dealer: &DealerFolder) -> Result<()> {
    let private = private(out);
    files::make_directory(out)?;
    if !private.is_dir() {
        let made = make_private(&private);
        // Another process may have made it since.
        if !private.is_dir() {
            made?;
        }
    }
    for name in ["salt", "secret"] {
        let (from, to) = (dealer.path(name), private.join(name));
        if from.exists() && !to.exists() {
            files::write_private(&to, &files::read(&from)?)?;
        }
    }
    Ok(())
}

/// Writes the file that statements are made from, whole or not at all. One of this attestation that
/// is there already stays.
pub fn write(
    out: &Path,
    attestation: Digest,
    record: impl FnOnce(&mut RunStore) -> Result<()>,
) -> Result<()> {
    let path = private(out).join(STORE);
    let is_there = || RunStore::open(&path).is_ok_and(|one| is_of(&one, attestation));
    if path.exists() && is_there() {
        return Ok(());
    }
    let beside = files::beside(&path);
    let write = || -> Result<()> {
        let store = RunStore::create(&beside);
        let mut store = store.with_context(|| beside.display().to_string())?;
        record(&mut store)?;
        store.finish(attestation)?;
        drop(store);
        // A link does not replace what another process has put there.
        if fs::hard_link(&beside, &path).is_ok() || (path.exists() && is_there()) {
            return Ok(());
        }
        fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))
    };
    let written = write();
    remove_with_journals(&beside);
    written
}

fn is_of(store: &RunStore, attestation: Digest) -> bool {
    store.attestation().is_ok_and(|found| found == attestation)
}

/// Removes a file that was not finished; a journal would be rolled back into one of its name.
fn remove_with_journals(path: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let mut name = OsString::from(path);
        name.push(ending);
        let _ = fs::remove_file(name);
    }
}

/// Removes what was not finished, once the run is.
pub fn clean(out: &Path) {
    let Ok(found) = fs::read_dir(private(out)) else { return };
    let beside = format!("{STORE}.");
    for entry in found.flatten() {
        let name = entry.file_name();
        let unfinished = |name: &str| name.starts_with(&beside) && name.contains(".part");
        if name.to_str().is_some_and(unfinished) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

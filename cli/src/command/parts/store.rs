//! The directory of a run that is put together, which several processes may write at once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use pacioli_attestation::Digest;
use pacioli_prover::RunStore;

use super::{dealer::DealerFolder, objects::RunObjects};
use crate::command::{
    files,
    held::Held,
    run::{ATTESTATION, PRIVATE_FILES, make_private},
};

const STORE: &str = "run.sqlite";

/// The directory of a run: the attestation, and `private` beside it.
#[derive(Debug)]
pub struct OutFolder {
    out: PathBuf,
    held: Option<Held>,
}

impl OutFolder {
    /// A directory that this process alone works in.
    pub fn alone(out: &Path, held: Held) -> Self {
        Self { out: out.to_owned(), held: Some(held) }
    }

    /// A directory that others may put the same run together in; nothing is made yet.
    pub fn with_others(out: &Path) -> Self {
        Self { out: out.to_owned(), held: None }
    }

    /// The path of the attestation.
    pub fn attestation(&self) -> PathBuf {
        self.out.join(ATTESTATION)
    }

    fn private(&self) -> PathBuf {
        self.out.join("private")
    }

    /// Holds the private folder for as long as this process works.
    fn hold(&mut self) -> Result<&mut Held> {
        let held = match self.held.take() {
            Some(held) => held,
            None => Held::with_others(&self.private())?,
        };
        Ok(self.held.insert(held))
    }

    /// Fails where the private folder is of another run: what is there can be made by nobody again.
    pub fn require_free(&self, dealer: &DealerFolder, run: &RunObjects) -> Result<()> {
        let private = self.private();
        let is_ours = || -> Result<bool> {
            for name in ["salt", "secret"] {
                let (own, there) = (dealer.path(name), private.join(name));
                if there.exists() && !(own.exists() && files::read(&own)? == files::read(&there)?) {
                    return Ok(false);
                }
            }
            let path = private.join(STORE);
            if !path.exists() {
                return Ok(true);
            }
            let chosen = dealer.assembled(run)?;
            Ok(chosen.is_some_and(|(chosen, _)| is_of(&path, chosen.attestation)))
        };
        ensure!(is_ours()?, "{} is of another run: give another --out", private.display());
        Ok(())
    }

    /// Makes the private folder, with the dealer's salt and the secret that the dealer keeps there.
    pub fn begin(&mut self, dealer: &DealerFolder) -> Result<()> {
        let private = self.private();
        files::make_directory(&self.out)?;
        if !private.is_dir() {
            let made = make_private(&private);
            // Another process may have made it since.
            if !private.is_dir() {
                made?;
            }
        }
        self.hold()?;
        for name in ["salt", "secret"] {
            let (from, to) = (dealer.path(name), private.join(name));
            if from.exists() && !to.exists() {
                files::write_private(&to, &files::read(&from)?)?;
            }
        }
        Ok(())
    }

    /// Writes the file that statements are made from, whole or not at all. One of this attestation
    /// that is there already stays.
    pub fn write(
        &self,
        attestation: Digest,
        record: impl FnOnce(&mut RunStore) -> Result<()>,
    ) -> Result<()> {
        let path = self.private().join(STORE);
        if path.exists() && is_of(&path, attestation) {
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
            if fs::hard_link(&beside, &path).is_ok() {
                return Ok(());
            }
            if path.exists() {
                ensure!(is_of(&path, attestation), "{} is of another run", path.display());
                return Ok(());
            }
            fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))
        };
        let written = write();
        files::remove_with_journals(&beside);
        written
    }

    /// Removes what processes left here that were killed, once the run is finished and where no other
    /// process of it is at work.
    pub fn clean(&mut self) -> Result<()> {
        let (out, private) = (self.out.clone(), self.private());
        if private.is_dir() {
            let held = self.hold()?;
            held.clean(&private, &PRIVATE_FILES);
            held.clean(&out, &[ATTESTATION]);
        }
        Ok(())
    }
}

/// Whether a file is of a finished run that has this attestation.
fn is_of(path: &Path, attestation: Digest) -> bool {
    let found = RunStore::open(path).and_then(|store| store.attestation());
    found.is_ok_and(|found| found == attestation)
}

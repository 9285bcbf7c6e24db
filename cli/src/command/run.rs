//! The directory of a run: the attestation, and beside it in `private` what only the venue sees.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use pacioli_attestation::Attestation;
use pacioli_prover::{OperatorSecret, RunStore, Salt};

use super::{files, held::Held};
use crate::args::RunArgs;

/// The attestation's name in the directory.
pub const ATTESTATION: &str = "attestation.json";

/// The files in `private`.
pub const PRIVATE_FILES: [&str; 6] =
    ["salt", "secret", "run.sqlite", "inputs.json", "deal.json", "assembled.json"];

struct Private {
    folder: PathBuf,
}

impl Private {
    fn of(out: &Path) -> Self {
        Self { folder: out.join("private") }
    }

    fn secret(&self) -> PathBuf {
        self.folder.join("secret")
    }

    fn salt(&self) -> PathBuf {
        self.folder.join("salt")
    }

    fn store(&self) -> PathBuf {
        self.folder.join("run.sqlite")
    }
}

/// Where `prove` keeps the parts of a run that is not finished.
pub fn work(out: &Path) -> PathBuf {
    Private::of(out).folder.join("work")
}

/// A run that was finished.
#[derive(Debug)]
pub struct FinishedRun {
    /// Its attestation.
    pub attestation: Attestation,
    /// The salt of its seals.
    pub secret: OperatorSecret,
    /// Its salt.
    pub salt: Salt,
    /// Its private file.
    pub store: RunStore,
}

impl FinishedRun {
    /// Reads the directory of a run.
    ///
    /// # Errors
    /// If something is missing or unreadable.
    pub fn open(args: &RunArgs) -> Result<Self> {
        let attestation = files::read_attestation(&args.run.join(ATTESTATION))?;
        let private = Private::of(&args.run);
        let secret = read_secret(args.secret.as_deref().unwrap_or(&private.secret()))?;
        let path = private.salt();
        let salt = Salt::read(&path).with_context(|| path.display().to_string())?;
        let store = open_store(&args.run)?;
        // Only where they are of one run: another may be going on beside an attestation put there.
        if store.attestation().is_ok_and(|found| found == attestation.digest()) {
            clean(&args.run);
        }
        Ok(Self { attestation, secret, salt, store })
    }
}

/// The private file of a finished run.
pub fn open_store(run: &Path) -> Result<RunStore> {
    let path = Private::of(run).store();
    RunStore::open(&path).with_context(|| path.display().to_string())
}

/// Removes what a process leaves that is killed in its last moments, unless one is at work.
fn clean(out: &Path) {
    let private = Private::of(out);
    let Ok(Some(mut held)) = Held::try_alone(&private.folder) else { return };
    if held.is_alone() {
        let _ = fs::remove_dir_all(work(out));
        let _ = fs::remove_file(private.folder.join("records.key"));
    }
    held.clean(&private.folder, &PRIVATE_FILES);
    held.clean(out, &[ATTESTATION]);
}

/// Reads an operator's secret.
pub fn read_secret(path: &Path) -> Result<OperatorSecret> {
    OperatorSecret::read(path).with_context(|| path.display().to_string())
}

/// Makes a directory that only its owner can look into.
pub fn make_private(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("cannot make {}", path.display()))
}

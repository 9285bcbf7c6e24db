//! The directory of a run: the attestation, and beside it in `private` what only the venue sees.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use pacioli_attestation::Attestation;
use pacioli_prover::{OperatorSecret, RunStore, Salt};

use super::files;
use crate::args::RunArgs;

/// The attestation's name in the directory.
pub const ATTESTATION: &str = "attestation.json";

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

/// A run that begins.
#[derive(Debug)]
pub struct NewRun {
    /// The operator's secret, or one of the run's own.
    pub secret: OperatorSecret,
    /// Drawn for this run.
    pub salt: Salt,
    /// The run's private file.
    pub store: RunStore,
}

impl NewRun {
    /// Makes the directory. What a run left that was stopped before its attestation is removed: its
    /// salt and seeds serve nothing again.
    ///
    /// # Errors
    /// If the directory holds an attestation, or cannot be made.
    pub fn begin(out: &Path, secret: Option<&Path>) -> Result<Self> {
        ensure!(
            !out.join(ATTESTATION).exists(),
            "{} already holds an attestation; give another --out",
            out.display()
        );
        files::make_directory(out)?;
        let private = Private::of(out);
        match fs::remove_dir_all(&private.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("cannot remove {}", private.folder.display()));
            }
            _ => {}
        }
        make_private(&private.folder)?;
        let secret = match secret {
            Some(path) => read_secret(path)?,
            None => {
                let secret = OperatorSecret::generate()?;
                secret.write_new(&private.secret())?;
                secret
            }
        };
        let salt = Salt::generate()?;
        salt.write_new(&private.salt())?;
        let path = private.store();
        let store = RunStore::create(&path).with_context(|| path.display().to_string())?;
        Ok(Self { secret, salt, store })
    }
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
        let path = private.store();
        let store = RunStore::open(&path).with_context(|| path.display().to_string())?;
        Ok(Self { attestation, secret, salt, store })
    }
}

fn read_secret(path: &Path) -> Result<OperatorSecret> {
    OperatorSecret::read(path).with_context(|| path.display().to_string())
}

/// Makes a directory that only its owner can look into.
fn make_private(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("cannot make {}", path.display()))
}

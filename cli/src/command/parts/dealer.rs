//! The dealer's own folder: what never leaves it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use pacioli_attestation::Digest;
use pacioli_prover::{
    OperatorSecret, Salt,
    parts::{Assembled, RecordsKey, RunKey},
};
use serde::{Deserialize, Serialize};

use super::objects::{ASSEMBLED, DEAL, RunObjects};
use crate::command::{
    files,
    held::Held,
    inputs::Fingerprint,
    run::{PRIVATE_FILES, make_private, read_secret},
};

/// The dealer's own folder.
#[derive(Debug)]
pub struct DealerFolder(PathBuf);

/// What was dealt, to recognise it, and what is said of it when it is proved.
#[derive(Debug, Deserialize, Serialize)]
pub struct Inputs {
    /// What it was made from.
    pub made_from: Fingerprint,
    /// What is said.
    pub told: Told,
}

/// What is said of a book when it is proved.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Told {
    /// The lines of all accounts.
    pub lines: usize,
    /// How many accounts took which form, where the rules have any.
    pub forms: Option<Forms>,
    /// What was warned of.
    pub warnings: Vec<String>,
}

/// How many accounts took which form.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Forms {
    /// Accounts held plain.
    pub plain: u64,
    /// Accounts held covered.
    pub covered: u64,
    /// Accounts closed in every scenario.
    pub closed: u64,
    /// Lines that the first two would have more if they were closed.
    pub lines_saved: u64,
}

/// Secrets that a deal begins with.
#[derive(Debug)]
pub struct Fresh {
    /// The run's key.
    pub run: RunKey,
    /// The key of the records.
    pub records: RecordsKey,
    /// The salt.
    pub salt: Salt,
}

impl DealerFolder {
    /// The folder at a path; nothing is made yet.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The operator's secret: of the file, or of the folder; a new one where `begin` and there is
    /// none.
    pub fn secret(&self, given: Option<&Path>, begin: bool) -> Result<OperatorSecret> {
        let own = self.0.join("secret");
        match given {
            Some(path) => read_secret(path),
            None if begin && !own.exists() => {
                let secret = OperatorSecret::generate()?;
                // Half a secret would stop every run that continues this one.
                let beside = files::beside(&own);
                let written = secret.write_new(&beside).map_err(anyhow::Error::from);
                let written = written.and_then(|()| Ok(fs::rename(&beside, &own)?));
                written.with_context(|| own.display().to_string())?;
                Ok(secret)
            }
            None => read_secret(&own),
        }
    }

    /// Holds the folder for this process alone, and removes what others left that were killed.
    pub fn hold(&self) -> Result<Held> {
        let mut held = Held::alone(&self.0)?;
        held.clean(&self.0, &PRIVATE_FILES);
        Ok(held)
    }

    /// Whether there is such a folder.
    pub fn exists(&self) -> bool {
        self.0.is_dir()
    }

    /// Makes the folder, for its owner alone.
    pub fn make(&self) -> Result<()> {
        if self.exists() {
            return Ok(());
        }
        if let Some(parent) = self.0.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            files::make_directory(parent)?;
        }
        let made = make_private(&self.0);
        // Another process may have made it since.
        if self.exists() { Ok(()) } else { made }
    }

    /// Draws what a run needs. What a deal left that was stopped is removed: nothing was proved
    /// with it.
    pub fn begin(&self) -> Result<Fresh> {
        let stale = ["salt", "run.key", "records.key", "inputs.json", ASSEMBLED];
        for name in stale {
            self.remove(name)?;
        }
        let (run, records) = (RunKey::generate()?, RecordsKey::generate()?);
        let fresh = Fresh { run, records, salt: Salt::generate()? };
        fresh.salt.write_new(&self.0.join("salt"))?;
        fresh.run.write_new(&self.0.join("run.key"))?;
        fresh.records.write_new(&self.0.join("records.key"))?;
        Ok(fresh)
    }

    /// Removes a file, if there is one.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.0.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Keeps what was dealt: from here on the deal is the run's.
    pub fn keep(&self, inputs: &Inputs, deal: &[u8]) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(inputs)?;
        text.push(b'\n');
        files::write_private(&self.0.join("inputs.json"), &text)?;
        files::write_private(&self.0.join(DEAL), deal)
    }

    /// Removes what only a run that goes on needs.
    pub fn finish(&self) -> Result<()> {
        ["records.key", "run.key", "inputs.json", ASSEMBLED, DEAL]
            .iter()
            .try_for_each(|name| self.remove(name))
    }

    /// The choice that was made first, if one was. What stands where the run is may be anybody's.
    pub fn assembled(&self, run: &RunObjects) -> Result<Option<(Assembled, Digest)>> {
        let path = self.0.join(ASSEMBLED);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = files::read(&path)?;
        let assembled = Assembled::parse(&bytes, &run.deal, run.digest);
        let assembled = assembled.with_context(|| path.display().to_string())?;
        Ok(Some((assembled, Digest::of(&bytes))))
    }

    /// Keeps a choice unless one was made, and puts the one that was made first where the run is.
    pub fn choose(&self, run: &RunObjects, bytes: &[u8]) -> Result<()> {
        let path = self.0.join(ASSEMBLED);
        files::write_private_new(&path, bytes)?;
        self.publish(run)
    }

    /// Puts the choice that was made where the run is; another that stands there is refused.
    pub fn publish(&self, run: &RunObjects) -> Result<()> {
        let bytes = files::read(&self.0.join(ASSEMBLED))?;
        ensure!(
            RunObjects::once(&run.objects, ASSEMBLED, &bytes)?.is_none(),
            "{}/{ASSEMBLED} is not the choice of {}: somebody else wrote it. Remove it, and see who can \
             write there",
            run.objects,
            self.0.display()
        );
        Ok(())
    }

    /// What was dealt, if a deal was kept.
    pub fn kept(&self) -> Result<Option<(Inputs, Vec<u8>)>> {
        let path = self.0.join(DEAL);
        if !path.exists() {
            return Ok(None);
        }
        let deal = files::read(&path)?;
        let path = self.0.join("inputs.json");
        let inputs = serde_json::from_slice(&files::read(&path)?);
        Ok(Some((inputs.with_context(|| path.display().to_string())?, deal)))
    }

    /// The digest of what was dealt.
    pub fn deal_digest(&self) -> Result<Digest> {
        Ok(Digest::of(&files::read(&self.0.join(DEAL))?))
    }

    /// The salt.
    pub fn salt(&self) -> Result<Salt> {
        self.read("salt", Salt::read)
    }

    /// The run's key.
    pub fn run_key(&self) -> Result<RunKey> {
        self.read("run.key", RunKey::read)
    }

    /// The key of the records, until it is destroyed.
    pub fn records_key(&self) -> Result<RecordsKey> {
        let path = self.0.join("records.key");
        ensure!(
            path.exists(),
            "{} is gone: this run was assembled into another --out, and what its attempts drew was \
             destroyed",
            path.display()
        );
        self.read("records.key", RecordsKey::read)
    }

    fn read<T, E: std::error::Error + Send + Sync + 'static>(
        &self,
        name: &str,
        read: impl Fn(&Path) -> Result<T, E>,
    ) -> Result<T> {
        let path = self.0.join(name);
        read(&path).with_context(|| path.display().to_string())
    }

    /// The path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

//! A folder of statements: a file for each account, and an index that says whose each is.
//!
//! A file's name is a hash of the statement's nonce, so it is of one length and of digits alone: no id can
//! lead out of the folder or be taken for another's, and whoever sees the names learns no ids, nor that
//! two runs have a holder in common. Only the index has ids, and it is the venue's.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use pacioli_attestation::{Digest, statement::Statement};
use pacioli_prover::parts::Recipient;
use serde::{Deserialize, Serialize};

use super::super::{files, held::Held, run::make_private};

/// The index's name in the folder.
pub const INDEX: &str = "index.json";

/// The version of the index that this code writes.
pub const VERSION: &str = "pacioli statements v1-draft";

/// Digits of a file's name: 128 bits.
const DIGITS: usize = 32;

/// The index, as in the file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Index {
    version: String,
    attestation: Digest,
    statements: Vec<Listed>,
}

/// A statement in the folder.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    account: String,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<Recipient>,
}

/// What was written.
#[derive(Debug)]
pub(super) struct Exported {
    /// The attestation of the statements.
    pub(super) attestation: pacioli_attestation::Digest,
    /// Statements that were written now.
    pub(super) written: u64,
    /// Statements that were there already.
    pub(super) kept: u64,
    /// Statements that the index lists, those of earlier exports to the folder with them.
    pub(super) listed: usize,
}

/// A folder that this process writes statements of one attestation to.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    attestation: Digest,
    listed: BTreeMap<String, Listed>,
    written: u64,
    kept: u64,
    _held: Held,
}

impl Folder {
    /// Opens a folder, which is made for its owner alone if it is not there.
    ///
    /// # Errors
    /// If another process works in it, or it has statements of another attestation.
    pub fn open(path: &Path, attestation: Digest) -> Result<Self> {
        if !path.exists() {
            make_private(path)?;
        }
        let held = Held::alone(path)?;
        clean(path);
        let index = path.join(INDEX);
        let mut listed = BTreeMap::new();
        if index.exists() {
            let read: Result<Index, _> = serde_json::from_slice(&files::read(&index)?);
            let read = read.with_context(|| index.display().to_string())?;
            if (read.version.as_str(), read.attestation) != (VERSION, attestation) {
                let other = read.attestation;
                bail!(
                    "{} has statements of the attestation {other}: give another folder",
                    path.display()
                );
            }
            listed = read.statements.into_iter().map(|one| (one.account.clone(), one)).collect();
        }
        let folder =
            Self { path: path.to_owned(), attestation, listed, written: 0, kept: 0, _held: held };
        // From now on the folder is this attestation's, wherever the export ends.
        folder.write_index()?;
        Ok(folder)
    }

    /// Writes a statement, encrypted if there is a recipient, unless it is there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&mut self, statement: &Statement, recipient: Option<&Recipient>) -> Result<()> {
        let (bytes, file) = (statement.to_bytes(), name(statement, recipient));
        let path = self.path.join(&file);
        // Sealed twice it is never the same: under its name is what was written for this key, whole.
        let is_there = match recipient {
            None => fs::read(&path).is_ok_and(|there| there == bytes),
            Some(_) => fs::metadata(&path).is_ok_and(|there| there.is_file() && there.len() > 0),
        };
        if is_there {
            self.kept += 1;
        } else {
            let sealed = recipient.map(|recipient| recipient.seal(&bytes)).transpose()?;
            files::write_private(&path, &sealed.unwrap_or(bytes))?;
            self.written += 1;
        }
        let account = statement.account.clone();
        let listed = Listed { account: account.clone(), file, recipient: recipient.cloned() };
        self.listed.insert(account, listed);
        Ok(())
    }

    /// Writes the index of all that is there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<Exported> {
        self.write_index()?;
        let Self { attestation, listed, written, kept, .. } = self;
        Ok(Exported { attestation, written, kept, listed: listed.len() })
    }

    fn write_index(&self) -> Result<()> {
        let statements = self.listed.values().cloned().collect();
        let index =
            Index { version: VERSION.to_owned(), attestation: self.attestation, statements };
        let mut bytes = serde_json::to_vec_pretty(&index)?;
        bytes.push(b'\n');
        files::write_private(&self.path.join(INDEX), &bytes)
    }
}

/// The name of a statement's file: another one for another recipient.
fn name(statement: &Statement, recipient: Option<&Recipient>) -> String {
    let mut hashed = b"pacioli.statement-file.v1".to_vec();
    hashed.extend(statement.nonce.nonce().reveal());
    let ending = match recipient {
        Some(recipient) => {
            hashed.extend(recipient.to_string().as_bytes());
            "json.age"
        }
        None => "json",
    };
    let digest = Digest::of(&hashed).to_string();
    format!("{}.{ending}", &digest[2..2 + DIGITS])
}

/// Removes what exports that were killed did not finish. Nobody else works in the folder.
fn clean(path: &Path) {
    files::remove_unfinished(&path.join(INDEX));
    let Ok(entries) = fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = |name: &str| {
            let (digits, rest) = name.split_once('.').unwrap_or((name, ""));
            let digits = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit());
            digits && rest.starts_with("json") && rest.ends_with(".part")
        };
        if name.to_str().is_some_and(is_ours) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

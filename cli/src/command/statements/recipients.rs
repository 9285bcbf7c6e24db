//! Whose key a statement is encrypted to: a list, one account a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use pacioli_prover::parts::Recipient;

use super::super::files;

/// The keys of a list, by account.
#[derive(Debug)]
pub struct Recipients {
    path: PathBuf,
    by_account: BTreeMap<String, Recipient>,
}

impl Recipients {
    /// Reads a list: a key, a space and an account's id a line. Empty lines and those that begin with
    /// `#` are passed over.
    ///
    /// # Errors
    /// If a line has another form, or an account is there twice.
    pub fn read(path: &Path) -> Result<Self> {
        let mut by_account = BTreeMap::new();
        for (index, line) in files::read_text(path)?.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = || format!("{}:{}", path.display(), index + 1);
            let Some((key, account)) = line.split_once(' ') else {
                bail!("{}: not a key, a space and an id", place());
            };
            let recipient: Recipient = key.parse().with_context(place)?;
            if by_account.insert(account.to_owned(), recipient).is_some() {
                bail!("{}: a second key of `{}`", place(), account.escape_debug());
            }
        }
        Ok(Self { path: path.to_owned(), by_account })
    }

    /// The key of an account.
    ///
    /// # Errors
    /// If the list has none.
    pub fn of(&self, account: &str) -> Result<&Recipient> {
        let missing =
            || format!("{} has no key of `{}`", self.path.display(), account.escape_debug());
        self.by_account.get(account).with_context(missing)
    }

    /// Fails if an account has no key, before anything is written.
    ///
    /// # Errors
    /// If there is one.
    pub fn require_all(&self, accounts: &BTreeSet<String>) -> Result<()> {
        let mut missing = accounts.iter().filter(|id| !self.by_account.contains_key(*id));
        let Some(first) = missing.next() else { return Ok(()) };
        let (path, first) = (self.path.display(), first.escape_debug());
        match missing.count() {
            0 => bail!("{path} has no key of `{first}`"),
            more => bail!("{path} has no key of `{first}`, nor of {more} other accounts"),
        }
    }
}

//! A snapshot from a file or a database, with the list of classes beside it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use pacioli_attestation::Progress;
use pacioli_postgres::{Database, DatabaseError, Environment, is_address};
use pacioli_prover::snapshot::{self, Snapshot};

use super::files::{read, read_text};
use crate::output;

/// Where a snapshot is.
#[derive(Clone, Copy)]
pub struct BookSource<'a> {
    /// `--snapshot`: a file, or a database's address, which may hold a password and is never shown.
    pub snapshot: &'a Path,
    /// `--query`.
    pub query: Option<&'a Path>,
    /// `--classes`.
    pub classes: Option<&'a Path>,
}

impl BookSource<'_> {
    /// Its name in errors. Lines and columns are those of the query's result as CSV.
    pub fn name(&self) -> String {
        match self.query {
            Some(query) => format!("result of {}", query.display()),
            None => self.snapshot.display().to_string(),
        }
    }

    /// The snapshot, and what stands out in it, which is said before anything is made of it.
    pub fn read(&self, progress: &dyn Progress) -> Result<(Snapshot, Vec<String>)> {
        progress.begin("reading the snapshot", 1);
        let address = self.snapshot.to_str().filter(|text| is_address(text));
        let mut snapshot = match (address, self.query) {
            (None, None) => snapshot::read(self.snapshot)?,
            (Some(address), Some(query)) => self.read_result(address, query)?,
            (Some(_), None) => bail!("--snapshot is a database: give its query with --query FILE"),
            (None, Some(_)) => bail!("--query is for a database: --snapshot postgres://..."),
        };
        let name = self.name();
        let told = snapshot.warnings();
        let warnings: Vec<String> = told.iter().map(|one| format!("{name}: {one}")).collect();
        warnings.iter().for_each(|one| output::warn(one));
        if let Some(path) = self.classes {
            let file = path.display().to_string();
            snapshot::read_classes(&mut snapshot, read(path)?.as_slice(), &file)?;
        }
        Ok((snapshot, warnings))
    }

    /// The snapshot that is the result of a query.
    fn read_result(&self, address: &str, query: &Path) -> Result<Snapshot> {
        let text = read_text(query)?;
        let database = Database::at(address, &Environment::of_process())?;
        let result = database.query(&text, |rows| snapshot::read_csv(rows, &self.name()));
        match result {
            Err(error @ DatabaseError::Connect { .. }) => Err(error.into()),
            Err(error) => Err(error).with_context(|| query.display().to_string()),
            Ok(read) => Ok(read?),
        }
    }
}

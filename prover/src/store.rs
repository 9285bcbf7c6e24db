//! The venue's private data of a run, in one SQLite file: the attempt of every volume's proof, the
//! placement and lines of every account, and the pages opened so far. All of it is secret.

use std::{fs::OpenOptions, io, path::Path};

use halo2_proofs::halo2curves::bn256::{Fr, G1Affine};
use pacioli_attestation::{
    Digest, VolumeId,
    encoding::{parse_point, parse_value, point_bytes, value_bytes},
};
use pacioli_circuits::{Account, InstrumentId, Line, Quantity};
use rusqlite::{Connection, OptionalExtension, params};
use thiserror::Error;

use crate::{derive::RecordedAttempt, plan::Placement};

/// A run's private file.
#[derive(Debug)]
pub struct RunStore {
    connection: Connection,
}

/// An account of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// The holder's id.
    pub id: String,
    /// The account's lines.
    pub account: Account,
    /// The account's placement.
    pub placement: Placement,
}

/// One page's values and their opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedPage {
    /// The combined column's values, slot 0 first.
    pub values: Vec<Fr>,
    /// The opening.
    pub opening: G1Affine,
}

/// Why a run's file cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be created.
    #[error("the run's file: {0}")]
    Io(#[from] io::Error),
    /// SQLite failed.
    #[error("the run's file: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The run ended before its attestation was made.
    #[error("the run was not finished; prove again")]
    Unfinished,
    /// The file was written by another version of the program.
    #[error(
        "the run's file is of version {0}, this program's are of version {FORMAT}: use the program \
         that made it, or prove again"
    )]
    Version(i64),
    /// A row is malformed.
    #[error("the run's file is damaged: {0}")]
    Damaged(&'static str),
    /// Two accounts have the same id, and so would have the same nonce.
    #[error("duplicate account `{}`: its lines would share a pad", .0.escape_debug())]
    Duplicate(String),
}

/// The version of the file, kept as SQLite's `user_version`; 0 is that of files with seeds, 2 of those
/// whose accounts are in order of id.
const FORMAT: i64 = 3;

/// Accounts are in the order in which they come: in order of id each would be a page of its own to
/// read and write.
const SCHEMA: &str = "
    PRAGMA user_version = 3;
    CREATE TABLE run (attestation BLOB NOT NULL);
    CREATE TABLE volumes (volume INTEGER PRIMARY KEY, attempt BLOB NOT NULL);
    CREATE TABLE accounts (
        id TEXT NOT NULL, volume INTEGER NOT NULL, page INTEGER NOT NULL,
        slot INTEGER NOT NULL, lines BLOB NOT NULL,
        PRIMARY KEY (volume, page, slot)
    ) WITHOUT ROWID;
    CREATE TABLE pages (
        volume INTEGER NOT NULL, page INTEGER NOT NULL,
        page_values BLOB NOT NULL, opening BLOB NOT NULL,
        PRIMARY KEY (volume, page)
    ) WITHOUT ROWID;
";

/// No two accounts have one id. In a file this is made when all are there, by sorting, which takes a
/// fraction of what finding each id's place takes.
const IDS: &str = "CREATE UNIQUE INDEX IF NOT EXISTS ids ON accounts (id)";

/// A file that is being made is nobody's before it is finished, and then written out: what is killed
/// before is thrown away. What is sorted stays in memory and out of other folders.
const WHILE_MADE: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -65536;
";

/// Bytes of a line: the instrument and the quantity.
const LINE_BYTES: usize = 2 + 16;

impl RunStore {
    /// A new run in a file that does not exist yet, created readable for its owner alone (on Unix).
    /// SQLite's temporary files beside it get the same permissions.
    ///
    /// # Errors
    /// If the file exists or cannot be created.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?;
        let connection = Connection::open(path)?;
        connection.execute_batch(WHILE_MADE)?;
        Self::prepare(connection)
    }

    /// A new run in memory.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn in_memory() -> Result<Self, StoreError> {
        let store = Self::prepare(Connection::open_in_memory()?)?;
        store.connection.execute_batch(IDS)?;
        Ok(store)
    }

    fn prepare(connection: Connection) -> Result<Self, StoreError> {
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection })
    }

    /// Opens a finished run.
    ///
    /// # Errors
    /// If the file does not exist or is not of a finished run.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let store = Self { connection: Connection::open_with_flags(path, flags)? };
        let version = store.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version != FORMAT {
            return Err(StoreError::Version(version));
        }
        store.attestation()?;
        Ok(store)
    }

    /// Records the placement and lines of every account.
    ///
    /// # Errors
    /// If two have the same id (of a new file, [`Self::finish`] says so), or SQLite fails.
    pub fn record_accounts<'a>(
        &mut self,
        accounts: impl Iterator<Item = (&'a str, &'a Account, Placement)>,
    ) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        let mut insert = transaction.prepare("INSERT INTO accounts VALUES (?, ?, ?, ?, ?)")?;
        for (id, account, Placement { volume, page, slot }) in accounts {
            let inserted =
                insert.execute(params![id, volume.index(), page, slot, line_bytes(account)]);
            inserted.map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::ConstraintViolation) => {
                    StoreError::Duplicate(id.to_owned())
                }
                _ => error.into(),
            })?;
        }
        drop(insert);
        Ok(transaction.commit()?)
    }

    /// Records the attempt of a volume's proof.
    ///
    /// # Errors
    /// If the volume has one already, or SQLite fails.
    pub fn record_attempt(
        &mut self,
        volume: VolumeId,
        attempt: &RecordedAttempt,
    ) -> Result<(), StoreError> {
        let values = params![volume.index(), attempt.secret_bytes()];
        self.connection.execute("INSERT INTO volumes VALUES (?, ?)", values)?;
        Ok(())
    }

    /// Records the run's attestation: the run is finished.
    ///
    /// # Errors
    /// If two accounts have the same id, or SQLite fails.
    pub fn finish(&mut self, attestation: Digest) -> Result<(), StoreError> {
        if let Err(error) = self.connection.execute_batch(IDS) {
            let query = "SELECT id FROM accounts GROUP BY id HAVING count(*) > 1";
            let twice = self.connection.query_row(query, [], |row| row.get(0)).optional()?;
            return Err(twice.map_or(error.into(), StoreError::Duplicate));
        }
        // The one write that waits until everything is on the disk.
        self.connection.execute_batch("PRAGMA synchronous = FULL")?;
        self.connection.execute("INSERT INTO run VALUES (?)", params![attestation.0])?;
        Ok(())
    }

    /// The run's attestation.
    ///
    /// # Errors
    /// If the run was not finished, or SQLite fails.
    pub fn attestation(&self) -> Result<Digest, StoreError> {
        let query = "SELECT attestation FROM run";
        let digest = self.connection.query_row(query, [], |row| row.get(0)).optional()?;
        digest.map(Digest).ok_or(StoreError::Unfinished)
    }

    /// The recorded attempt of a volume's proof.
    ///
    /// # Errors
    /// If SQLite fails, or there is no such volume.
    pub fn attempt(&self, volume: VolumeId) -> Result<RecordedAttempt, StoreError> {
        let query = "SELECT attempt FROM volumes WHERE volume = ?";
        let bytes = self.connection.query_row(query, params![volume.index()], |row| row.get(0))?;
        Ok(RecordedAttempt::from_bytes(bytes))
    }

    /// The accounts of a volume, in order of page and slot.
    ///
    /// # Errors
    /// If a row is damaged, or SQLite fails.
    pub fn accounts(&self, volume: VolumeId) -> Result<Vec<StoredAccount>, StoreError> {
        let query = "SELECT id, volume, page, slot, lines FROM accounts WHERE volume = ?
                     ORDER BY page, slot";
        let mut query = self.connection.prepare(query)?;
        let rows = query.query_map(params![volume.index()], raw_account)?;
        rows.map(|row| stored_account(row?)).collect()
    }

    /// The account with this id, if there is one.
    ///
    /// # Errors
    /// If the row is damaged, or SQLite fails.
    pub fn account(&self, id: &str) -> Result<Option<StoredAccount>, StoreError> {
        let query = "SELECT id, volume, page, slot, lines FROM accounts WHERE id = ?";
        let row = self.connection.query_row(query, params![id], raw_account).optional()?;
        row.map(stored_account).transpose()
    }

    /// Every account's id, sorted.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.connection.prepare("SELECT id FROM accounts ORDER BY id")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records the opened pages of a volume, all or none.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn record_pages(
        &mut self,
        volume: VolumeId,
        pages: &[OpenedPage],
    ) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        let mut insert = transaction.prepare("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)")?;
        for (number, OpenedPage { values, opening }) in pages.iter().enumerate() {
            let values: Vec<u8> = values.iter().flat_map(value_bytes).collect();
            insert.execute(params![volume.index(), number, values, point_bytes(opening)])?;
        }
        drop(insert);
        Ok(transaction.commit()?)
    }

    /// The number of opened pages of a volume.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn opened_pages(&self, volume: VolumeId) -> Result<usize, StoreError> {
        let query = "SELECT count(*) FROM pages WHERE volume = ?";
        Ok(self.connection.query_row(query, params![volume.index()], |row| row.get(0))?)
    }

    /// One page, if it was opened.
    ///
    /// # Errors
    /// If the row is damaged, or SQLite fails.
    pub fn page(&self, volume: VolumeId, page: usize) -> Result<Option<OpenedPage>, StoreError> {
        let query = "SELECT page_values, opening FROM pages WHERE volume = ? AND page = ?";
        let columns =
            |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?));
        let row =
            self.connection.query_row(query, params![volume.index(), page], columns).optional()?;
        let Some((values, opening)) = row else { return Ok(None) };
        let damaged = || StoreError::Damaged("a page");
        let (words, rest) = values.as_chunks::<32>();
        let values: Result<Vec<Fr>, _> = words.iter().map(parse_value).collect();
        let opening = opening.as_slice().try_into().map_err(|_| damaged())?;
        let opening = parse_point(opening).map_err(|_| damaged())?;
        match values {
            Ok(values) if rest.is_empty() => Ok(Some(OpenedPage { values, opening })),
            _ => Err(damaged()),
        }
    }
}

fn line_bytes(account: &Account) -> Vec<u8> {
    let lines = account.lines.iter();
    let bytes = lines.flat_map(|line| {
        let instrument = (line.instrument.row() as u16).to_be_bytes();
        instrument.into_iter().chain(line.quantity.units().to_be_bytes())
    });
    bytes.collect()
}

type RawAccount = (String, Placement, Vec<u8>);

fn raw_account(row: &rusqlite::Row<'_>) -> rusqlite::Result<RawAccount> {
    let volume = VolumeId::new(row.get(1)?);
    let placement = Placement { volume, page: row.get(2)?, slot: row.get(3)? };
    Ok((row.get(0)?, placement, row.get(4)?))
}

fn stored_account((id, placement, bytes): RawAccount) -> Result<StoredAccount, StoreError> {
    let damaged = || StoreError::Damaged("an account's lines");
    let (lines, rest) = bytes.as_chunks::<LINE_BYTES>();
    let line = |bytes: &[u8; LINE_BYTES]| {
        let [high, low, quantity @ ..] = bytes;
        let instrument = InstrumentId::new(u16::from_be_bytes([*high, *low]).into())?;
        let quantity = Quantity::new(u128::from_be_bytes(*quantity))?;
        Some(Line { instrument, quantity })
    };
    let lines: Option<Vec<Line>> = lines.iter().map(line).collect();
    let lines = lines.filter(|_| rest.is_empty()).ok_or_else(damaged)?;
    Ok(StoredAccount { id, account: Account { lines }, placement })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(units: u128) -> Account {
        let line = Line {
            instrument: InstrumentId::new(1023).unwrap(),
            quantity: Quantity::new(units).unwrap(),
        };
        Account { lines: vec![line] }
    }

    fn place(slot: usize) -> Placement {
        Placement { volume: VolumeId::new(0), page: 3, slot }
    }

    #[test]
    fn what_is_kept_is_found_again() {
        let mut store = RunStore::in_memory().unwrap();
        let (first, second) = (account(Quantity::MAX.units()), account(0));
        let accounts = [("bob", &second, place(1)), ("alice", &first, place(0))];
        store.record_accounts(accounts.into_iter()).unwrap();
        let found = store.accounts(VolumeId::new(0)).unwrap();
        assert_eq!(found[0].account, first);
        assert_eq!(found[1], store.account("bob").unwrap().unwrap());
        assert_eq!(store.account("carol").unwrap(), None);

        let page = OpenedPage { values: vec![Fr::from(7); 4], opening: G1Affine::generator() };
        let volume = VolumeId::new(2);
        store.record_pages(volume, &[page.clone(), page.clone()]).unwrap();
        assert_eq!(store.opened_pages(volume).unwrap(), 2);
        assert_eq!(store.page(volume, 1).unwrap(), Some(page));
        assert_eq!(store.page(volume, 2).unwrap(), None);

        assert!(matches!(store.attestation(), Err(StoreError::Unfinished)));
        store.finish(Digest::of(b"")).unwrap();
        assert_eq!(store.attestation().unwrap(), Digest::of(b""));
    }

    #[cfg(unix)]
    #[test]
    fn a_run_is_made_for_its_owner_alone_and_over_no_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        let mut store = RunStore::create(&path).unwrap();
        store.record_accounts([("alice", &account(1), place(0))].into_iter()).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(RunStore::create(&path), Err(StoreError::Io(_))));
        store.finish(Digest::of(b"")).unwrap();
        drop(store);
        assert_eq!(RunStore::open(&path).unwrap().ids().unwrap(), ["alice"]);
    }

    #[test]
    fn two_accounts_of_one_id_do_not_come_to_be_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        let mut store = RunStore::create(&path).unwrap();
        let account = account(1);
        for (slot, id) in ["bob", "alice", "carol", "alice"].into_iter().enumerate() {
            store.record_accounts([(id, &account, place(slot))].into_iter()).unwrap();
        }
        let error = store.finish(Digest::of(b"")).unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(id) if id == "alice"));
        drop(store);
        assert!(matches!(RunStore::open(&path), Err(StoreError::Unfinished)));
    }

    #[test]
    fn two_accounts_of_one_id_are_refused() {
        let mut store = RunStore::in_memory().unwrap();
        let account = account(1);
        let accounts = [("alice", &account, place(0)), ("alice", &account, place(1))];
        let error = store.record_accounts(accounts.into_iter()).unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(id) if id == "alice"));
        assert_eq!(store.ids().unwrap(), [""; 0]);
    }

    #[test]
    fn an_attempt_is_recorded_once() {
        let mut store = RunStore::in_memory().unwrap();
        let attempt = RecordedAttempt::from_bytes([9; 32]);
        let volume = VolumeId::new(0);
        store.record_attempt(volume, &attempt).unwrap();
        assert!(store.record_attempt(volume, &attempt).is_err());
        assert!(store.attempt(volume).unwrap() == attempt);
    }

    #[test]
    fn a_file_of_another_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        RunStore::create(&path).unwrap().finish(Digest::of(b"")).unwrap();
        let edit = Connection::open(&path).unwrap();
        edit.execute_batch("PRAGMA user_version = 0").unwrap();
        assert!(matches!(RunStore::open(&path), Err(StoreError::Version(0))));
    }
}

//! What outlives a restart, in SQLite: alerts, what is still to be told, and what was ever seen.
//!
//! A look is one transaction: an alert is open, and is in the journal of what has to be told, or neither
//! is. A process that is killed tells again at most what a receiver took without the answer having come,
//! under the same identity.

mod journal;

pub use journal::Delivery;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use jiff::Timestamp;
use pacioli_attestation::Digest;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};
use thiserror::Error;

use crate::{
    alert::{Alert, Presence, Subject, Told, step},
    config::Judging,
    judge::{Judged, Memory},
};

/// The version of the tables.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE digests (
    venue TEXT NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL, source TEXT NOT NULL,
    first_seen INTEGER NOT NULL, PRIMARY KEY (venue, number, digest, source)
) WITHOUT ROWID;
CREATE TABLE numbers (
    venue TEXT NOT NULL, source TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (venue, source, number)
) WITHOUT ROWID;
CREATE TABLE unknown (
    venue TEXT NOT NULL, source TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (venue, source)
) WITHOUT ROWID;
CREATE TABLE series (
    venue TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (venue, name, number)
) WITHOUT ROWID;
CREATE TABLE alerts (venue TEXT NOT NULL, key TEXT PRIMARY KEY, alert TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL, receiver TEXT NOT NULL,
    key TEXT NOT NULL, told TEXT NOT NULL, alert TEXT NOT NULL, at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL, delivered INTEGER,
    UNIQUE (message, receiver)
);
CREATE INDEX journal_open ON journal (receiver, id) WHERE delivered IS NULL;
";

/// Values of one series that are kept.
const SERIES_KEPT: i64 = 2_000;

/// Why the history cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// SQLite refuses.
    #[error("the history of alerts: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// What it holds cannot be read.
    #[error("the history of alerts holds what this version does not know: {0}")]
    Form(String),
    /// Another watch has it.
    #[error("another watch uses the history of alerts: give each its own `database`")]
    InUse,
}

/// The history of alerts.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Opens or makes the file, for this process alone.
    ///
    /// # Errors
    /// If it cannot be used, or another watch uses it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        #[cfg(unix)]
        {
            use std::{fs, os::unix::fs::PermissionsExt};
            // Alerts of one's own book are in it. Where that cannot be set, it is where it was put.
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o600));
        }
        Self::of(connection)
    }

    /// One that is forgotten.
    ///
    /// # Errors
    /// If SQLite refuses.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::of(Connection::open_in_memory()?)
    }

    fn of(connection: Connection) -> Result<Self, StoreError> {
        Self::prepare(connection).map_err(|error| match &error {
            StoreError::Sqlite(inner) => match inner.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::InUse,
                _ => error,
            },
            _ => error,
        })
    }

    fn prepare(mut connection: Connection) -> Result<Self, StoreError> {
        connection.busy_timeout(Duration::from_secs(1))?;
        // Held until the process ends, however it ends.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let begun = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        let version: i64 = begun.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            0 => {
                begun.execute_batch(TABLES)?;
                begun.pragma_update(None, "user_version", VERSION)?;
            }
            VERSION => {}
            other => return Err(StoreError::Form(format!("tables of version {other}"))),
        }
        begun.commit()?;
        Ok(Self { connection })
    }

    /// What earlier looks have learned of a venue.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn memory(&self, venue: &str) -> Result<Memory, StoreError> {
        let mut memory = Memory::default();
        let mut found = self
            .connection
            .prepare("SELECT number, digest, source FROM digests WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            let (number, digest): (i64, [u8; 32]) = (row.get(0)?, row.get(1)?);
            memory.digests.entry(unsigned(number)).or_default().insert(digest);
        }
        let mut found =
            self.connection.prepare("SELECT source, number FROM numbers WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            let numbers: &mut BTreeSet<u64> = memory.numbers.entry(row.get(0)?).or_default();
            numbers.insert(unsigned(row.get(1)?));
        }
        let mut found =
            self.connection.prepare("SELECT source, since FROM unknown WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            memory.unknown_since.insert(row.get(0)?, time(row.get(1)?)?);
        }
        let mut found =
            self.connection.prepare("SELECT name, number, value FROM series WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            let (name, value): (String, String) = (row.get(0)?, row.get(2)?);
            let value = value.parse().map_err(|_| StoreError::Form(format!("series {name}")))?;
            memory.series.entry(name).or_default().insert(unsigned(row.get(1)?), value);
        }
        Ok(memory)
    }

    /// Keeps what a look found: one transaction. Returns what is told.
    ///
    /// # Errors
    /// If it cannot be written: then nothing of it is.
    pub fn keep(
        &mut self,
        judged: &Judged,
        now: Timestamp,
        judging: &Judging,
        receivers: &[(String, bool)],
    ) -> Result<Vec<(Told, Alert)>, StoreError> {
        let transaction = self.connection.transaction()?;
        learn(&transaction, judged, now)?;
        let mut before = alerts_of(&transaction, &judged.venue)?;
        let mut told = Vec::new();
        for fact in &judged.facts {
            let kept = before.remove(&fact.subject);
            let (next, what) = step(kept, fact, now, judging);
            write(&transaction, next, what, &mut told)?;
        }
        // What is no fact of this look is gone, if its source was read.
        for (subject, alert) in before {
            let key = (subject.source.clone(), subject.kind);
            let unseen = judged.not_told.contains(&key)
                || (judged.not_read.contains_key(&subject.source)
                    && subject.kind != crate::alert::Kind::Unknown);
            let presence = if unseen { Presence::NotSeen } else { Presence::Gone };
            let fact = crate::alert::Fact {
                subject,
                presence,
                state: alert.state,
                summary: alert.summary.clone(),
                private: alert.private,
            };
            let (next, what) = step(Some(alert), &fact, now, judging);
            write(&transaction, next, what, &mut told)?;
        }
        journal::write(&transaction, &told, now, receivers)?;
        transaction.commit()?;
        Ok(told)
    }

    /// The alerts of all venues.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let mut found = self.connection.prepare("SELECT alert FROM alerts ORDER BY key")?;
        let rows = found.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|row| read(&row?)).collect()
    }
}

fn learn(to: &Transaction<'_>, judged: &Judged, now: Timestamp) -> Result<(), StoreError> {
    let venue = &*judged.venue;
    let learned = &judged.learned;
    let mut kept = to.prepare("INSERT OR IGNORE INTO digests VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (number, Digest(digest), source) in &learned.digests {
        kept.execute(params![venue, signed(*number), digest, source, now.as_second()])?;
    }
    let mut kept = to.prepare("INSERT OR IGNORE INTO numbers VALUES (?1, ?2, ?3)")?;
    for (source, number) in &learned.numbers {
        kept.execute(params![venue, source, signed(*number)])?;
    }
    to.execute("DELETE FROM unknown WHERE venue = ?1", [venue])?;
    for (source, since) in &learned.unknown_since {
        let since = since.as_second();
        to.execute("INSERT INTO unknown VALUES (?1, ?2, ?3)", params![venue, source, since])?;
    }
    let mut kept = to.prepare("INSERT OR IGNORE INTO series VALUES (?1, ?2, ?3, ?4)")?;
    let mut trimmed = to.prepare(
        "DELETE FROM series WHERE venue = ?1 AND name = ?2 AND number <= (
             SELECT number FROM series WHERE venue = ?1 AND name = ?2
             ORDER BY number DESC LIMIT 1 OFFSET ?3)",
    )?;
    for (name, number, value) in &learned.series {
        kept.execute(params![venue, name, signed(*number), value.to_string()])?;
        trimmed.execute(params![venue, name, SERIES_KEPT])?;
    }
    Ok(())
}

fn alerts_of(from: &Transaction<'_>, venue: &str) -> Result<BTreeMap<Subject, Alert>, StoreError> {
    let mut found = from.prepare("SELECT alert FROM alerts WHERE venue = ?1")?;
    let rows = found.query_map([venue], |row| row.get::<_, String>(0))?;
    let alerts = rows.map(|row| {
        let alert: Alert = read(&row?)?;
        Ok((alert.subject.clone(), alert))
    });
    alerts.collect()
}

fn write(
    to: &Transaction<'_>,
    alert: Option<Alert>,
    what: Option<Told>,
    told: &mut Vec<(Told, Alert)>,
) -> Result<(), StoreError> {
    let Some(alert) = alert else { return Ok(()) };
    to.execute(
        "INSERT OR REPLACE INTO alerts VALUES (?1, ?2, ?3)",
        params![alert.subject.venue, alert.subject.key(), text(&alert)?],
    )?;
    told.extend(what.map(|what| (what, alert)));
    Ok(())
}

fn text(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Form(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Form(error.to_string()))
}

fn time(second: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(second).map_err(|error| StoreError::Form(error.to_string()))
}

/// SQLite's integers are signed: the same 64 bits.
fn signed(number: u64) -> i64 {
    number.cast_signed()
}

fn unsigned(number: i64) -> u64 {
    number.cast_unsigned()
}

#[cfg(test)]
mod tests;

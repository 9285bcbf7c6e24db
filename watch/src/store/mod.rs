//! What outlives a restart, in SQLite: alerts, what is still to be told, and what was ever seen.
//!
//! A look is one transaction: an alert is open, and is in the journal of what has to be told, or neither
//! is. A process that is killed tells again at most what a receiver took without the answer having come,
//! under the same identity.

mod journal;
mod memory;

pub use journal::Delivery;

use std::{collections::BTreeMap, path::Path, time::Duration};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};
use thiserror::Error;

use crate::{
    alert::{Alert, Fact, Kind, Presence, Subject, Told, step},
    config::Judging,
    judge::Judged,
};

/// The version of the tables.
const VERSION: i64 = 2;

const TABLES: &str = "
CREATE TABLE verified (
    venue TEXT NOT NULL, source TEXT NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL,
    kept TEXT NOT NULL, first_seen INTEGER NOT NULL, PRIMARY KEY (venue, source, digest)
) WITHOUT ROWID;
CREATE TABLE refused (
    venue TEXT NOT NULL, source TEXT NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL,
    why TEXT NOT NULL, first_seen INTEGER NOT NULL, PRIMARY KEY (venue, source, digest)
) WITHOUT ROWID;
CREATE TABLE named (
    venue TEXT NOT NULL, source TEXT NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL,
    first_seen INTEGER NOT NULL, PRIMARY KEY (venue, source, number, digest)
) WITHOUT ROWID;
CREATE VIEW digests AS
    SELECT venue, source, number, digest, 'verified' AS standing, first_seen FROM verified
    UNION ALL SELECT venue, source, number, digest, 'refused', first_seen FROM refused
    UNION ALL SELECT venue, source, number, digest, 'named', first_seen FROM named;
CREATE TABLE rounds (
    venue TEXT NOT NULL, source TEXT NOT NULL, round INTEGER NOT NULL,
    PRIMARY KEY (venue, source)
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
        memory::learn(&transaction, judged, now)?;
        let mut before = alerts_of(&transaction, &judged.venue)?;
        let looks = looks(before.values());
        let mut told = Vec::new();
        for fact in &judged.facts {
            let kept = before.remove(&fact.subject);
            let group = (fact.subject.source.clone(), fact.subject.kind);
            let beside = looks.get(&group).copied().unwrap_or_default();
            let (next, what) = step(kept, fact, beside, now, judging);
            write(&transaction, next, what, &mut told)?;
        }
        // What is no fact of this look is gone, if it would have been seen.
        for (subject, alert) in before {
            let presence = match judged.may_be_there(&subject) {
                true => Presence::NotSeen,
                false => Presence::Gone,
            };
            let fact = Fact {
                subject,
                presence,
                state: alert.state,
                summary: alert.summary.clone(),
                private: alert.private,
            };
            let (next, what) = step(Some(alert), &fact, 0, now, judging);
            write(&transaction, next, what, &mut told)?;
        }
        let open = alerts_of(&transaction, &judged.venue)?;
        let open: Vec<_> = open.into_values().filter(Alert::is_open).collect();
        journal::write(&transaction, &told, &open, now, receivers)?;
        transaction.commit()?;
        Ok(told)
    }

    /// Closes what is open of sources that are watched no more, and says so: it is not over.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn close_unwatched(
        &mut self,
        is_watched: &dyn Fn(&Subject) -> bool,
        now: Timestamp,
        receivers: &[(String, bool)],
    ) -> Result<Vec<(Told, Alert)>, StoreError> {
        let open = self.alerts()?.into_iter().filter(Alert::is_open);
        let unwatched: Vec<Alert> = open.filter(|alert| !is_watched(&alert.subject)).collect();
        let transaction = self.connection.transaction()?;
        let mut told = Vec::new();
        for mut alert in unwatched {
            alert.summary = format!("watched no more, and not known to be over: {}", alert.summary);
            alert.close(now);
            write(&transaction, Some(alert), Some(Told::Resolved), &mut told)?;
        }
        journal::write(&transaction, &told, &[], now, receivers)?;
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

/// The looks at which any fact of a source and kind was there.
fn looks<'a>(alerts: impl Iterator<Item = &'a Alert>) -> BTreeMap<(String, Kind), u32> {
    let mut looks = BTreeMap::new();
    for Alert { subject, looks: own, .. } in alerts {
        *looks.entry((subject.source.clone(), subject.kind)).or_default() |= own;
    }
    looks
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

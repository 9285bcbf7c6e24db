//! What each receiver is still to be told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::{Store, StoreError, read, text, time, unsigned};
use crate::alert::{Alert, Told};

/// Deliveries that were made are kept for so long, for whoever asks what was told.
const KEPT: i64 = 90 * 86_400;

/// Something that a receiver has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its place in the journal.
    pub id: i64,
    /// Its identity, the same for each attempt.
    pub message: String,
    /// Whether it is raised or resolved.
    pub told: Told,
    /// The alert, as it was then.
    pub alert: Alert,
    /// When it happened.
    pub at: Timestamp,
    /// Attempts so far.
    pub attempts: u32,
}

/// Writes what is told into the journal of each receiver that is to know it, and what is open into that
/// of whoever was none when it was opened.
pub(super) fn write(
    to: &Transaction<'_>,
    told: &[(Told, Alert)],
    open: &[Alert],
    now: Timestamp,
    receivers: &[(String, bool)],
) -> Result<(), StoreError> {
    // Nobody is told twice: a message is once in each journal.
    let open = open.iter().map(|alert| (&Told::Raised, alert));
    for (what, alert) in told.iter().map(|(what, alert)| (what, alert)).chain(open) {
        for (receiver, takes_private) in receivers {
            if alert.private && !takes_private {
                continue;
            }
            to.execute(
                "INSERT OR IGNORE INTO journal (message, receiver, key, told, alert, at, next)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                params![
                    alert.message_id(*what),
                    receiver,
                    alert.subject.key(),
                    text(what)?,
                    text(alert)?,
                    now.as_second()
                ],
            )?;
        }
    }
    // What is open stays there as long, or it would be told again.
    to.execute(
        "DELETE FROM journal WHERE delivered < ?1 AND NOT EXISTS (
             SELECT 1 FROM alerts WHERE alerts.key = journal.key
                 AND alert ->> 'open_since' IS NOT NULL)",
        [now.as_second().saturating_sub(KEPT)],
    )?;
    Ok(())
}

impl Store {
    /// What a receiver is still to be told and may be told now: of each alert the first alone, so that
    /// nothing is resolved before it was raised. What was tried least goes first: what a receiver never
    /// takes keeps nothing else from it.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn due(&self, receiver: &str, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
        let mut found = self.connection.prepare(
            "SELECT id, message, told, alert, at, attempts FROM journal AS own
             WHERE receiver = ?1 AND delivered IS NULL AND next <= ?2 AND NOT EXISTS (
                 SELECT 1 FROM journal WHERE receiver = ?1 AND delivered IS NULL
                     AND key = own.key AND id < own.id)
             ORDER BY attempts, id",
        )?;
        let mut rows = found.query(params![receiver, now.as_second()])?;
        let mut due = Vec::new();
        while let Some(row) = rows.next()? {
            due.push(Delivery {
                id: row.get(0)?,
                message: row.get(1)?,
                told: read(&row.get::<_, String>(2)?)?,
                alert: read(&row.get::<_, String>(3)?)?,
                at: time(row.get(4)?)?,
                attempts: row.get(5)?,
            });
        }
        Ok(due)
    }

    /// Keeps that a receiver took something.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn delivered(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        let kept = "UPDATE journal SET delivered = ?2, attempts = attempts + 1 WHERE id = ?1";
        self.connection.execute(kept, params![id, now.as_second()])?;
        Ok(())
    }

    /// Keeps that a receiver did not, and when it is tried again.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn failed(&self, id: i64, next: Timestamp) -> Result<(), StoreError> {
        let kept = "UPDATE journal SET attempts = attempts + 1, next = ?2 WHERE id = ?1";
        self.connection.execute(kept, params![id, next.as_second()])?;
        Ok(())
    }

    /// How much each name that is none of these is still to be told, which it never will be.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn orphaned(&self, receivers: &[(String, bool)]) -> Result<Vec<(String, u64)>, StoreError> {
        let is_one = |name: &String| receivers.iter().any(|(receiver, _)| receiver == name);
        let open = self.open_deliveries()?.into_iter();
        Ok(open.filter(|(name, _)| !is_one(name)).collect())
    }

    /// How much each receiver is still to be told.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn open_deliveries(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut found = self.connection.prepare(
            "SELECT receiver, count(*) FROM journal WHERE delivered IS NULL GROUP BY receiver",
        )?;
        let rows = found.query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

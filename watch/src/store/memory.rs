//! What was ever seen of a venue: written by a look, read by those after it.

use std::collections::btree_map::Entry;

use jiff::Timestamp;
use pacioli_attestation::Digest;
use rusqlite::{Transaction, params};

use super::{Store, StoreError, read, signed, text, time, unsigned};
use crate::judge::{Judged, Memory, Refused};

/// Values of one series that are kept.
const SERIES_KEPT: i64 = 2_000;

impl Store {
    /// What earlier looks have learned of a venue.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn memory(&self, venue: &str) -> Result<Memory, StoreError> {
        let mut memory = Memory::default();
        let from = &self.connection;
        let mut found =
            from.prepare("SELECT source, digest, kept FROM verified WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            let (source, digest): (String, [u8; 32]) = (row.get(0)?, row.get(1)?);
            memory.shown.entry(source).or_default().insert(digest);
            if let Entry::Vacant(place) = memory.verified.entry(digest) {
                place.insert(read(&row.get::<_, String>(2)?)?);
            }
        }
        let mut found =
            from.prepare("SELECT source, digest, number, why FROM refused WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            let refused = Refused { number: unsigned(row.get(2)?), why: row.get(3)? };
            memory.refused.insert((row.get(0)?, row.get(1)?), refused);
        }
        let mut found = from.prepare("SELECT number, digest FROM named WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            memory.named.entry(unsigned(row.get(0)?)).or_default().insert(row.get(1)?);
        }
        let mut found = from.prepare("SELECT source, round FROM rounds WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            memory.rounds.insert(row.get(0)?, unsigned(row.get(1)?));
        }
        let mut found = from.prepare("SELECT source, since FROM unknown WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            memory.unknown_since.insert(row.get(0)?, time(row.get(1)?)?);
        }
        let mut found = from.prepare("SELECT name, number, value FROM series WHERE venue = ?1")?;
        let mut rows = found.query([venue])?;
        while let Some(row) = rows.next()? {
            let (name, value): (String, String) = (row.get(0)?, row.get(2)?);
            let value = value.parse().map_err(|_| StoreError::Form(format!("series {name}")))?;
            memory.series.entry(name).or_default().insert(unsigned(row.get(1)?), value);
        }
        Ok(memory)
    }
}

/// Keeps what a look has learned.
pub(super) fn learn(
    to: &Transaction<'_>,
    judged: &Judged,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (venue, learned) = (&*judged.venue, &judged.learned);
    let now = now.as_second();
    let mut kept = to.prepare("INSERT OR IGNORE INTO verified VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut not = to.prepare("DELETE FROM refused WHERE venue = ?1 AND digest = ?2")?;
    for (source, Digest(digest), one) in &learned.verified {
        let number = signed(one.header.sequence);
        kept.execute(params![venue, source, number, digest, text(one)?, now])?;
        not.execute(params![venue, digest])?;
    }
    let mut kept = to.prepare("INSERT OR IGNORE INTO refused VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut not = to.prepare("DELETE FROM verified WHERE venue = ?1 AND digest = ?2")?;
    for (source, Digest(digest), Refused { number, why }) in &learned.refused {
        kept.execute(params![venue, source, signed(*number), digest, why, now])?;
        not.execute(params![venue, digest])?;
    }
    let over = "DELETE FROM refused WHERE venue = ?1 AND source = ?2 AND digest = ?3";
    let mut over = to.prepare(over)?;
    for (source, Digest(digest)) in &learned.over {
        over.execute(params![venue, source, digest])?;
    }
    let mut kept = to.prepare("INSERT OR IGNORE INTO named VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (number, Digest(digest), source) in &learned.named {
        kept.execute(params![venue, source, signed(*number), digest, now])?;
    }
    let mut kept = to.prepare(
        "INSERT INTO rounds VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET round = max(round, excluded.round)",
    )?;
    for (source, round) in &learned.rounds {
        kept.execute(params![venue, source, signed(*round)])?;
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

//! One query in one snapshot of the database, read row by row.

use std::{
    fmt,
    io::{self, BufRead, Read},
    sync::mpsc,
    thread,
};

use postgres::{Client, CopyOutReader, Statement, error::SqlState};

use crate::{
    address::Address,
    columns::{Column, column_of},
    csv::{add_field, add_row},
    environment::Environment,
    error::{AddressError, DatabaseError},
    options::CONNECT_TIMEOUT,
};

/// All that a query sees, however long it is read, and nothing it could change. Where a policy would
/// hide rows from the user, the query fails instead: the book would lack accounts.
const BEGIN: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL row_security = off";

/// The longest row that is read.
const MAX_ROW_BYTES: u64 = 1 << 20;

/// A database to read from.
pub struct Database(Address);

impl Database {
    /// The database at an address, for which `env` stands in where the address says nothing.
    ///
    /// # Errors
    /// If the address, a variable that is read, or a file that they name cannot be used.
    pub fn at(address: &str, env: &Environment) -> Result<Self, AddressError> {
        Address::parse(address, env).map(Self)
    }

    /// Hands the result of a query to `read` as CSV with a header, while it arrives: a line for
    /// each row, null as an empty field, numbers in the database's digits without the zeros that
    /// end their decimals.
    ///
    /// What fails while it arrives is an [`io::Error`] in `read`, with the message of a
    /// [`DatabaseError`].
    ///
    /// # Errors
    /// If the server cannot be reached, the query fails or is none that can be read, or a column's
    /// text would not be exact.
    pub fn query<T, E>(
        &self,
        query: &str,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, E>,
    ) -> Result<Result<T, E>, DatabaseError> {
        let mut client = self.connect()?;
        let failed = |error| self.failed(error);
        client.batch_execute(BEGIN).map_err(failed)?;
        let statement = client.prepare(query).map_err(failed)?;
        let columns = columns_of(&statement)?;
        let cancel = client.cancel_token();
        let copy = client.copy_out(&copy_of(query)).map_err(|error| match error.code() {
            Some(&SqlState::SYNTAX_ERROR) => DatabaseError::NotOneSelect(error),
            _ => failed(error),
        })?;
        let mut rows = Rows::new(copy, &statement, columns, self);
        let result = read(&mut rows);
        if !rows.ended {
            // Whoever has seen enough does not wait for the rest. If the server is not reached, it
            // notices by itself that nobody reads on.
            let _ = cancel.cancel_query(self.0.tls.clone());
            return Ok(result);
        }
        drop(rows);
        if result.is_ok() {
            // Whatever fails behind the last row shows in what is asked next.
            client.batch_execute("SELECT 1").map_err(failed)?;
        }
        Ok(result)
    }

    /// Connects in a thread of its own: the client's own limit ends when the server accepts, and one
    /// that says nothing more would be waited for without end.
    fn connect(&self) -> Result<Client, DatabaseError> {
        let Address { config, tls, only_encrypted, shown } = &self.0;
        let each = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        let servers = config.get_hosts().len().max(config.get_hostaddrs().len()).max(1);
        let limit = each.saturating_mul(u32::try_from(servers).unwrap_or(u32::MAX));
        let (config, tls) = (config.clone(), tls.clone());
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            // Whoever has waited for too long does not hear of it.
            let _ = sender.send(config.connect(tls));
        });
        match receiver.recv_timeout(limit) {
            Ok(connected) => connected.map_err(|error| DatabaseError::Connect {
                address: shown.clone(),
                error,
                only_encrypted: *only_encrypted,
            }),
            Err(_) => Err(DatabaseError::Silent { address: shown.clone(), limit }),
        }
    }

    fn failed(&self, error: postgres::Error) -> DatabaseError {
        DatabaseError::Query { address: self.0.shown.clone(), error }
    }
}

impl fmt::Display for Database {
    /// Its address without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.shown)
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.0.shown).finish()
    }
}

/// How each column is written, or all that cannot be.
fn columns_of(statement: &Statement) -> Result<Vec<Column>, DatabaseError> {
    if !statement.params().is_empty() {
        return Err(DatabaseError::Parameters);
    }
    let (mut columns, mut refused) = (Vec::new(), Vec::new());
    for column in statement.columns() {
        match column_of(column.name(), column.type_()) {
            Ok(column) => columns.push(column),
            Err(why) => refused.push(why),
        }
    }
    match (refused.is_empty(), columns.is_empty()) {
        (false, _) => Err(DatabaseError::Columns(refused)),
        (true, true) => Err(DatabaseError::NoColumns),
        (true, false) => Ok(columns),
    }
}

/// The command that sends a query's rows as text. The query was prepared by itself before, so that
/// it is one command and ends none around it.
fn copy_of(query: &str) -> String {
    let query = query.trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace());
    format!("COPY (\n{query}\n) TO STDOUT (FORMAT text, ENCODING 'UTF8')")
}

/// A result as CSV, line by line.
struct Rows<'a> {
    copy: CopyOutReader<'a>,
    columns: Vec<Column>,
    database: &'a Database,
    /// The row at hand as `COPY` sent it.
    row: Vec<u8>,
    /// The same as CSV, and how much of that was taken.
    line: Vec<u8>,
    taken: usize,
    count: u64,
    ended: bool,
}

impl<'a> Rows<'a> {
    /// The rows, the header first.
    fn new(
        copy: CopyOutReader<'a>,
        statement: &Statement,
        columns: Vec<Column>,
        database: &'a Database,
    ) -> Self {
        let mut line = Vec::new();
        for (index, column) in statement.columns().iter().enumerate() {
            if index > 0 {
                line.push(b',');
            }
            add_field(column.name().as_bytes(), &mut line);
        }
        line.push(b'\n');
        Self { copy, columns, database, row: vec![], line, taken: 0, count: 0, ended: false }
    }

    /// Makes the next row the one at hand; without another, the line is empty.
    fn advance(&mut self) -> io::Result<()> {
        self.taken = 0;
        self.line.clear();
        self.row.clear();
        match (&mut self.copy).take(MAX_ROW_BYTES + 1).read_until(b'\n', &mut self.row) {
            Ok(0) => {
                self.ended = true;
                return Ok(());
            }
            Ok(_) => {}
            Err(error) => {
                self.ended = true;
                return Err(self.explain(error));
            }
        }
        self.count += 1;
        if self.row.len() as u64 > MAX_ROW_BYTES {
            return Err(DatabaseError::Long(self.count, MAX_ROW_BYTES).into());
        }
        let damaged = DatabaseError::Damaged(self.count);
        let row = self.row.strip_suffix(b"\n").unwrap_or(&self.row);
        add_row(row, &self.columns, &mut self.line).ok_or_else(|| damaged.into())
    }

    /// The client's error, in the words of this crate.
    fn explain(&self, error: io::Error) -> io::Error {
        match error.downcast::<postgres::Error>() {
            Ok(error) => self.database.failed(error).into(),
            Err(error) => error,
        }
    }
}

impl BufRead for Rows<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.line.len() && !self.ended {
            self.advance()?;
        }
        Ok(&self.line[self.taken..])
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount;
    }
}

impl Read for Rows<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = self.fill_buf()?;
        let length = line.len().min(buffer.len());
        buffer[..length].copy_from_slice(&line[..length]);
        self.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_copied_without_its_last_semicolon() {
        assert_eq!(
            copy_of("SELECT 1 -- one\n;\n"),
            "COPY (\nSELECT 1 -- one\n) TO STDOUT (FORMAT text, ENCODING 'UTF8')"
        );
    }
}

//! Errors of reaching a database and of reading from it. None shows a password.

use std::{error::Error as _, io, time::Duration};

use postgres::error::DbError;
use thiserror::Error;

/// Why an address is refused. The address itself is not shown: it may hold a password.
#[derive(Debug, Error)]
pub enum AddressError {
    /// It has not the form of an address.
    #[error(
        "the database's address is malformed; expected \
         `postgres://USER@HOST:PORT/DATABASE?sslmode=...` (in it, write `/`, `?`, `@` and `%` of a \
         password as %2F, %3F, %40 and %25, or use PGPASSWORD or .pgpass)"
    )]
    Form,
    /// An option that is not known, by its place.
    #[error("option {index} of the database's address is unknown; there are {known}")]
    Option {
        /// Its place among the options, from 1.
        index: usize,
        /// The known ones.
        known: String,
    },
    /// An option's value cannot be used.
    #[error("option `{0}` of the database's address is malformed")]
    Value(&'static str),
    /// An option that the address has already.
    #[error("option `{0}` of the database's address is given twice")]
    Twice(&'static str),
    /// A variable's value cannot be used.
    #[error("the variable {0} is malformed")]
    Variable(&'static str),
    /// A variable that is not read, and that would change what is done.
    #[error("the variable {0} is not supported: unset it")]
    Unsupported(&'static str),
    /// An unknown kind of encryption.
    #[error(
        "sslmode must be `disable`, `prefer`, `require`, `verify-ca` or `verify-full`, got `{}`",
        .0.escape_debug()
    )]
    Mode(String),
    /// `verify-ca` without certificates: any of the system's authorities would do.
    #[error(
        "sslmode=verify-ca needs sslrootcert=FILE; with the system's authorities use verify-full"
    )]
    NoAuthority,
    /// A certificate without a key, or the other way round.
    #[error("sslcert and sslkey must be given together")]
    HalfCertificate,
    /// A file with certificates or a key.
    #[error("{option} {file}: {error}")]
    Certificate {
        /// The option.
        option: &'static str,
        /// The file.
        file: String,
        /// The error.
        error: String,
    },
    /// Whose password it is depends on which server answers.
    #[error(
        "{file} has different passwords for the servers of the database's address: name one server"
    )]
    SeveralPasswords {
        /// The file.
        file: String,
    },
    /// The file of passwords is not used.
    #[error("{file}: {error}")]
    Passfile {
        /// The file.
        file: String,
        /// Why not.
        error: String,
    },
    /// TLS cannot be set up.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The operating system does not say who runs this, and neither does the address.
    #[error("the database's address names no user, and the system does not tell one")]
    NoUser,
}

/// Why a query could not be read.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The server cannot be reached, or does not let this user in.
    #[error("{address}: {}{}", describe(.error), advice(.error, *.only_encrypted))]
    Connect {
        /// The server, without a password.
        address: String,
        /// The client's error.
        error: postgres::Error,
        /// Whether plain connections are refused here because none was asked for.
        only_encrypted: bool,
    },
    /// The server took the connection, and then too long.
    #[error("{address}: the server has not let us in after {} seconds", .limit.as_secs())]
    Silent {
        /// The server.
        address: String,
        /// How long was waited.
        limit: Duration,
    },
    /// The query or the session failed.
    #[error("{address}: {}", describe(.error))]
    Query {
        /// The server.
        address: String,
        /// The client's error.
        error: postgres::Error,
    },
    /// The query can be prepared, but not copied from.
    #[error(
        "the query must be one SELECT, VALUES or TABLE without a comment after its last `;`{}",
        .0.as_db_error().map_or_else(String::new, |error| format!(": {}", error.message()))
    )]
    NotOneSelect(postgres::Error),
    /// The query has parameters.
    #[error("the query has parameters such as $1: write the values out")]
    Parameters,
    /// The query returns nothing.
    #[error("the query returns no columns")]
    NoColumns,
    /// Columns whose values are not exact or not plain text.
    #[error("{}", .0.join("; "))]
    Columns(Vec<String>),
    /// A row that is longer than any of a book: its number, and the longest.
    #[error("row {0} of the result is longer than {1} bytes")]
    Long(u64, u64),
    /// A row that is not what PostgreSQL's protocol says.
    #[error("row {0} of the result is damaged")]
    Damaged(u64),
}

impl From<DatabaseError> for io::Error {
    fn from(error: DatabaseError) -> Self {
        Self::other(error)
    }
}

/// What went wrong, on one line: the server's message with its detail and hint, or the causes.
pub(crate) fn describe(error: &postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return describe_reply(error);
    }
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told += &format!(": {error}");
        cause = error.source();
    }
    told
}

fn describe_reply(error: &DbError) -> String {
    let mut told = format!("{} ({})", error.message(), error.code().code());
    if let Some(postgres::error::ErrorPosition::Original(place)) = error.position() {
        told += &format!(", at character {place} of the query");
    }
    for more in [error.detail(), error.hint()].into_iter().flatten() {
        told += &format!("; {more}");
    }
    told
}

/// What to do about a refused connection that was to be encrypted by default.
fn advice(error: &postgres::Error, only_encrypted: bool) -> &'static str {
    match only_encrypted && error.as_db_error().is_none() {
        true => {
            "; a server on another machine must prove its name by TLS: give sslrootcert=FILE, or \
             say sslmode=require (encrypted, whoever answers) or sslmode=disable (in the clear)"
        }
        false => "",
    }
}

//! Queries on a real server, which the tests start where PostgreSQL is installed.

mod connecting;
mod encrypted;
mod reading;

use pacioli_postgres::{
    Database, DatabaseError, Environment,
    testing::{PASSWORD, Server},
};

/// An environment of these variables alone.
fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::from_pairs(pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())))
}

/// The server, with the password in the environment.
fn database(server: &Server) -> Database {
    Database::at(&server.address(), &environment(&[("PGPASSWORD", PASSWORD)])).unwrap()
}

/// The result of a query as text, or the error while it arrives.
fn result(database: &Database, query: &str) -> Result<Result<String, String>, DatabaseError> {
    database.query(query, |rows| {
        let mut text = String::new();
        let read = rows.read_to_string(&mut text).map_err(|error| error.to_string());
        read.map(|_| text)
    })
}

/// The whole result of a query that is good.
fn csv(database: &Database, query: &str) -> String {
    result(database, query).unwrap().unwrap()
}

/// Why a query is refused before a row arrives.
fn refusal(database: &Database, query: &str) -> String {
    result(database, query).unwrap_err().to_string()
}

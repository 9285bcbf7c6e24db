//! What the environment says about databases, under the names that `psql` reads.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// The variables `PG...` and `HOME`.
#[derive(Default)]
pub struct Environment(HashMap<String, String>);

/// Options of an address that a variable stands in for.
pub(crate) const VARIABLES: [(&str, &str); 17] = [
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGDATABASE", "dbname"),
    ("PGOPTIONS", "options"),
    ("PGAPPNAME", "application_name"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGPASSFILE", "passfile"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
];

/// Variables that would change the server, or what is asked of it, and that are not read: refused,
/// since ignoring one is to do something else than was asked.
pub(crate) const REFUSED: [&str; 13] = [
    "PGSERVICE",
    "PGREQUIREAUTH",
    "PGREQUIRESSL",
    "PGSSLCRL",
    "PGSSLCRLDIR",
    "PGSSLNEGOTIATION",
    "PGGSSENCMODE",
    "PGREQUIREPEER",
    "PGSSLCERTMODE",
    "PGSSLMINPROTOCOLVERSION",
    "PGSSLMAXPROTOCOLVERSION",
    // What a query with times selects depends on them.
    "PGTZ",
    "PGDATESTYLE",
];

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::from_pairs(std::env::vars_os().filter_map(text))
    }

    /// That of these variables; others than `PG...` and `HOME` are left out.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let is_ours = |name: &str| name.starts_with("PG") || name == "HOME";
        Self(pairs.into_iter().filter(|(name, _)| is_ours(name)).collect())
    }

    /// A variable's value; an empty one is none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A file below the home directory.
    pub(crate) fn in_home(&self, file: &str) -> Option<PathBuf> {
        self.get("HOME").map(|home| Path::new(home).join(file))
    }
}

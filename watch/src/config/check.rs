//! Values that make no sense are refused by the name of their key.

use std::collections::BTreeSet;

use thiserror::Error;

use super::secret::{Given, may_hold_one};

/// Why a configuration is refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Not TOML of the expected form; the message shows the line.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A key has an invalid value.
    #[error("{key}: {problem}")]
    At {
        /// The key, such as `venues[0].attestations[1].url`.
        key: String,
        /// What is wrong, and what to do.
        problem: String,
    },
}

pub(super) fn http(key: &str, url: &Given) -> Result<(), ConfigError> {
    let Given::Plain(url) = url else { return Ok(()) };
    let begins = url.starts_with("http://") || url.starts_with("https://");
    demand(begins, key, "an address that begins with http:// or https://")?;
    let hint =
        "an address without a secret: with one, give { file = \"...\" } or { env = \"...\" }";
    demand(!may_hold_one(url), key, hint)
}

pub(super) fn demand(holds: bool, key: &str, expected: &str) -> Result<(), ConfigError> {
    if holds {
        return Ok(());
    }
    Err(ConfigError::At { key: key.to_owned(), problem: format!("must be {expected}") })
}

pub(super) fn distinct<'a>(
    key: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), ConfigError> {
    let mut seen = BTreeSet::new();
    for name in names {
        demand(!name.is_empty() && name.len() <= 128, key, "named, in at most 128 bytes")?;
        if !seen.insert(name) {
            let problem = format!("duplicate name `{}`", name.escape_debug());
            return Err(ConfigError::At { key: key.to_owned(), problem });
        }
    }
    Ok(())
}

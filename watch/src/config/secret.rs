//! Values that may be secret: named in the configuration, and read from a file or the environment.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use thiserror::Error;
use zeroize::Zeroizing;

/// A secret that was read. It is wiped when it is dropped, and shows nothing of itself.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a secret cannot be read.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file.
    #[error("cannot read {}: {error}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The environment.
    #[error("the environment variable {0} is not set")]
    Unset(String),
    /// Nothing is in it.
    #[error("{0} is empty")]
    Empty(String),
}

/// Where a secret is: in a file or in an environment variable, never in the configuration.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "Named")]
pub struct Hidden {
    /// A file that holds it alone.
    pub file: Option<PathBuf>,
    /// An environment variable.
    pub env: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    file: Option<PathBuf>,
    env: Option<String>,
}

impl TryFrom<Named> for Hidden {
    type Error = &'static str;

    fn try_from(Named { file, env }: Named) -> Result<Self, Self::Error> {
        match file.is_some() != env.is_some() {
            true => Ok(Self { file, env }),
            false => Err("give one of `file` and `env`: { file = \"...\" }"),
        }
    }
}

impl Hidden {
    /// Reads it. Space around it is none of its own: editors end files with a line's end.
    ///
    /// # Errors
    /// If it is not there, or empty.
    pub fn read(&self) -> Result<Secret, SecretError> {
        let (text, from) = match (&self.file, &self.env) {
            (Some(path), _) => {
                let text = fs::read_to_string(path);
                let text = text.map_err(|error| SecretError::File { path: path.clone(), error })?;
                (Zeroizing::new(text), path.display().to_string())
            }
            (None, Some(name)) => {
                let text = env::var(name).map_err(|_| SecretError::Unset(name.clone()))?;
                (Zeroizing::new(text), name.clone())
            }
            (None, None) => return Err(SecretError::Empty("a secret".to_owned())),
        };
        match text.trim() {
            "" => Err(SecretError::Empty(from)),
            trimmed => Ok(Secret::from(trimmed.to_owned())),
        }
    }

    pub(super) fn at(&mut self, folder: &Path) {
        self.file.iter_mut().for_each(|path| *path = folder.join(&*path));
    }
}

/// A value that may hold a secret, such as the address of a node: as it is, or where it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged, expecting = "expected a text, { file = \"...\" } or { env = \"...\" }")]
pub enum Given {
    /// As it is.
    Plain(String),
    /// Where it is.
    Hidden(Hidden),
}

impl Given {
    /// The value.
    ///
    /// # Errors
    /// As [`Hidden::read`].
    pub fn read(&self) -> Result<Secret, SecretError> {
        match self {
            Self::Plain(text) => Ok(Secret::from(text.clone())),
            Self::Hidden(hidden) => hidden.read(),
        }
    }

    pub(super) fn at(&mut self, folder: &Path) {
        if let Self::Hidden(hidden) = self {
            hidden.at(folder);
        }
    }
}

/// The shortest part of a path that may be a key of a provider.
const KEY: usize = 20;

/// Whether an address seems to hold a secret: a password, a query, or a long part of letters and
/// digits in its path.
pub(super) fn may_hold_one(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_key = |part: &str| {
        part.len() >= KEY
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    host.contains('@') || rest.contains('?') || path.split('/').any(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_its_file_and_shown_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "swordfish\n").unwrap();
        let hidden = Hidden { file: Some(path.clone()), env: None };
        let secret = hidden.read().unwrap();
        assert_eq!(secret.expose(), "swordfish");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        fs::write(&path, " \n").unwrap();
        let error = hidden.read().unwrap_err().to_string();
        assert!(error.ends_with("secret is empty"), "{error}");
        let unset = Hidden { file: None, env: Some("PACIOLI_NOT_SET".to_owned()) };
        let error = unset.read().unwrap_err().to_string();
        assert_eq!(error, "the environment variable PACIOLI_NOT_SET is not set");
    }

    #[test]
    fn an_address_with_a_secret_is_told_from_one_without() {
        for url in ["https://a.example/attestations/latest.json", "http://127.0.0.1:8545"] {
            assert!(!may_hold_one(url), "{url}");
        }
        for url in ["https://u:p@a.example", "https://a.example/?apikey=1"] {
            assert!(may_hold_one(url), "{url}");
        }
        assert!(may_hold_one("https://mainnet.example/v3/84842078b09946638c03157f83405213"));
    }
}

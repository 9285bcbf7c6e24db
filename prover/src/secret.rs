//! The operator's secret and a run's salt. What is derived from them: [`crate::derive`].

use std::{fmt, path::Path};

use pacioli_attestation::Digest;

use crate::{
    mac::{finish, keyed},
    secret_file::{SecretError, SecretFile},
};

/// 32 bytes that only the operator knows. They are overwritten when dropped and never printed.
///
/// Their file holds 64 hex digits and a line feed. On Unix it is created readable for its owner
/// alone, and one that others can read or write is refused.
#[derive(Clone)]
pub struct OperatorSecret(SecretFile);

/// 32 bytes that make the nonces of one proving run differ from those of every other. Kept with the
/// run's private files: whoever knows the secret needs it to make the statements again.
#[derive(Clone)]
pub struct Salt(SecretFile);

impl OperatorSecret {
    /// A secret from the operating system's randomness.
    ///
    /// # Errors
    /// If the operating system provides none.
    pub fn generate() -> Result<Self, SecretError> {
        SecretFile::generate().map(Self)
    }

    /// Reads the file that [`Self::write_new`] wrote.
    ///
    /// # Errors
    /// If the file cannot be read, is open to others (on Unix), is not a regular file, or is
    /// malformed.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        SecretFile::read(path).map(Self)
    }

    /// Writes the secret to a file that does not exist yet.
    ///
    /// # Errors
    /// If the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), SecretError> {
        self.0.write_new(path)
    }

    /// What recognises the secret without showing it: `HMAC-SHA256(secret,
    /// "pacioli.fingerprint.v1")`.
    pub fn fingerprint(&self) -> Digest {
        Digest(*finish(keyed(self.0.bytes(), "pacioli.fingerprint.v1")))
    }

    /// The bytes, which are secret.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// Known bytes, for tests.
    #[cfg(test)]
    pub(crate) fn of(bytes: [u8; 32]) -> Self {
        Self(SecretFile::of(bytes))
    }
}

impl Salt {
    /// A salt from the operating system's randomness.
    ///
    /// # Errors
    /// If the operating system provides none.
    pub fn generate() -> Result<Self, SecretError> {
        SecretFile::generate().map(Self)
    }

    /// Reads the file that [`Self::write_new`] wrote.
    ///
    /// # Errors
    /// As for [`OperatorSecret::read`].
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        SecretFile::read(path).map(Self)
    }

    /// Writes the salt to a file that does not exist yet.
    ///
    /// # Errors
    /// If the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), SecretError> {
        self.0.write_new(path)
    }

    /// The bytes, which are secret.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// Known bytes, for tests.
    #[cfg(test)]
    pub(crate) fn of(bytes: [u8; 32]) -> Self {
        Self(SecretFile::of(bytes))
    }
}

impl fmt::Debug for OperatorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorSecret(..)")
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_file::DIGITS;

    fn secret(byte: u8) -> OperatorSecret {
        OperatorSecret(SecretFile::of([byte; 32]))
    }

    fn salt(byte: u8) -> Salt {
        Salt(SecretFile::of([byte; 32]))
    }

    #[test]
    fn a_secret_comes_back_from_its_file_and_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let written = OperatorSecret::generate().unwrap();
        written.write_new(&path).unwrap();
        assert_eq!(OperatorSecret::read(&path).unwrap().0.bytes(), written.0.bytes());
        assert_eq!(std::fs::read(&path).unwrap().len(), DIGITS + 1);
        assert!(matches!(secret(1).write_new(&path), Err(SecretError::Io(_))));
        assert_eq!(OperatorSecret::read(&path).unwrap().0.bytes(), written.0.bytes());
    }

    #[test]
    fn a_file_that_holds_anything_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        salt(0xab).write_new(&path).unwrap();
        let full = "ab".repeat(32);
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Salt::read(&path)
        };
        assert!(read(&full).is_ok());
        for text in ["", "\n", &full[1..], &full[2..], "zz"] {
            assert!(matches!(read(text), Err(SecretError::Malformed)), "{text}");
        }
        for tail in ["0", "\n\n", "\r\n", " ", "00\n"] {
            assert!(matches!(read(&format!("{full}{tail}")), Err(SecretError::Malformed)));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_reach_is_refused() {
        use std::{
            fs::{Permissions, set_permissions},
            os::unix::fs::PermissionsExt,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        secret(1).write_new(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o601, 0o777] {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let error = OperatorSecret::read(&path).unwrap_err();
            assert!(matches!(error, SecretError::Permissions(found) if found == mode));
        }
        set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert!(OperatorSecret::read(&path).is_ok());
        assert!(matches!(OperatorSecret::read(folder.path()), Err(SecretError::NotAFile)));
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?} {:?}", secret(7), salt(7)), "OperatorSecret(..) Salt(..)");
    }
}

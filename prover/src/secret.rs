//! The operator's secret, and the nonces that are derived from it for seals.
//!
//! `nonce = HMAC-SHA256(secret, "pacioli.nonce.v1" || context || salt || length || account)`: 16,
//! 32 and 32 bytes, the account id's length in bytes as 8 big-endian bytes, and the id. The salt is
//! fresh for every proving run, so that proving one context twice never uses a pad twice.

use std::{fmt, path::Path};

use hmac::{Hmac, Mac};
use pacioli_circuits::Nonce;
use sha2::Sha256;

use crate::secret_file::{SecretError, SecretFile};

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

    /// The nonce of an account's seals in the run of `salt`.
    pub fn nonce(&self, context: &[u8; 32], salt: &Salt, account: &str) -> Nonce {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.bytes())
            .expect("HMAC takes keys of every length")
            .chain_update("pacioli.nonce.v1")
            .chain_update(context)
            .chain_update(salt.0.bytes())
            .chain_update((account.len() as u64).to_be_bytes())
            .chain_update(account);
        Nonce::new(mac.finalize().into_bytes().into())
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
    fn nonces_are_those_computed_elsewhere() {
        // Python's hmac and hashlib.
        for (key, context, run, account, expected) in [
            (0, 0, 0, "", "6837095b98f36cb6099f3407d862a51b4229a7d2a90a0701244ab976ab25ac0b"),
            (1, 2, 3, "alice", "eaacf4e2df798f53002fce452173074de2ec536a976b0248daec3ff3f3d8802f"),
            (
                0xff,
                0x80,
                0x7f,
                "Łukasz",
                "01945cd061ac81ee43540e3bc0c98af218d85feb3abb5da7917c5286a06ff0b1",
            ),
        ] {
            let nonce = secret(key).nonce(&[context; 32], &salt(run), account);
            assert_eq!(hex::encode(nonce.reveal()), expected);
        }
    }

    #[test]
    fn another_run_draws_other_nonces() {
        let secret = OperatorSecret::generate().unwrap();
        let nonce = |salt: &Salt| *secret.nonce(&[0; 32], salt, "alice").reveal();
        let (first, second) = (Salt::generate().unwrap(), Salt::generate().unwrap());
        assert_eq!(nonce(&first), nonce(&first.clone()));
        assert_ne!(nonce(&first), nonce(&second));
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

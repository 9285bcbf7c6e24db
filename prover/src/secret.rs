//! The operator's secret, and the nonces that seals draw from it.
//!
//! `nonce = HMAC-SHA256(secret, "pacioli.nonce.v1" || context || salt || length || account)`: 16,
//! 32 and 32 bytes, the account id's length in bytes as 8 big-endian bytes, and the id. The salt is
//! fresh for every proving run, so that proving one context twice never uses a pad twice.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use hmac::{Hmac, Mac};
use pacioli_circuits::Nonce;
use rand_core::{OsRng, RngCore};
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

/// Hex digits of a secret in its file.
const DIGITS: usize = 64;

/// 32 bytes that only the operator knows. They are overwritten when dropped and never printed.
///
/// In a file they stand as 64 hex digits and a line feed. On Unix the file is made readable for its
/// owner alone, and one that others can read or write is refused.
#[derive(Clone)]
pub struct OperatorSecret(Zeroizing<[u8; 32]>);

/// What makes the nonces of one proving run differ from those of every other. Kept with the run's
/// private files: whoever knows the secret needs it to make the statements again.
#[derive(Clone)]
pub struct Salt(Zeroizing<[u8; 32]>);

/// Why a secret cannot be read or written.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file cannot be made, read or written. An existing file is never overwritten.
    #[error("cannot access the secret file: {0}")]
    Io(#[from] io::Error),
    /// Others than the owner have a right to the file.
    #[error("the secret file has mode {0:03o}: others than its owner have access; set it to 600")]
    Permissions(u32),
    /// A folder, a device or the like.
    #[error("the secret is not in a regular file")]
    NotAFile,
    /// The content is anything but 64 hex digits and at most one line feed.
    #[error("the secret file does not hold {DIGITS} hex digits")]
    Malformed,
}

impl OperatorSecret {
    /// A secret from the operating system's randomness.
    ///
    /// # Errors
    /// Where the operating system gives none.
    pub fn generate() -> Result<Self, SecretError> {
        random_bytes().map(Self)
    }

    /// Reads the file that [`Self::write_new`] wrote.
    ///
    /// # Errors
    /// Where the file cannot be read, is open to others (on Unix), is no regular file, or holds
    /// anything else.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        read_secret(path).map(Self)
    }

    /// Writes the secret to a file that does not exist yet.
    ///
    /// # Errors
    /// Where the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), SecretError> {
        write_secret(path, &self.0)
    }

    /// The nonce of an account's seals in the run of `salt`.
    pub fn nonce(&self, context: &[u8; 32], salt: &Salt, account: &str) -> Nonce {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes keys of every length")
            .chain_update("pacioli.nonce.v1")
            .chain_update(context)
            .chain_update(salt.0.as_slice())
            .chain_update((account.len() as u64).to_be_bytes())
            .chain_update(account);
        Nonce::new(mac.finalize().into_bytes().into())
    }
}

impl Salt {
    /// A salt from the operating system's randomness.
    ///
    /// # Errors
    /// Where the operating system gives none.
    pub fn generate() -> Result<Self, SecretError> {
        random_bytes().map(Self)
    }

    /// Reads the file that [`Self::write_new`] wrote.
    ///
    /// # Errors
    /// As for [`OperatorSecret::read`].
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        read_secret(path).map(Self)
    }

    /// Writes the salt to a file that does not exist yet.
    ///
    /// # Errors
    /// Where the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), SecretError> {
        write_secret(path, &self.0)
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

fn random_bytes() -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let mut bytes = Zeroizing::new([0; 32]);
    OsRng.try_fill_bytes(bytes.as_mut_slice()).map_err(io::Error::from)?;
    Ok(bytes)
}

fn read_secret(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let file = File::open(path)?;
    require_private(&file)?;
    // One byte more than there may be, in a buffer that never moves.
    let mut text = Zeroizing::new(Vec::with_capacity(DIGITS + 2));
    file.take(DIGITS as u64 + 2).read_to_end(&mut text)?;
    let digits = text.strip_suffix(b"\n").unwrap_or(&text);
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits, bytes.as_mut_slice()).map_err(|_| SecretError::Malformed)?;
    Ok(bytes)
}

fn write_secret(path: &Path, bytes: &[u8; 32]) -> Result<(), SecretError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut text = Zeroizing::new([b'\n'; DIGITS + 1]);
    hex::encode_to_slice(bytes, &mut text[..DIGITS]).expect("32 bytes are 64 hex digits");
    let mut file = options.open(path)?;
    file.write_all(text.as_slice())?;
    file.sync_all()?;
    Ok(())
}

/// Fails where the open file is no regular one, or others than its owner have a right to it.
fn require_private(file: &File) -> Result<(), SecretError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(SecretError::NotAFile);
    }
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(SecretError::Permissions(mode));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> OperatorSecret {
        OperatorSecret(Zeroizing::new([byte; 32]))
    }

    fn salt(byte: u8) -> Salt {
        Salt(Zeroizing::new([byte; 32]))
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
        assert_eq!(OperatorSecret::read(&path).unwrap().0, written.0);
        assert_eq!(std::fs::read(&path).unwrap().len(), DIGITS + 1);
        assert!(matches!(secret(1).write_new(&path), Err(SecretError::Io(_))));
        assert_eq!(OperatorSecret::read(&path).unwrap().0, written.0);
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

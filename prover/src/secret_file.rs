//! 32 secret bytes and the file that holds them.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    marker::PhantomData,
    path::Path,
};

use rand_core::{OsRng, RngCore};
use thiserror::Error;
use zeroize::Zeroizing;

/// Hex digits of a secret in its file.
const DIGITS: usize = 64;

/// Why a secret cannot be made, read or written.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file cannot be made, read or written, or there is no randomness. An existing file is never
    /// overwritten.
    #[error("cannot access the secret file: {0}")]
    Io(#[from] io::Error),
    /// Others than the owner have access to the file.
    #[error("the secret file has mode {0:03o}: others than its owner have access; set it to 600")]
    Permissions(u32),
    /// The path is a folder, a device or the like.
    #[error("the secret is not in a regular file")]
    NotAFile,
    /// The content is not 64 hex digits and at most one line feed.
    #[error("the secret file does not hold {DIGITS} hex digits")]
    Malformed,
}

/// What a [`Secret`] is for: a type of its own for each, so that none is taken for another.
pub trait Purpose {
    /// What is printed instead of the secret.
    const NAME: &'static str;
}

/// 32 secret bytes for one purpose. They are overwritten when dropped and never printed.
///
/// Their file holds 64 hex digits and a line feed. On Unix it is created readable for its owner
/// alone, and one that others can read or write is refused.
pub struct Secret<P>(Zeroizing<[u8; 32]>, PhantomData<P>);

impl<P> Secret<P> {
    /// A secret from the operating system's randomness.
    ///
    /// # Errors
    /// If the operating system provides none.
    pub fn generate() -> Result<Self, SecretError> {
        let mut bytes = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(bytes.as_mut_slice()).map_err(io::Error::from)?;
        Ok(Self(bytes, PhantomData))
    }

    /// Reads the file that [`Self::write_new`] wrote.
    ///
    /// # Errors
    /// If the file cannot be read, is open to others (on Unix), is not a regular file, or is
    /// malformed.
    pub fn read(path: &Path) -> Result<Self, SecretError> {
        let file = File::open(path)?;
        require_private(&file)?;
        // One byte more than there may be, in a buffer that never moves.
        let mut text = Zeroizing::new(Vec::with_capacity(DIGITS + 2));
        file.take(DIGITS as u64 + 2).read_to_end(&mut text)?;
        let digits = text.strip_suffix(b"\n").unwrap_or(&text);
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits, bytes.as_mut_slice()).map_err(|_| SecretError::Malformed)?;
        Ok(Self(bytes, PhantomData))
    }

    /// Writes the secret to a file that does not exist yet.
    ///
    /// # Errors
    /// If the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), SecretError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut text = Zeroizing::new([b'\n'; DIGITS + 1]);
        hex::encode_to_slice(self.bytes(), &mut text[..DIGITS])
            .expect("32 bytes are 64 hex digits");
        let mut file = options.open(path)?;
        file.write_all(text.as_slice())?;
        file.sync_all()?;
        Ok(())
    }

    /// The bytes, which are secret.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Known bytes, for tests.
    #[cfg(test)]
    pub(crate) fn of(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes), PhantomData)
    }
}

impl<P> Clone for Secret<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<P: Purpose> fmt::Debug for Secret<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..)", P::NAME)
    }
}

/// Fails if the open file is not a regular one, or if others than its owner have access to it.
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

    enum Tried {}

    impl Purpose for Tried {
        const NAME: &'static str = "Tried";
    }

    fn secret(byte: u8) -> Secret<Tried> {
        Secret::of([byte; 32])
    }

    #[test]
    fn a_secret_comes_back_from_its_file_and_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let written = Secret::<Tried>::generate().unwrap();
        written.write_new(&path).unwrap();
        assert_eq!(Secret::<Tried>::read(&path).unwrap().bytes(), written.bytes());
        assert_eq!(std::fs::read(&path).unwrap().len(), DIGITS + 1);
        assert!(matches!(secret(1).write_new(&path), Err(SecretError::Io(_))));
        assert_eq!(Secret::<Tried>::read(&path).unwrap().bytes(), written.bytes());
    }

    #[test]
    fn a_file_that_holds_anything_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        secret(0xab).write_new(&path).unwrap();
        let full = "ab".repeat(32);
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Secret::<Tried>::read(&path)
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
            let error = Secret::<Tried>::read(&path).unwrap_err();
            assert!(matches!(error, SecretError::Permissions(found) if found == mode));
        }
        set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert!(Secret::<Tried>::read(&path).is_ok());
        assert!(matches!(Secret::<Tried>::read(folder.path()), Err(SecretError::NotAFile)));
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", secret(7)), "Tried(..)");
    }
}

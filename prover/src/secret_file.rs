//! 32 secret bytes and the file that holds them.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use rand_core::{OsRng, RngCore};
use thiserror::Error;
use zeroize::Zeroizing;

/// Hex digits of a secret in its file.
pub(crate) const DIGITS: usize = 64;

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

/// 32 secret bytes. They are overwritten when dropped and never printed.
///
/// Their file holds 64 hex digits and a line feed. On Unix it is created readable for its owner
/// alone, and one that others can read or write is refused.
#[derive(Clone)]
pub(crate) struct SecretFile(Zeroizing<[u8; 32]>);

impl SecretFile {
    /// Bytes from the operating system's randomness.
    pub(crate) fn generate() -> Result<Self, SecretError> {
        let mut bytes = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(bytes.as_mut_slice()).map_err(io::Error::from)?;
        Ok(Self(bytes))
    }

    /// Reads the file that [`Self::write_new`] wrote.
    pub(crate) fn read(path: &Path) -> Result<Self, SecretError> {
        let file = File::open(path)?;
        require_private(&file)?;
        // One byte more than there may be, in a buffer that never moves.
        let mut text = Zeroizing::new(Vec::with_capacity(DIGITS + 2));
        file.take(DIGITS as u64 + 2).read_to_end(&mut text)?;
        let digits = text.strip_suffix(b"\n").unwrap_or(&text);
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits, bytes.as_mut_slice()).map_err(|_| SecretError::Malformed)?;
        Ok(Self(bytes))
    }

    /// Writes the bytes to a file that does not exist yet.
    pub(crate) fn write_new(&self, path: &Path) -> Result<(), SecretError> {
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
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for SecretFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretFile(..)")
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

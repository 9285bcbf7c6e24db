//! Reading a pack that anyone may have made. Nothing of it is written anywhere, and nothing is read
//! beyond what the manifest allows.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use pacioli_attestation::Digest;
use tar::{Archive, EntryType};

use super::{
    MAX_BYTES, MAX_FILES, MAX_MANIFEST_BYTES, Pack,
    error::PackError,
    manifest::{MANIFEST, Manifest},
};

/// Where a tar file says that it is one.
const MAGIC: (usize, &[u8]) = (257, b"ustar");

/// The most bytes after a pack's last file: tar writes records of so many, and all of the end is 0.
const MAX_END: usize = 10_240;

/// Whether a file begins as a tar file does.
pub fn is_pack(bytes: &[u8]) -> bool {
    let (at, magic) = MAGIC;
    bytes.get(at..at + magic.len()) == Some(magic)
}

impl Pack {
    /// Reads a pack from a file.
    ///
    /// # Errors
    /// If it cannot be read, or is not exactly what its manifest says.
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        Self::read(&bytes)
    }

    /// Reads a pack.
    ///
    /// # Errors
    /// If it is not exactly what its manifest says: every file there, once, with its bytes, and
    /// nothing besides, not even behind its end.
    pub fn read(bytes: &[u8]) -> Result<Self, PackError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(PackError::TooLarge);
        }
        let mut found = entries(bytes)?;
        let missing = |name: &str| PackError::Missing(name.to_owned());
        let list = found.remove(MANIFEST).ok_or_else(|| missing(MANIFEST))?;
        if list.len() as u64 > MAX_MANIFEST_BYTES {
            return Err(PackError::TooLarge);
        }
        let manifest: Manifest = serde_json::from_slice(&list)?;
        manifest.check()?;
        let mut files = Vec::new();
        for item in &manifest.files {
            let own = found.remove(&item.name).ok_or_else(|| missing(&item.name))?;
            if own.len() as u64 != item.bytes || Digest::of(&own) != item.digest {
                return Err(PackError::Other(item.name.clone()));
            }
            files.push(own);
        }
        match found.into_keys().next() {
            Some(name) => Err(PackError::Unnamed(name)),
            None => Ok(Self { manifest, files }),
        }
    }
}

/// The plain files of an archive by name. They take no more memory than the archive does.
fn entries(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    let mut found = BTreeMap::new();
    let mut archive = Archive::new(bytes);
    // Raw: long names, other dialects' headers and sparse files are entries of their own kinds then.
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() != EntryType::Regular {
            return Err(PackError::NoFile(name));
        }
        if found.len() > MAX_FILES {
            return Err(PackError::TooMany);
        }
        let size = entry.header().entry_size()?;
        if size > bytes.len() as u64 {
            return Err(PackError::Other(name));
        }
        let mut own = Vec::new();
        entry.read_to_end(&mut own)?;
        if own.len() as u64 != size {
            return Err(PackError::Other(name));
        }
        if found.insert(name.clone(), own).is_some() {
            return Err(PackError::Twice(name));
        }
    }
    let rest = archive.into_inner();
    if rest.len() > MAX_END || rest.iter().any(|byte| *byte != 0) {
        return Err(PackError::Behind);
    }
    Ok(found)
}

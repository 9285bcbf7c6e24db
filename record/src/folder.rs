//! The attestations of a folder.
//!
//! A fork must not go unseen because a program saved it as `1.JSON` or `1.json (1)`: what counts is how
//! a file begins.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde_json::Value;
use thiserror::Error;

/// The attestation's name in the folder of a run.
const ATTESTATION: &str = "attestation.json";
/// The name of the evidence beside it.
const EVIDENCE: &str = "evidence.json";

/// How many folders deep a folder is looked into.
const MAX_DEPTH: usize = 8;

/// The beginning of every attestation, of any version.
const BEGINS: &[u8] = b"{\n  \"version\": \"pacioli attestation";

/// Files that may be attestations, and those that are something else.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// What may be an attestation, by name.
    pub found: Vec<Found>,
    /// The names of JSON files that are something else.
    pub others: Vec<String>,
}

/// A file that may be an attestation.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name in the folder.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
    /// The evidence file beside it, if there is one: `1.evidence.json` beside `1.json`, and
    /// `evidence.json` beside `attestation.json`.
    pub evidence: Option<PathBuf>,
}

/// Why a folder cannot be read.
#[derive(Debug, Error)]
pub enum FolderError {
    /// It is none.
    #[error("{} is not a folder", .0.display())]
    NoFolder(PathBuf),
    /// Something in it cannot be read: what it is may be one of the chain.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is called an attestation, and is none: a pipe, or a device.
    #[error("{} is no file", .0.display())]
    NoFile(PathBuf),
    /// Deeper than is looked: it may lead back to itself.
    #[error("{} lies deeper than {MAX_DEPTH} folders: attestations in it would go unseen", .0.display())]
    TooDeep(PathBuf),
}

impl Folder {
    /// Reads `*.json` in the folder, `attestation.json` in each folder below it, and whatever there
    /// begins as an attestation does.
    ///
    /// # Errors
    /// If it is no folder, something in it cannot be read, or folders lie too deep in it.
    pub fn read(folder: &Path) -> Result<Self, FolderError> {
        let (read, unread) = Self::read_what_can_be(folder)?;
        unread.into_iter().next().map_or(Ok(read), Err)
    }

    /// The same for who looks at what can be read though something beside it cannot, and says so.
    ///
    /// # Errors
    /// If it is no folder.
    pub fn read_what_can_be(folder: &Path) -> Result<(Self, Vec<FolderError>), FolderError> {
        if !folder.is_dir() {
            return Err(FolderError::NoFolder(folder.to_owned()));
        }
        let (mut read, mut walk) = (Self::default(), Walk::default());
        walk.inside(folder, 0);
        walk.paths.sort();
        for path in walk.paths {
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(source) => {
                    walk.unread.push(cannot(&path, source));
                    continue;
                }
            };
            if is_another_kind(&bytes) {
                read.others.push(name);
                continue;
            }
            let evidence = beside(&path).filter(|path| path.is_file());
            read.found.push(Found { name, bytes, evidence });
        }
        // What lies beside an attestation is its evidence, readable or not, unless it begins as one too.
        let evidence: BTreeSet<_> =
            read.found.iter().filter_map(|one| one.evidence.clone()).collect();
        let is_evidence = |name: &str| evidence.contains(&folder.join(name));
        read.found.retain(|one| is_attestation(&one.bytes) || !is_evidence(&one.name));
        read.others.retain(|name| !is_evidence(name));
        Ok((read, walk.unread))
    }
}

/// Whether a file begins as an attestation does.
pub fn is_attestation(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINS)
}

/// Where the evidence of an attestation is.
fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    if name == ATTESTATION {
        return Some(path.with_file_name(EVIDENCE));
    }
    let stem = name.strip_suffix(".json")?;
    Some(path.with_file_name(format!("{stem}.{EVIDENCE}")))
}

/// What may be an attestation, and what cannot be looked at.
#[derive(Default)]
struct Walk {
    paths: Vec<PathBuf>,
    unread: Vec<FolderError>,
}

impl Walk {
    /// Looks at a folder that lies so deep in the first, however many there are in it.
    fn inside(&mut self, folder: &Path, depth: usize) {
        if depth > MAX_DEPTH {
            self.unread.push(FolderError::TooDeep(folder.to_owned()));
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(source) => return self.unread.push(cannot(folder, source)),
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.entry(entry.path(), depth),
                Err(source) => self.unread.push(cannot(folder, source)),
            }
        }
    }

    fn entry(&mut self, path: PathBuf, depth: usize) {
        // A link that leads nowhere is an error: what it was to lead to may be one of the chain.
        let kind = match fs::metadata(&path) {
            Ok(kind) => kind,
            Err(source) => return self.unread.push(cannot(&path, source)),
        };
        let is_named = match depth {
            0 => path.extension().is_some_and(|kind| kind == "json"),
            _ => path.file_name().is_some_and(|name| name == ATTESTATION),
        };
        match (kind.is_dir(), kind.is_file(), is_named) {
            (true, ..) => self.inside(&path, depth + 1),
            (_, true, true) => self.paths.push(path),
            (_, true, false) => match begins_as_one(&path) {
                Ok(true) => self.paths.push(path),
                Ok(false) => {}
                Err(error) => self.unread.push(error),
            },
            // It may never end, and what is called an attestation must not go unseen.
            (_, false, true) => self.unread.push(FolderError::NoFile(path)),
            (_, false, false) => {}
        }
    }
}

fn cannot(path: &Path, source: io::Error) -> FolderError {
    FolderError::Io { path: path.to_owned(), source }
}

fn begins_as_one(path: &Path) -> Result<bool, FolderError> {
    let mut start = Vec::with_capacity(BEGINS.len());
    let file = fs::File::open(path).map_err(|source| cannot(path, source))?;
    let read = file.take(BEGINS.len() as u64).read_to_end(&mut start);
    read.map_err(|source| cannot(path, source))?;
    Ok(is_attestation(&start))
}

/// Whether it is a whole JSON document that does not call itself an attestation, not even first and
/// then otherwise.
fn is_another_kind(bytes: &[u8]) -> bool {
    if is_attestation(bytes) {
        return false;
    }
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else { return false };
    let version = document.get("version").and_then(Value::as_str).unwrap_or_default();
    !version.starts_with("pacioli attestation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attestations_are_found_by_how_they_begin_and_evidence_beside_them() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).unwrap();
        let begun = [BEGINS, b" v9\" }"].concat();
        fs::create_dir(dir.path().join("run")).unwrap();
        for name in ["1.json", "2.json (1)", "run/attestation.json"] {
            write(name, &begun);
        }
        for name in ["1.evidence.json", "run/evidence.json", "prices.json"] {
            write(name, b"{}");
        }
        write("notes.txt", b"nothing");
        write("half.json", b"{ \"version\": ");
        let folder = Folder::read(dir.path()).unwrap();
        let names: Vec<_> = folder.found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["1.json", "2.json (1)", "half.json", "run/attestation.json"]);
        let evidence: Vec<_> = folder.found.iter().map(|one| one.evidence.is_some()).collect();
        assert_eq!(evidence, [true, false, false, true]);
        assert_eq!(folder.others, ["prices.json"]);
        let error = Folder::read(&dir.path().join("1.json")).unwrap_err().to_string();
        assert!(error.ends_with("1.json is not a folder"), "{error}");
        // One that a program put deeper, and folders that never end.
        fs::create_dir_all(dir.path().join("run/old/older")).unwrap();
        write("run/old/older/fork", &begun);
        let names: Vec<_> =
            Folder::read(dir.path()).unwrap().found.into_iter().map(|one| one.name).collect();
        assert!(names.contains(&"run/old/older/fork".to_owned()), "{names:?}");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path(), dir.path().join("run/again")).unwrap();
            let error = Folder::read(dir.path()).unwrap_err().to_string();
            assert!(error.contains("lies deeper than 8 folders"), "{error}");
            fs::remove_file(dir.path().join("run/again")).unwrap();
            std::os::unix::fs::symlink("nowhere", dir.path().join("3.json")).unwrap();
            let error = Folder::read(dir.path()).unwrap_err().to_string();
            assert!(error.starts_with("cannot read "), "{error}");
            // What is beside it is read by who asks for that.
            let device = dir.path().join("4.json");
            std::os::unix::fs::symlink("/dev/zero", &device).unwrap();
            std::os::unix::fs::symlink("/dev/zero", dir.path().join("zero")).unwrap();
            let (folder, unread) = Folder::read_what_can_be(dir.path()).unwrap();
            assert_eq!((folder.found.len(), unread.len()), (5, 2));
            let unread: Vec<_> = unread.iter().map(ToString::to_string).collect();
            assert!(unread.contains(&format!("{} is no file", device.display())), "{unread:?}");
        }
    }
}

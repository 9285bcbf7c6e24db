//! Objects as files of a folder that all tasks share.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    error::ObjectsError,
    object::{Entry, Put, random},
};

/// Where files are written before they have their names.
const UNFINISHED: &str = "unfinished";

#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(super) fn make(&self) -> Result<(), ObjectsError> {
        make_private(&self.0).map_err(|source| self.error("", source))
    }

    pub(super) fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Put, ObjectsError> {
        let written = self.write(name, bytes);
        written.map_err(|source| self.error(name, source))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<Put> {
        if !self.0.is_dir() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let path = self.0.join(name);
        let folder = path.parent().unwrap_or(&self.0).to_owned();
        let unfinished = self.0.join(UNFINISHED);
        make_private(&unfinished)?;
        make_private(&folder)?;
        let random = random().map_err(|_| io::Error::other("no randomness"))?;
        let beside = unfinished.join(random);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        let linked = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| {
            // Fails where the name exists, on every file system that has links.
            match fs::hard_link(&beside, &path) {
                Ok(()) => Ok(Put::New),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Put::Taken),
                Err(error) => Err(error),
            }
        });
        let _ = fs::remove_file(&beside);
        if linked.is_ok() {
            // A name that survives the machine; not every file system can be asked for it.
            let _ = File::open(&folder).and_then(|folder| folder.sync_all());
        }
        linked
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectsError> {
        match fs::read(self.0.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.0.is_dir() => Ok(None),
            Err(source) => Err(self.error(name, source)),
        }
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<Entry>, ObjectsError> {
        let (folder, start) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let read = match fs::read_dir(self.0.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.0.is_dir() => {
                return Ok(Vec::new());
            }
            read => read.map_err(|source| self.error(folder, source))?,
        };
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            let file = entry.file_name();
            let Some(file) = file.to_str().filter(|file| file.starts_with(start)) else {
                return Ok(None);
            };
            let name = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
            match entry.metadata().and_then(|data| data.modified()) {
                Ok(made) => Ok(Some(Entry { name, made })),
                // Deleted since.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        let found: io::Result<Vec<_>> = read.filter_map(|one| entry(one).transpose()).collect();
        found.map_err(|source| self.error(folder, source))
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), ObjectsError> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.error(name, error)),
            _ => Ok(()),
        }
    }

    fn error(&self, name: &str, source: io::Error) -> ObjectsError {
        ObjectsError::File { name: self.0.join(name).display().to_string(), source }
    }
}

/// Makes a folder that only its owner can look into, unless there is one.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

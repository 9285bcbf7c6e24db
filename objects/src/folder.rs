//! Objects as files of a folder that all tasks share.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
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
        self.require()?;
        let written = self.write(name, bytes);
        written.map_err(|source| self.error(name, source))
    }

    /// Fails unless the folder is there.
    fn require(&self) -> Result<(), ObjectsError> {
        match fs::metadata(&self.0) {
            Ok(data) if data.is_dir() => Ok(()),
            Ok(_) => Err(self.error("", io::ErrorKind::NotADirectory.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(ObjectsError::NoFolder(self.0.display().to_string()))
            }
            Err(source) => Err(self.error("", source)),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<Put> {
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

    pub(super) fn get(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        let path = self.0.join(name);
        let name = || path.display().to_string();
        match read_plain(&path, most.saturating_add(1)) {
            Ok(Some(bytes)) if bytes.len() as u64 <= most => Ok(Some(bytes)),
            Ok(Some(_)) => Err(ObjectsError::TooLarge { name: name(), most }),
            Ok(None) => Err(ObjectsError::NoFile(name())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.require().map(|()| None),
            Err(source) => Err(ObjectsError::File { name: name(), source }),
        }
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<Entry>, ObjectsError> {
        let (folder, start) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let read = match fs::read_dir(self.0.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return self.require().map(|()| Vec::new());
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
            let data = entry.metadata();
            match data.and_then(|data| data.is_file().then(|| data.modified()).transpose()) {
                Ok(made) => Ok(made.map(|made| Entry { name, made })),
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

/// A file's bytes, `most` of them at most; none if it is no plain file. A link is not followed, since
/// it may lead out of the folder; nor is a pipe waited for, or a device asked.
fn read_plain(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut options = OpenOptions::new();
    options.read(true);
    // It may have been exchanged since.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let data = file.metadata()?;
    if !data.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(data.len().min(most) as usize);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
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

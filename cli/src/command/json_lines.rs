//! A file of JSON lines that only grows. A line that cannot be read stops whoever reads it: what is missing
//! may be what matters.

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use serde::{Serialize, de::DeserializeOwned};

/// The file, for one process at a time, and what is in it.
pub struct JsonLines<T> {
    file: File,
    name: String,
    /// What was there, in order.
    pub entries: Vec<T>,
}

impl<T: DeserializeOwned + Serialize> JsonLines<T> {
    /// Opens the file to add to it, and makes it where there is none. Of two processes the one waits for
    /// the other. `about` is what its lines are, and why one that is none has to be mended.
    ///
    /// # Errors
    /// If it cannot be read or written, or one of its lines is no entry.
    pub fn open(path: &Path, about: &str) -> Result<Self> {
        Self::of(path, File::options().read(true).append(true).create(true), about)
    }

    /// Opens the file to read it alone; it has nothing where there is none.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read(path: &Path, about: &str) -> Result<Vec<T>> {
        match path.exists() {
            true => Ok(Self::of(path, File::options().read(true), about)?.entries),
            false => Ok(Vec::new()),
        }
    }

    fn of(path: &Path, options: &std::fs::OpenOptions, about: &str) -> Result<Self> {
        let name = path.display().to_string();
        let mut file = options.open(path).with_context(|| name.clone())?;
        file.lock().with_context(|| name.clone())?;
        let mut text = String::new();
        file.read_to_string(&mut text).with_context(|| name.clone())?;
        let lines = text.lines().zip(1..).map(|(line, number)| {
            let entry = serde_json::from_str(line).ok();
            entry.with_context(|| format!("{name}:{number}: no entry of {about}"))
        });
        let entries = lines.collect::<Result<_>>()?;
        if !text.is_empty() && !text.ends_with('\n') {
            bail!("{name}: the last line has no end: mend it");
        }
        Ok(Self { file, name, entries })
    }

    /// Adds a line. It is on the disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, entry: &T) -> Result<()> {
        let line = serde_json::to_string(entry)? + "\n";
        self.file.write_all(line.as_bytes()).with_context(|| self.name.clone())?;
        self.file.sync_all().with_context(|| self.name.clone())
    }
}

//! Who works in a folder: one process alone, or several that go well together. The lock is the
//! system's, so it ends with its process, however that ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::files;
use crate::{outcome::Later, output};

/// The file that is locked. It stays: one that is removed can be locked by two.
pub const LOCK: &str = "lock";

/// How long one waits for another to be done with removing what nobody writes any more.
const CLEANING: (u32, Duration) = (20, Duration::from_millis(50));

/// A folder that this process works in, until dropped.
#[derive(Debug)]
pub struct Held {
    lock: File,
    alone: bool,
}

impl Held {
    /// Holds a folder that is there, alone, or says that another process works in it.
    pub fn alone(folder: &Path) -> Result<Self> {
        let Some(held) = Self::try_alone(folder)? else { bail!(taken(folder)) };
        if !held.alone {
            let folder = folder.display();
            output::warn(&format!("{folder} knows no locks: let no other process work in it"));
        }
        Ok(held)
    }

    /// The same, or none where another process works in it.
    pub fn try_alone(folder: &Path) -> Result<Option<Self>> {
        let lock = open(folder)?;
        let alone = lock.try_lock();
        Ok(locked(alone, folder)?.map(|alone| Self { lock, alone }))
    }

    /// Holds a folder with others who do the same, or says that one works in it alone.
    pub fn with_others(folder: &Path) -> Result<Self> {
        let lock = open(folder)?;
        let (times, wait) = CLEANING;
        for _ in 0..times {
            if locked(lock.try_lock_shared(), folder)?.is_some() {
                return Ok(Self { lock, alone: false });
            }
            thread::sleep(wait);
        }
        bail!(taken(folder))
    }

    /// Removes what processes that were killed left beside these files, unless another process
    /// holds the folder, which may be writing it.
    pub fn clean(&mut self, folder: &Path, names: &[&str]) {
        if self.is_alone() {
            names.iter().for_each(|name| files::remove_unfinished(&folder.join(name)));
        }
    }

    /// Whether no other process holds the folder.
    pub fn is_alone(&mut self) -> bool {
        // What was shared is given up for the attempt; whoever asks is about to end.
        self.alone = self.alone || self.lock.try_lock().is_ok();
        self.alone
    }
}

fn open(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).with_context(|| format!("cannot write {}", path.display()))
}

/// Whether it was locked, which a file system without locks does not, or none where it is another's.
fn locked(tried: Result<(), TryLockError>, folder: &Path) -> Result<Option<bool>> {
    match tried {
        Ok(()) => Ok(Some(true)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(Some(false))
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", folder.join(LOCK).display()))
        }
    }
}

fn taken(folder: &Path) -> Later {
    Later(format!(
        "another process works in {}: it goes on, and this one ends; try again when it has ended",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alone_or_several_together() {
        let folder = tempfile::tempdir().unwrap();
        let alone = Held::alone(folder.path()).unwrap();
        let error = Held::alone(folder.path()).unwrap_err();
        assert!(error.is::<Later>() && error.to_string().contains("another process works in"));
        assert!(Held::with_others(folder.path()).unwrap_err().is::<Later>());
        drop(alone);
        let [mut first, mut second] = [(); 2].map(|()| Held::with_others(folder.path()).unwrap());
        assert!(Held::try_alone(folder.path()).unwrap().is_none());
        assert!(!first.is_alone());
        drop(first);
        assert!(second.is_alone());
        assert!(Held::try_alone(folder.path()).unwrap().is_none());
    }
}

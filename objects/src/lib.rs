//! A run's objects in a folder or a bucket: written once, whole or not at all.
//!
//! Two tasks may end at the same moment, and a task may be killed at any. So an object is never
//! replaced: [`Objects::put_new`] makes it under a name that is free, or says that the name is
//! taken. In a folder it is written beside its place and then linked there, which fails where the
//! name exists (a rename would replace); in a bucket it is put on the condition that there is none.
//! Whoever reads an object knows its digest from elsewhere: nothing is believed here.

mod bucket;
mod error;
mod folder;
mod object;

use std::path::Path;

pub use error::ObjectsError;
pub use object::{Entry, Put};

use bucket::Bucket;
use folder::Folder;
use object::random;

/// What an address of a bucket begins with.
pub const BUCKET: &str = "s3://";

/// Where a run's objects are.
#[derive(Debug)]
pub struct Objects(Place);

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Bucket(Box<Bucket>),
}

impl Objects {
    /// The objects at an address: `s3://bucket/prefix`, or a folder. Nothing is made or asked yet.
    ///
    /// # Errors
    /// If a bucket's address or the variables about it are malformed.
    pub fn at(address: &str) -> Result<Self, ObjectsError> {
        if address.starts_with(BUCKET) {
            return Bucket::at(address).map(|bucket| Self(Place::Bucket(Box::new(bucket))));
        }
        Ok(Self(Place::Folder(Folder::at(Path::new(address)))))
    }

    /// The objects in a folder.
    pub fn in_folder(path: &Path) -> Self {
        Self(Place::Folder(Folder::at(path)))
    }

    /// Makes the folder if there is none, and makes one object twice to see that the second is
    /// refused: a storage that replaces is not used.
    ///
    /// # Errors
    /// If the storage does not answer, or replaces.
    pub fn begin(&self) -> Result<(), ObjectsError> {
        if let Place::Folder(folder) = &self.0 {
            folder.make()?;
        }
        let name = format!("probes/{}", random()?);
        // Taken where the answer was lost and the client asked again: nobody else draws this name.
        self.put_new(&name, b"first")?;
        let second = self.put_new(&name, b"second")?;
        let kept = self.get(&name, 16)?;
        self.delete(&name)?;
        if second == Put::Taken && kept.as_deref() == Some(b"first") {
            return Ok(());
        }
        Err(ObjectsError::Replaces(self.to_string()))
    }

    /// Makes an object, if its name is free. It is there whole or not at all.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Put, ObjectsError> {
        match &self.0 {
            Place::Folder(folder) => folder.put_new(name, bytes),
            Place::Bucket(bucket) => bucket.put_new(name, bytes),
        }
    }

    /// An object's bytes, or none if there is no such object.
    ///
    /// # Errors
    /// If the storage fails, the object has more than `most` bytes, or it is no file.
    pub fn get(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        match &self.0 {
            Place::Folder(folder) => folder.get(name, most),
            Place::Bucket(bucket) => bucket.get(name, most),
        }
    }

    /// The objects whose names begin with `folder/start`, the oldest first, those of one age by
    /// name.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn list(&self, prefix: &str) -> Result<Vec<Entry>, ObjectsError> {
        let mut found = match &self.0 {
            Place::Folder(folder) => folder.list(prefix),
            Place::Bucket(bucket) => bucket.list(prefix),
        }?;
        found.sort_by(|left, right| (left.made, &left.name).cmp(&(right.made, &right.name)));
        Ok(found)
    }

    /// Deletes an object, if there is one.
    ///
    /// # Errors
    /// If the storage fails.
    pub fn delete(&self, name: &str) -> Result<(), ObjectsError> {
        match &self.0 {
            Place::Folder(folder) => folder.delete(name),
            Place::Bucket(bucket) => bucket.delete(name),
        }
    }
}

impl std::fmt::Display for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Place::Folder(folder) => folder.fmt(f),
            Place::Bucket(bucket) => bucket.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        sync::{Barrier, mpsc},
        thread,
        time::Duration,
    };

    use super::*;

    const MOST: u64 = 1 << 20;

    #[test]
    fn what_is_there_is_never_replaced_whoever_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::in_folder(folder.path());
        objects.begin().unwrap();
        let gate = Barrier::new(8);
        let made = thread::scope(|scope| {
            let put = |number: u8| {
                let (objects, gate) = (&objects, &gate);
                move || {
                    gate.wait();
                    objects.put_new("proofs/one", &[number; 70_000]).unwrap()
                }
            };
            let tasks: Vec<_> = (0..8).map(|number| scope.spawn(put(number))).collect();
            tasks.into_iter().map(|task| task.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(made.iter().filter(|put| **put == Put::New).count(), 1);
        let kept = objects.get("proofs/one", MOST).unwrap().unwrap();
        let first = made.iter().position(|put| *put == Put::New).unwrap();
        assert_eq!(kept, vec![first as u8; 70_000]);
        assert_eq!(objects.put_new("proofs/one", b"").unwrap(), Put::Taken);
        assert_eq!(objects.get("proofs/one", MOST).unwrap(), Some(kept));
        // Nothing is left beside it.
        assert_eq!(fs::read_dir(folder.path().join("unfinished")).unwrap().count(), 0);
    }

    #[test]
    fn objects_are_listed_from_the_oldest_and_those_half_written_never() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::in_folder(folder.path());
        objects.begin().unwrap();
        assert_eq!(objects.list("proofs/run-").unwrap(), []);
        for name in ["proofs/run-b", "proofs/run-a", "proofs/other"] {
            objects.put_new(name, name.as_bytes()).unwrap();
            thread::sleep(std::time::Duration::from_millis(20));
        }
        fs::write(folder.path().join("unfinished/run-c"), b"ha").unwrap();
        let names = |prefix: &str| -> Vec<String> {
            objects.list(prefix).unwrap().into_iter().map(|entry| entry.name).collect()
        };
        assert_eq!(names("proofs/run-"), ["proofs/run-b", "proofs/run-a"]);
        objects.delete("proofs/run-b").unwrap();
        objects.delete("proofs/run-b").unwrap();
        assert_eq!(names("proofs/"), ["proofs/run-a", "proofs/other"]);
        assert_eq!(objects.get("proofs/run-b", MOST).unwrap(), None);
    }

    #[test]
    fn a_folder_that_is_not_there_may_come_and_what_is_wrong_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let all = |place: &str| {
            let objects = Objects::in_folder(&folder.path().join(place));
            [
                objects.get("deal.json", MOST).unwrap_err(),
                objects.list("proofs/").unwrap_err(),
                objects.put_new("deal.json", b"").unwrap_err(),
            ]
        };
        for error in all("mount/run") {
            assert!(error.may_pass() && error.to_string().contains("mount/run"), "{error}");
        }
        assert!(!folder.path().join("mount").exists());
        // The mount comes.
        fs::create_dir_all(folder.path().join("mount/run")).unwrap();
        let objects = Objects::in_folder(&folder.path().join("mount/run"));
        assert_eq!(objects.get("deal.json", MOST).unwrap(), None);
        fs::write(folder.path().join("file"), "").unwrap();
        for error in all("file").into_iter().chain(all("file/run")) {
            assert!(!error.may_pass() && error.to_string().contains("file"), "{error}");
        }
        for address in ["s3://", "s3:///x", "s3://user:pass@bucket/x", "s3://bucket/x?y=z"] {
            let error = Objects::at(address).unwrap_err();
            assert!(!error.may_pass(), "{address}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_or_too_large_is_named_and_not_listed() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::in_folder(folder.path());
        objects.put_new("proofs/one", &[7; 100]).unwrap();
        fs::create_dir(folder.path().join("proofs/folder")).unwrap();
        let path = |name: &str| folder.path().join("proofs").join(name);
        std::os::unix::fs::symlink("/dev/zero", path("link")).unwrap();
        // One who opens this waits for a writer.
        assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
        for name in ["proofs/folder", "proofs/link", "proofs/pipe", "proofs/socket"] {
            let (told, hears) = mpsc::channel();
            let objects = Objects::in_folder(folder.path());
            thread::spawn(move || told.send(objects.get(name, MOST)));
            let error = hears.recv_timeout(Duration::from_secs(20)).expect(name).unwrap_err();
            assert!(error.is_of_one_object() && !error.may_pass(), "{error}");
            assert!(error.to_string().contains(name), "{error}");
        }
        assert_eq!(objects.get("proofs/one", 100).unwrap().unwrap().len(), 100);
        let error = objects.get("proofs/one", 99).unwrap_err();
        assert!(error.is_of_one_object() && error.to_string().contains("proofs/one"), "{error}");
        assert_eq!(objects.list("proofs/").unwrap().len(), 1);
    }
}

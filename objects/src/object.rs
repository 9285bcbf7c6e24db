//! What is told of objects.

use std::time::SystemTime;

use super::error::ObjectsError;

/// What became of an object that was to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was made.
    New,
    /// The name is taken; nothing was changed.
    Taken,
}

/// An object that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// When it was made, by the clock of the storage.
    pub made: SystemTime,
}

/// Sixteen random digits.
pub(super) fn random() -> Result<String, ObjectsError> {
    use rand_core::{OsRng, RngCore};
    let mut bytes = [0; 8];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| ObjectsError::Randomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

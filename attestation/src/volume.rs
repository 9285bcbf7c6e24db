//! Which volume of an attestation is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A volume's place in its attestation, from 0. In a file it is a bare number.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(transparent)]
pub struct VolumeId(usize);

impl VolumeId {
    /// The volume that so many others come before.
    pub const fn new(index: usize) -> Self {
        Self(index)
    }

    /// How many volumes come before it.
    pub const fn index(self) -> usize {
        self.0
    }

    /// The first `count` volumes, in order.
    pub fn all(count: usize) -> impl Iterator<Item = Self> {
        (0..count).map(Self)
    }
}

impl fmt::Display for VolumeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

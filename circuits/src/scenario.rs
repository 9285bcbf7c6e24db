//! Which scenario of a table is meant.

use std::fmt;

/// A scenario's place in its table, from 0: which of an instrument's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScenarioId(u16);

impl ScenarioId {
    /// The scenario in which everything is at its price: the first of every table.
    pub const MARK: Self = Self(0);
    /// How many scenarios have an id, and a table can have. A circuit has fewer,
    /// [`crate::MAX_SCENARIOS`].
    pub const COUNT: usize = 1 << u16::BITS;

    /// The scenario that so many others come before.
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// How many scenarios come before it.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The same as the index of a list with one entry per scenario.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The first `count` scenarios in order, or all that have an id.
    pub fn all(count: usize) -> impl Iterator<Item = Self> + Clone {
        (0..=u16::MAX).take(count).map(Self)
    }
}

impl fmt::Display for ScenarioId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

//! Which scenario of a table is meant.

use std::fmt;

/// Most scenarios of a table: a sum that is drawn to be zero in all of them at once is so by chance
/// for at most so many values of `theta`.
pub const MAX_SCENARIOS: usize = 1024;

/// A scenario's place in its table, from 0: which of an instrument's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScenarioId(u16);

impl ScenarioId {
    /// The scenario in which everything is at its price: the first of every table.
    pub const MARK: Self = Self(0);
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

    /// The first `count` scenarios in order, or all that a table can have.
    pub fn all(count: usize) -> impl Iterator<Item = Self> + Clone {
        (0..MAX_SCENARIOS as u16).take(count).map(Self)
    }
}

impl fmt::Display for ScenarioId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

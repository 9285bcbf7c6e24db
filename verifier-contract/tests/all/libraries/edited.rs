//! A program whose bytes a test changes.

use pacioli_attestation::program::{
    CLAUSE_BYTES, FACTOR_BYTES, HEAD_BYTES, ROW_BYTES, SCENARIO_BYTES,
};

use crate::libraries::books::Case;

// Fields of a row, and where its factors begin.
pub const ROLE: usize = 0;
pub const GROUP: usize = 2;
pub const PRICE: usize = 4;
pub const DECIMALS: usize = 5;
pub const CAP: usize = 6;

/// A program, to be edited.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    pub fn of(case: &Case) -> Self {
        Self(case.program().to_bytes().to_vec())
    }

    pub fn number(&self, place: usize) -> usize {
        usize::from(u16::from_be_bytes([self.0[place], self.0[place + 1]]))
    }

    pub fn row(&self, row: usize) -> usize {
        let [scenarios, twins] = [1, 10].map(|place| self.number(place));
        let cover = usize::from(self.0[12]);
        let size = ROW_BYTES + 2 * (scenarios - twins - cover - 1);
        HEAD_BYTES + SCENARIO_BYTES * twins + FACTOR_BYTES * self.number(4) + row * size
    }

    pub fn clause(&self, clause: usize) -> usize {
        self.row(self.number(6)) + CLAUSE_BYTES * clause
    }

    /// With two rows exchanged.
    pub fn swap(mut self, one: usize, other: usize) -> Self {
        let size = self.row(1) - self.row(0);
        for byte in 0..size {
            let places = [one, other].map(|row| self.row(row) + byte);
            self.0.swap(places[0], places[1]);
        }
        self
    }

    /// With a row over again in another place, as of a class.
    pub fn copy(mut self, from: usize, to: usize, class: u8) -> Self {
        let (from, end, to) = (self.row(from), self.row(from + 1), self.row(to));
        self.0.copy_within(from..end, to);
        self.0[to] |= class;
        self
    }

    /// With one byte changed.
    pub fn set(mut self, place: usize, byte: u8) -> Self {
        assert_ne!(self.0[place], byte, "nothing is changed");
        self.0[place] = byte;
        self
    }

    pub fn set_row(self, row: usize, field: usize, byte: u8) -> Self {
        let place = self.row(row) + field;
        self.set(place, byte)
    }

    /// With another factor in a scenario after mark.
    pub fn set_factor(self, row: usize, scenario: usize, factor: u8) -> Self {
        self.set_row(row, ROW_BYTES + 2 * (scenario - 1) + 1, factor)
    }

    pub fn set_clause(self, clause: usize, field: usize, byte: u8) -> Self {
        let place = self.clause(clause) + field;
        self.set(place, byte)
    }
}

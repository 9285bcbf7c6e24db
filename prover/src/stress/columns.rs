//! What the book's instruments are worth in a few scenarios, one column each, from one table or
//! several.

use std::collections::HashMap;

use pacioli_circuits::InstrumentId;

use crate::rules::Compiled;

/// Columns being put together.
pub(super) struct Columns<'a> {
    /// The table whose instruments the book's lines are in.
    own: &'a Compiled,
    columns: Vec<Vec<i128>>,
}

/// Another table of the same instruments.
pub(super) struct Source<'a> {
    compiled: &'a Compiled,
    /// Where each row of the book's own table stands in it.
    places: Vec<usize>,
}

/// What one unit of every instrument is worth in every column.
pub(super) struct ByRow {
    width: usize,
    values: Vec<i128>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(own: &'a Compiled) -> Self {
        Self { own, columns: Vec::new() }
    }

    /// A table of the same rules, with other prices or with stresses besides. They make the same
    /// instruments, closing ones of the stresses apart.
    pub(super) fn source<'s>(&self, compiled: &'s Compiled) -> Source<'s> {
        let rows = compiled.rows.iter().enumerate();
        let rows: HashMap<&str, usize> =
            rows.map(|(index, row)| (row.name.as_str(), index)).collect();
        let places = self.own.rows.iter().map(|row| rows[row.name.as_str()]);
        Source { compiled, places: places.collect() }
    }

    /// Adds a scenario of a table and gives the number of its column.
    pub(super) fn add(&mut self, source: &Source<'_>, scenario: usize) -> usize {
        let instruments = source.compiled.table.instruments();
        let values = source.places.iter().map(|&row| instruments[row].values[scenario].units());
        self.columns.push(values.collect());
        self.columns.len() - 1
    }

    /// The columns, side by side.
    pub(super) fn by_row(self) -> ByRow {
        let rows = 0..self.own.rows.len();
        let values = rows.flat_map(|row| self.columns.iter().map(move |column| column[row]));
        ByRow { width: self.columns.len(), values: values.collect() }
    }
}

impl ByRow {
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn of(&self, row: InstrumentId) -> &[i128] {
        &self.values[row.row() * self.width..][..self.width]
    }
}

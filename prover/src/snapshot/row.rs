//! A row of a snapshot, whatever the file, and the cells that every row must have.

use pacioli_rules::{Decimal, DecimalError};

use super::{
    Place,
    error::{Fault, Misplaced},
};

/// A row of a snapshot, whatever the file.
pub(super) trait Row {
    /// The row's line in the file.
    fn line(&self) -> u64;

    /// The text in a column, empty if the cell is empty.
    fn text(&self, column: usize) -> Result<&str, Fault>;

    /// The number in a column called `name`, `None` if the cell is empty.
    fn number(&self, column: usize, name: &str) -> Result<Option<Decimal>, Fault>;

    /// The place of a column.
    fn place(&self, column: usize) -> Place {
        Place { line: self.line(), column: column as u32 + 1 }
    }
}

/// The text in a column.
pub(super) fn text(row: &impl Row, column: usize) -> Result<&str, Misplaced> {
    row.text(column).map_err(|fault| fault.at(column))
}

/// The number that a column must hold.
pub(super) fn required_number(
    row: &impl Row,
    column: usize,
    name: &str,
) -> Result<Decimal, Misplaced> {
    let missing = || Fault::Number { column: name.to_owned(), error: DecimalError::Missing };
    let number = row.number(column, name).and_then(|number| number.ok_or_else(missing));
    number.map_err(|fault| fault.at(column))
}

//! The values of one column as cells: texts and exact numbers.

use pacioli_rules::{Decimal, DecimalError};
use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
};

use super::kind::Kind;

/// One value of one column.
pub(super) enum Cell {
    Nothing,
    Text(ByteArray),
    /// A number, or the error in it.
    Number(Result<Decimal, DecimalError>),
}

/// How to read a column.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub kind: Kind,
    pub is_nullable: bool,
    /// Whether a number is an id, written as decimal digits.
    pub holds_ids: bool,
}

/// Damage that the parquet crate does not see.
pub(super) fn damage(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

impl Column {
    /// At most `rows` next values.
    pub fn read(&self, reader: &mut ColumnReader, rows: usize) -> Result<Vec<Cell>, ParquetError> {
        let kind = self.kind;
        match reader {
            ColumnReader::Int32ColumnReader(reader) => {
                self.cells(reader, rows, |value| self.number(kind.number_in_32_bits(value)))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                self.cells(reader, rows, |value| self.number(kind.number_in_64_bits(value)))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                self.cells(reader, rows, |value| match kind {
                    Kind::Text => Cell::Text(value),
                    _ => self.number(kind.number_in_bytes(value.data())),
                })
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                self.cells(reader, rows, |value| match kind {
                    Kind::Uuid => text(uuid(value.data())),
                    _ => self.number(kind.number_in_bytes(value.data())),
                })
            }
            _ => Err(damage("a column's storage does not match its schema")),
        }
    }

    /// A number as a cell.
    fn number(&self, number: Result<Decimal, DecimalError>) -> Cell {
        match number {
            Ok(number) if self.holds_ids => text(number.to_string()),
            number => Cell::Number(number),
        }
    }

    /// At most `rows` next values as cells.
    fn cells<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        cell: impl Fn(T::T) -> Cell,
    ) -> Result<Vec<Cell>, ParquetError> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        reader.read_records(rows, Some(&mut levels), None, &mut values)?;
        let mut values = values.into_iter().map(cell);
        if !self.is_nullable {
            return Ok(values.collect());
        }
        let short = || damage("a column has fewer values than stated");
        let cells = levels.iter().map(|&level| match level {
            0 => Ok(Cell::Nothing),
            _ => values.next().ok_or_else(short),
        });
        cells.collect()
    }
}

fn text(text: String) -> Cell {
    Cell::Text(text.into_bytes().into())
}

/// The one way to write a UUID that its standard lets writers use: RFC 9562, section 4.
fn uuid(bytes: &[u8]) -> String {
    let digits = hex::encode(bytes);
    let mut groups = vec![];
    let mut rest = digits.as_str();
    for length in [8, 4, 4, 4] {
        let (group, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        groups.push(group);
        rest = after;
    }
    groups.push(rest);
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_written_in_five_groups() {
        let bytes: Vec<u8> = (0..16).map(|byte| byte * 17).collect();
        assert_eq!(uuid(&bytes), "00112233-4455-6677-8899-aabbccddeeff");
    }
}

//! Rows from Parquet: the same columns by name and order, not nested, of exact types.
//!
//! Names are strings; ids of accounts may also be integers, written as decimal digits, or UUIDs.
//! Numbers are strings, as in CSV, or `DECIMAL` over any of its four layouts, or integers.
//! Floating-point columns are refused. Codecs: none, snappy, zstd, gzip, lz4 and brotli.

mod cell;
mod kind;
mod number;

use std::panic::{AssertUnwindSafe, catch_unwind};

use cell::{Cell, Column, damage};
use kind::kind_of;
use pacioli_rules::Decimal;
use parquet::{
    basic::Compression,
    column::reader::ColumnReader,
    errors::ParquetError,
    file::{
        metadata::ParquetMetaData,
        reader::{FileReader, RowGroupReader, SerializedFileReader},
    },
    schema::types::ColumnDescPtr,
};

use super::{
    error::{Fault, SnapshotError},
    reading::{Holds, Reading},
    row::Row,
    storage::Storage,
};

/// Rows read at once: few enough that a thousand wide columns stay small.
const BATCH_ROWS: usize = 1 << 10;

/// Reads one file of a snapshot, in Parquet, and returns its number of rows.
///
/// The parquet crate panics on some damaged files (60.1: a page that refers to a missing
/// dictionary); such a panic becomes an error here, after which the reading is not used again.
pub(super) fn read(file: Storage, reading: &mut Reading) -> Result<u64, SnapshotError> {
    let name = reading.name().to_owned();
    catch_unwind(AssertUnwindSafe(|| read_rows(file, reading))).unwrap_or_else(|_| {
        let error = damage("the file is damaged");
        Err(SnapshotError::Parquet { file: name, error })
    })
}

fn read_rows(file: Storage, reading: &mut Reading) -> Result<u64, SnapshotError> {
    let name = reading.name().to_owned();
    let damaged = |error| SnapshotError::Parquet { file: name.clone(), error };
    let file = SerializedFileReader::new(file).map_err(damaged)?;
    let columns = file.metadata().file_metadata().schema_descr().columns().to_vec();
    let meanings = header(&columns, reading)?;
    check_codecs(file.metadata(), reading)?;
    let mut line = 0u64;
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group).map_err(damaged)?;
        let mut batches = Batches::new(group.as_ref(), &columns).map_err(damaged)?;
        while let Some(batch) = batches.next(&meanings).map_err(damaged)? {
            for row in 0..batch.rows {
                line += 1;
                reading.add(&BatchRow { batch: &batch, row, line })?;
            }
        }
    }
    if i64::try_from(line) != Ok(file.metadata().file_metadata().num_rows()) {
        return Err(damaged(damage("the groups and the file differ in their number of rows")));
    }
    Ok(line)
}

/// Takes in the names of the columns, and returns what each means.
fn header(columns: &[ColumnDescPtr], reading: &mut Reading) -> Result<Vec<Column>, SnapshotError> {
    for (index, column) in columns.iter().enumerate() {
        if column.path().parts().len() != 1 || column.max_rep_level() > 0 {
            let fault = Fault::Nested { column: column.path().string() };
            return Err(reading.refuse(fault.at(index), 0));
        }
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    reading.header(&names, 0)?;
    let column = |(index, column): (usize, &ColumnDescPtr)| {
        let holds = reading.holds(index);
        let kind = kind_of(column, holds)
            .map_err(|fault| reading.refuse(fault.at(reading.column(index)), 0))?;
        let is_nullable = column.max_def_level() > 0;
        Ok(Column { kind, is_nullable, holds_ids: holds == Holds::Accounts })
    };
    columns.iter().enumerate().map(column).collect()
}

/// Fails if a column is compressed in a way that is not read.
fn check_codecs(metadata: &ParquetMetaData, reading: &Reading) -> Result<(), SnapshotError> {
    for group in metadata.row_groups() {
        for (index, column) in group.columns().iter().enumerate() {
            if let Compression::LZO = column.compression() {
                let (column, codec) = (column.column_descr().name().to_owned(), "LZO".to_owned());
                let fault = Fault::Codec { column, codec };
                return Err(reading.refuse(fault.at(reading.column(index)), 0));
            }
        }
    }
    Ok(())
}

/// The rows of one row group, a few thousand at a time.
struct Batches {
    readers: Vec<ColumnReader>,
    columns: Vec<ColumnDescPtr>,
    rows_left: usize,
}

/// Some consecutive rows, column by column.
struct Batch {
    rows: usize,
    columns: Vec<Vec<Cell>>,
}

impl Batches {
    fn new(group: &dyn RowGroupReader, columns: &[ColumnDescPtr]) -> Result<Self, ParquetError> {
        let readers = (0..columns.len()).map(|column| group.get_column_reader(column));
        let rows_left = usize::try_from(group.metadata().num_rows())
            .map_err(|_| damage("a group has a negative number of rows"))?;
        Ok(Self {
            readers: readers.collect::<Result<_, _>>()?,
            columns: columns.to_vec(),
            rows_left,
        })
    }

    /// The next rows, `None` after the last.
    fn next(&mut self, meanings: &[Column]) -> Result<Option<Batch>, ParquetError> {
        let rows = self.rows_left.min(BATCH_ROWS);
        self.rows_left -= rows;
        // After the last row one more is asked for, to see that no column has further values.
        let ask = rows.max(1);
        let columns = self.readers.iter_mut().zip(&self.columns).zip(meanings);
        let columns = columns.map(|((reader, column), meaning)| {
            let cells = meaning.read(reader, ask)?;
            match cells.len() {
                got if got == rows => Ok(cells),
                _ => Err(damage(&format!(
                    "column `{}` and its group differ in their number of rows",
                    column.name()
                ))),
            }
        });
        let columns = columns.collect::<Result<_, ParquetError>>()?;
        Ok((rows > 0).then_some(Batch { rows, columns }))
    }
}

/// One row of a batch.
struct BatchRow<'a> {
    batch: &'a Batch,
    row: usize,
    line: u64,
}

impl BatchRow<'_> {
    fn cell(&self, column: usize) -> &Cell {
        &self.batch.columns[column][self.row]
    }
}

impl Row for BatchRow<'_> {
    fn line(&self) -> u64 {
        self.line
    }

    fn text(&self, column: usize) -> Result<&str, Fault> {
        match self.cell(column) {
            Cell::Text(text) => text.as_utf8().map_err(|_| Fault::NotUtf8),
            Cell::Number(Err(error)) => {
                Err(Fault::Number { column: "account".to_owned(), error: error.clone() })
            }
            Cell::Nothing | Cell::Number(Ok(_)) => Ok(""),
        }
    }

    fn number(&self, column: usize, name: &str) -> Result<Option<Decimal>, Fault> {
        let number = match self.cell(column) {
            Cell::Nothing => return Ok(None),
            Cell::Number(number) => number.clone(),
            Cell::Text(_) => match self.text(column)? {
                "" => return Ok(None),
                text => text.parse(),
            },
        };
        number.map(Some).map_err(|error| Fault::Number { column: name.to_owned(), error })
    }
}

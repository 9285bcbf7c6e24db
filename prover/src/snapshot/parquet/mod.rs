//! Rows from Parquet: the same columns by name and order, not nested, of exact types.
//!
//! Names are strings. Numbers are strings, as in CSV, or `DECIMAL` over any of its four layouts,
//! or integers. Floating-point columns are refused. Codecs: none, snappy and zstd.

mod kind;

use std::{fs::File, panic::catch_unwind};

use kind::{Kind, kind_of};
use pacioli_rules::{Decimal, DecimalError};
use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::reader::{FileReader, RowGroupReader, SerializedFileReader},
    schema::types::ColumnDescPtr,
};

use super::{
    error::{Fault, Misplaced, SnapshotError},
    faults::Faults,
    form::Form,
    holdings::Snapshot,
    row::Row,
};

/// The first bytes of a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Rows read at once: few enough that a thousand wide columns stay small.
const BATCH_ROWS: usize = 1 << 10;

/// Reads the snapshot in a Parquet file; `name` is the file's name in errors.
///
/// The parquet crate panics on some damaged files (60.1: a page that refers to a missing
/// dictionary); such a panic becomes an error here.
pub(super) fn read(file: File, name: &str) -> Result<Snapshot, SnapshotError> {
    catch_unwind(|| read_rows(file, name)).unwrap_or_else(|_| {
        let error = damage("the file is damaged");
        Err(SnapshotError::Parquet { file: name.to_owned(), error })
    })
}

fn read_rows(file: File, name: &str) -> Result<Snapshot, SnapshotError> {
    let damaged = |error| SnapshotError::Parquet { file: name.to_owned(), error };
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let (mut form, kinds) = header(&columns).map_err(|fault| fault.on(name, 0))?;
    let (mut line, mut faults) = (0u64, Faults::default());
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(damaged)?;
        let mut batches = Batches::new(group.as_ref(), &columns).map_err(damaged)?;
        while let Some(batch) = batches.next(&kinds).map_err(damaged)? {
            for row in 0..batch.rows {
                line += 1;
                let row = BatchRow { batch: &batch, row, line };
                faults.take(form.add(&row).map_err(|fault| fault.on(name, line)))?;
            }
        }
    }
    if i64::try_from(line) != Ok(reader.metadata().file_metadata().num_rows()) {
        return Err(damaged(damage("the groups and the file differ in their number of rows")));
    }
    faults.finish(|| form.finish().map_err(|fault| fault.on(name, 0)))
}

/// The form with these columns, and the kind of each column.
fn header(columns: &[ColumnDescPtr]) -> Result<(Form, Vec<Kind>), Misplaced> {
    for (index, column) in columns.iter().enumerate() {
        if column.path().parts().len() != 1 || column.max_rep_level() > 0 {
            return Err(Fault::Nested { column: column.path().string() }.at(index));
        }
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let form = Form::of(&names)?;
    let kind = |(index, column): (usize, &ColumnDescPtr)| {
        let of_names = form.holds_names(index);
        kind_of(column, of_names).map_err(|fault| fault.at(index))
    };
    let kinds = columns.iter().enumerate().map(kind).collect::<Result<_, _>>()?;
    Ok((form, kinds))
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

/// One value of one column.
enum Cell {
    Nothing,
    Text(ByteArray),
    /// A number, or the error in it.
    Number(Result<Decimal, DecimalError>),
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
    fn next(&mut self, kinds: &[Kind]) -> Result<Option<Batch>, ParquetError> {
        let rows = self.rows_left.min(BATCH_ROWS);
        self.rows_left -= rows;
        // After the last row one more is asked for, to see that no column has further values.
        let ask = rows.max(1);
        let columns = self.readers.iter_mut().zip(&self.columns).zip(kinds);
        let columns = columns.map(|((reader, column), &kind)| {
            let cells = read_cells(reader, ask, column.max_def_level() > 0, kind)?;
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

fn damage(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

/// At most `rows` next values of a column.
fn read_cells(
    reader: &mut ColumnReader,
    rows: usize,
    nullable: bool,
    kind: Kind,
) -> Result<Vec<Cell>, ParquetError> {
    match reader {
        ColumnReader::Int32ColumnReader(reader) => {
            cells(reader, rows, nullable, |value| Cell::Number(kind.number_in_32_bits(value)))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            cells(reader, rows, nullable, |value| Cell::Number(kind.number_in_64_bits(value)))
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            cells(reader, rows, nullable, |value| match kind {
                Kind::Text => Cell::Text(value),
                _ => Cell::Number(kind.number_in_bytes(value.data())),
            })
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            cells(reader, rows, nullable, |value| Cell::Number(kind.number_in_bytes(value.data())))
        }
        _ => Err(damage("a column's storage does not match its schema")),
    }
}

/// At most `rows` next values of a column as cells.
fn cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    nullable: bool,
    cell: impl Fn(T::T) -> Cell,
) -> Result<Vec<Cell>, ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    let mut values = values.into_iter().map(cell);
    if !nullable {
        return Ok(values.collect());
    }
    let short = || damage("a column has fewer values than stated");
    let cells = levels.iter().map(|&level| match level {
        0 => Ok(Cell::Nothing),
        _ => values.next().ok_or_else(short),
    });
    cells.collect()
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
            Cell::Nothing | Cell::Number(_) => Ok(""),
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

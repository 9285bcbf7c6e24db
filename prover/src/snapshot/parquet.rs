//! Rows from Parquet: the same columns by name and order, flat, of exact types.
//!
//! Names are strings. Numbers are strings, as in CSV, or `DECIMAL` over any of its four layouts,
//! or integers. Floating-point columns are refused. Codecs: none, snappy and zstd.

use std::fs::File;

use parquet::{
    basic::{ConvertedType, LogicalType, Type},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::reader::{FileReader, RowGroupReader, SerializedFileReader},
    schema::types::{ColumnDescPtr, ColumnDescriptor},
};

use super::{
    Fault, Snapshot, SnapshotError,
    error::Misplaced,
    form::{Form, Row},
};
use crate::decimal::{Decimal, DecimalError, MAX_DIGITS};

/// How a Parquet file begins.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Rows read at once: few enough that a thousand wide columns stay small.
const BATCH_ROWS: usize = 1 << 10;

/// The snapshot in a Parquet file; `name` is its name in errors.
pub(super) fn read(file: File, name: &str) -> Result<Snapshot, SnapshotError> {
    let damaged = |source| SnapshotError::Parquet { file: name.to_owned(), source };
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let (mut form, kinds) = header(&columns).map_err(|fault| fault.on(name, 0))?;
    let mut line = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(damaged)?;
        let mut batches = Batches::new(group.as_ref(), &columns).map_err(damaged)?;
        while let Some(batch) = batches.next(&kinds).map_err(damaged)? {
            for row in 0..batch.rows {
                line += 1;
                let row = BatchRow { batch: &batch, row, line };
                form.add(&row).map_err(|fault| fault.on(name, line))?;
            }
        }
    }
    form.finish().map_err(|fault| fault.on(name, 0))
}

/// What a column's values stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// `unscaled / 10^scale`.
    Decimal {
        scale: u32,
    },
    Integer {
        signed: bool,
    },
}

/// The form whose columns these are, and what each column holds.
fn header(columns: &[ColumnDescPtr]) -> Result<(Form, Vec<Kind>), Misplaced> {
    for (index, column) in columns.iter().enumerate() {
        if column.path().parts().len() != 1 || column.max_rep_level() > 0 {
            return Err(Fault::Nested { column: column.path().string() }.at(index));
        }
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    let form = Form::of(&names)?;
    let kind = |(index, column): (usize, &ColumnDescPtr)| {
        let names_stand_here = index < form.name_columns();
        kind(column, names_stand_here).map_err(|fault| fault.at(index))
    };
    let kinds = columns.iter().enumerate().map(kind).collect::<Result<_, _>>()?;
    Ok((form, kinds))
}

/// What a column holds, or a fault where that is nothing a snapshot is made of.
fn kind(column: &ColumnDescriptor, of_names: bool) -> Result<Kind, Fault> {
    use ConvertedType as C;
    let physical = column.physical_type();
    let logical = column.logical_type_ref();
    if matches!(physical, Type::FLOAT | Type::DOUBLE)
        || matches!(logical, Some(LogicalType::Float16))
    {
        return Err(Fault::FloatColumn { column: column.name().to_owned() });
    }
    // Older writers leave the logical type out; where it is given it decides alone.
    let meaning = match logical {
        None => Some(column.converted_type()),
        Some(LogicalType::String) => Some(C::UTF8),
        Some(LogicalType::Decimal(_)) => Some(C::DECIMAL),
        Some(LogicalType::Integer(integer)) if integer.is_signed => Some(C::INT_64),
        Some(LogicalType::Integer(_)) => Some(C::UINT_64),
        Some(_) => None,
    };
    let kind = match (physical, meaning) {
        (Type::BYTE_ARRAY, Some(C::UTF8)) => Some(Kind::Text),
        (
            Type::INT32 | Type::INT64 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY,
            Some(C::DECIMAL),
        ) => decimal_scale(column).map(|scale| Kind::Decimal { scale }),
        (
            Type::INT32 | Type::INT64,
            Some(C::NONE | C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64),
        ) => Some(Kind::Integer { signed: true }),
        (Type::INT32 | Type::INT64, Some(C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64)) => {
            Some(Kind::Integer { signed: false })
        }
        _ => None,
    };
    match kind {
        Some(kind) if !of_names || kind == Kind::Text => Ok(kind),
        _ => Err(Fault::ColumnType {
            column: column.name().to_owned(),
            expected: if of_names { "strings" } else { "DECIMAL, integers or strings" },
            got: match logical {
                Some(logical) => format!("{physical} ({logical:?})"),
                None => format!("{physical} ({})", column.converted_type()),
            },
        }),
    }
}

/// The scale of a `DECIMAL`, where a [`Decimal`] can have it.
fn decimal_scale(column: &ColumnDescriptor) -> Option<u32> {
    let scale = match column.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) => decimal.scale,
        _ => column.type_scale(),
    };
    u32::try_from(scale).ok().filter(|&scale| scale as usize <= MAX_DIGITS)
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
    /// A number, or why it is none.
    Number(Result<Decimal, DecimalError>),
}

impl Batches {
    fn new(group: &dyn RowGroupReader, columns: &[ColumnDescPtr]) -> Result<Self, ParquetError> {
        let readers = (0..columns.len()).map(|column| group.get_column_reader(column));
        let rows_left = usize::try_from(group.metadata().num_rows())
            .map_err(|_| ParquetError::General("a negative number of rows".to_owned()))?;
        Ok(Self {
            readers: readers.collect::<Result<_, _>>()?,
            columns: columns.to_vec(),
            rows_left,
        })
    }

    /// The next rows, `None` after the last.
    fn next(&mut self, kinds: &[Kind]) -> Result<Option<Batch>, ParquetError> {
        let rows = self.rows_left.min(BATCH_ROWS);
        if rows == 0 {
            return Ok(None);
        }
        self.rows_left -= rows;
        let readers = self.readers.iter_mut().zip(&self.columns).zip(kinds);
        let cells = readers.map(|((reader, column), &kind)| {
            let nullable = column.max_def_level() > 0;
            match reader {
                ColumnReader::Int32ColumnReader(reader) => {
                    cells(reader, rows, nullable, |value: i32| match kind {
                        Kind::Integer { signed: false } => kind.number((value as u32).into()),
                        _ => kind.number(value.into()),
                    })
                }
                ColumnReader::Int64ColumnReader(reader) => {
                    cells(reader, rows, nullable, |value: i64| match kind {
                        Kind::Integer { signed: false } => kind.number((value as u64).into()),
                        _ => kind.number(value.into()),
                    })
                }
                ColumnReader::ByteArrayColumnReader(reader) => {
                    cells(reader, rows, nullable, |value| match kind {
                        Kind::Text => Cell::Text(value),
                        _ => kind.number_in_bytes(value.data()),
                    })
                }
                ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                    cells(reader, rows, nullable, |value| kind.number_in_bytes(value.data()))
                }
                _ => Err(ParquetError::General(format!(
                    "column `{}` is not stored as its schema says",
                    column.name()
                ))),
            }
        });
        Ok(Some(Batch { rows, columns: cells.collect::<Result<_, _>>()? }))
    }
}

/// The next `rows` values of a column.
fn cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    nullable: bool,
    cell: impl Fn(T::T) -> Cell,
) -> Result<Vec<Cell>, ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let (read, ..) = reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    let mut values = values.into_iter();
    let cells: Vec<Cell> = match nullable {
        false => values.map(cell).collect(),
        true => {
            let mut value =
                |&level| if level > 0 { values.next().map(&cell) } else { Some(Cell::Nothing) };
            levels.iter().map_while(&mut value).collect()
        }
    };
    if read != rows || cells.len() != rows {
        return Err(ParquetError::EOF(format!(
            "a column ends {} values early",
            rows - cells.len().min(rows)
        )));
    }
    Ok(cells)
}

impl Kind {
    /// The number with these digits.
    fn number(self, unscaled: i128) -> Cell {
        let scale = match self {
            Self::Decimal { scale } => scale,
            Self::Text | Self::Integer { .. } => 0,
        };
        let too_long = || DecimalError::TooLong(format!("{unscaled} / 10^{scale}"));
        let fits = unscaled.unsigned_abs() < 10u128.pow(MAX_DIGITS as u32);
        Cell::Number(fits.then_some(Decimal::new(unscaled, scale)).ok_or_else(too_long))
    }

    /// The number with these digits, in big-endian two's complement.
    fn number_in_bytes(self, bytes: &[u8]) -> Cell {
        let Some(&first) = bytes.first() else {
            return Cell::Number(Err(DecimalError::Missing));
        };
        let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
        let (head, tail) = bytes.split_at(bytes.len().saturating_sub(16));
        let mut word = [fill; 16];
        word[16 - tail.len()..].copy_from_slice(tail);
        let unscaled = i128::from_be_bytes(word);
        let extends_sign =
            (unscaled < 0) == (fill == 0xFF) && head.iter().all(|&byte| byte == fill);
        if extends_sign {
            self.number(unscaled)
        } else {
            Cell::Number(Err(DecimalError::TooLong(format!("{bytes:02x?}"))))
        }
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

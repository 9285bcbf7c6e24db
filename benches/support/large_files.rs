//! The files of a made-up venue, made once and kept.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use crate::large::{Decimal, Venue};

/// Rows of a file in the folder, which is one row group.
const FILE_ROWS: usize = 1 << 20;

/// Columns as a warehouse exports them.
const SCHEMA: &str = "message book { required binary account (UTF8); \
    required binary instrument (UTF8); required int64 quantity (DECIMAL(18, 8)); }";

/// Writes the venue as CSV, unless that is there.
pub fn make_csv(path: &Path, venue: Venue) {
    if path.exists() {
        return;
    }
    let unfinished = path.with_extension("unfinished");
    let mut file = BufWriter::new(File::create(&unfinished).expect("a folder to write to"));
    let mut put = |line: std::fmt::Arguments<'_>| file.write_fmt(line).expect("room for the file");
    put(format_args!("account,instrument,quantity\n"));
    venue.lines(|id, instrument, units| {
        put(format_args!("{id},{instrument},{}\n", Decimal(units)));
    });
    file.into_inner().expect("room for the file");
    fs::rename(unfinished, path).expect("the folder is ours");
}

/// Writes the venue as a folder of Parquet files, unless that is there.
pub fn make_parquet(path: &Path, venue: Venue) {
    if path.exists() {
        return;
    }
    let unfinished = path.with_extension("unfinished");
    fs::create_dir_all(&unfinished).expect("a folder to write to");
    let mut rows = Rows::default();
    let mut files = 0;
    venue.lines(|id, instrument, units| {
        rows.accounts.push(id.as_bytes().to_vec().into());
        rows.instruments.push(instrument.as_bytes().to_vec().into());
        rows.quantities.push(units as i64);
        if rows.quantities.len() == FILE_ROWS {
            rows.write(&unfinished.join(format!("part-{files:05}.parquet")));
            files += 1;
        }
    });
    rows.write(&unfinished.join(format!("part-{files:05}.parquet")));
    fs::rename(unfinished, path).expect("the folder is ours");
}

/// The rows of one file.
#[derive(Default)]
struct Rows {
    accounts: Vec<ByteArray>,
    instruments: Vec<ByteArray>,
    quantities: Vec<i64>,
}

impl Rows {
    fn write(&mut self, path: &Path) {
        let schema = parse_message_type(SCHEMA).expect("a schema").into();
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = File::create(path).expect("a folder to write to");
        let mut writer = SerializedFileWriter::new(file, schema, properties.into()).expect("room");
        let mut group = writer.next_row_group().expect("room");
        for texts in [&self.accounts, &self.instruments] {
            let mut column = group.next_column().expect("room").expect("three columns");
            column.typed::<ByteArrayType>().write_batch(texts, None, None).expect("room");
            column.close().expect("room");
        }
        let mut column = group.next_column().expect("room").expect("three columns");
        column.typed::<Int64Type>().write_batch(&self.quantities, None, None).expect("room");
        column.close().expect("room");
        group.close().expect("room");
        writer.close().expect("room");
        *self = Self::default();
    }
}

//! Whole snapshots: CSV and Parquet say the same, and nothing in a file makes the reader panic.

use std::{collections::HashSet, fs, path::Path};

use pacioli_prover::snapshot::{self, Fault, Snapshot, SnapshotError};
use pacioli_rules::Decimal;
use parquet::{
    basic::Compression,
    data_type::{
        ByteArray, ByteArrayType, DoubleType, FixedLenByteArrayType, Int32Type, Int64Type,
    },
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use proptest::{collection::vec, prelude::*};
use tempfile::{NamedTempFile, tempdir};

/// The values of one column; `None` is a null.
enum Column {
    Int32(Vec<Option<i32>>),
    Int64(Vec<Option<i64>>),
    Double(Vec<Option<f64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
}

fn text<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Column {
    Column::Bytes(values.into_iter().map(|text| Some(text.as_ref().as_bytes().to_vec())).collect())
}

/// A Parquet file with these columns, `rows_per_group` rows a group.
fn parquet_file(
    columns: &str,
    compression: Compression,
    rows_per_group: usize,
    values: &[Column],
) -> NamedTempFile {
    let schema = parse_message_type(&format!("message book {{ {columns} }}")).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
    let target = file.reopen().unwrap();
    let mut writer = SerializedFileWriter::new(target, schema.into(), properties.into()).unwrap();
    let rows = match &values[0] {
        Column::Int32(values) => values.len(),
        Column::Bytes(values) => values.len(),
        _ => panic!("the first column holds the accounts"),
    };
    for start in (0..rows).step_by(rows_per_group) {
        let range = start..rows.min(start + rows_per_group);
        let mut group = writer.next_row_group().unwrap();
        for column in values {
            let mut target = group.next_column().unwrap().unwrap();
            macro_rules! write {
                ($kind:ty, $values:expr, $into:expr) => {{
                    let values = &$values[range.clone()];
                    let levels: Vec<i16> = values.iter().map(|v| v.is_some().into()).collect();
                    let values: Vec<_> = values.iter().flatten().cloned().map($into).collect();
                    target.typed::<$kind>().write_batch(&values, Some(&levels), None).unwrap();
                }};
            }
            match column {
                Column::Int32(values) => write!(Int32Type, values, |value| value),
                Column::Int64(values) => write!(Int64Type, values, |value| value),
                Column::Double(values) => write!(DoubleType, values, |value| value),
                Column::Bytes(values) => write!(ByteArrayType, values, ByteArray::from),
                Column::Fixed(values) => {
                    write!(FixedLenByteArrayType, values, |value| ByteArray::from(value).into())
                }
            }
            target.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    file
}

/// A Parquet file of one group, as read.
fn read_parquet(columns: &str, values: &[Column]) -> Result<Snapshot, SnapshotError> {
    snapshot::read(parquet_file(columns, Compression::SNAPPY, 1 << 20, values).path())
}

fn fault(result: Result<Snapshot, SnapshotError>) -> (u64, u32, Fault) {
    match result {
        Err(SnapshotError::Fault { place, fault, .. }) => (place.line, place.column, fault),
        other => panic!("no fault: {other:?}"),
    }
}

/// What a snapshot says, without the places.
fn lines(book: &Snapshot) -> Vec<(&str, &str, String)> {
    let mut lines = Vec::new();
    for account in &book.accounts {
        for holding in &account.holdings {
            let instrument = &book.instruments[holding.instrument as usize];
            lines.push((&*account.id, &**instrument, holding.quantity.to_string()));
        }
    }
    lines
}

const NAMES: &str = "REQUIRED BYTE_ARRAY account (STRING); REQUIRED BYTE_ARRAY asset (STRING);";

#[test]
fn amounts_are_read_from_every_exact_type() {
    let amounts = |amount: &str, values: Column| {
        let columns = format!("{NAMES} {amount};");
        let book = read_parquet(&columns, &[text(["a", "b"]), text(["X", "X"]), values]).unwrap();
        lines(&book).into_iter().map(|(_, name, quantity)| format!("{name} {quantity}")).collect()
    };
    let (cents, whole) = (["deposit X 1.23", "borrow X 0.01"], ["deposit X 123", "borrow X 1"]);
    let amounts = |amount: &str, values: Column| -> Vec<String> { amounts(amount, values) };
    let bytes = || vec![Some(vec![0, 0x7B]), Some(vec![0xFF, 0xFF])];
    let (int32, int64) =
        (|| Column::Int32(vec![Some(123), Some(-1)]), || Column::Int64(vec![Some(123), Some(-1)]));
    assert_eq!(amounts("REQUIRED BYTE_ARRAY amount (STRING)", text(["1.23", "-0.01"])), cents);
    assert_eq!(amounts("OPTIONAL BYTE_ARRAY amount (UTF8)", text(["1.23", "-0.01"])), cents);
    assert_eq!(amounts("OPTIONAL INT32 amount (DECIMAL(9,2))", int32()), cents);
    assert_eq!(amounts("REQUIRED INT64 amount (DECIMAL(18,2))", int64()), cents);
    let decimal = "REQUIRED BYTE_ARRAY amount (DECIMAL(38,2))";
    assert_eq!(amounts(decimal, Column::Bytes(bytes())), cents);
    let decimal = "OPTIONAL FIXED_LEN_BYTE_ARRAY (2) amount (DECIMAL(4,2))";
    assert_eq!(amounts(decimal, Column::Fixed(bytes())), cents);
    assert_eq!(amounts("REQUIRED INT32 amount", int32()), whole);
    assert_eq!(amounts("REQUIRED INT64 amount (INTEGER(64,true))", int64()), whole);
    let unsigned = [("INT32 amount (INTEGER(32,false))", int32(), u32::MAX.to_string())];
    let unsigned64 = [("INT64 amount (UINT_64)", int64(), u64::MAX.to_string())];
    for (column, values, largest) in unsigned.into_iter().chain(unsigned64) {
        let expected = ["deposit X 123".to_owned(), format!("deposit X {largest}")];
        assert_eq!(amounts(&format!("REQUIRED {column}"), values), expected);
    }
}

#[test]
fn a_null_is_no_holding_in_the_wide_shape_alone() {
    let columns = "REQUIRED BYTE_ARRAY account (STRING); \
         OPTIONAL INT64 BTC (DECIMAL(18,8)); OPTIONAL BYTE_ARRAY USD (STRING);";
    let btc = Column::Int64(vec![None, Some(-50_000_000), Some(0)]);
    let usd = Column::Bytes(vec![Some(b"2.5".to_vec()), None, Some(Vec::new())]);
    let book = read_parquet(columns, &[text(["a", "b", "c"]), btc, usd]).unwrap();
    let (deposit, borrow) = (("a", "deposit USD", "2.5"), ("b", "borrow BTC", "0.50000000"));
    let nothing = ("c", "quote credit", "0");
    let expected =
        [deposit, borrow, nothing].map(|(id, name, quantity)| (id, name, quantity.to_owned()));
    assert_eq!(lines(&book), expected);
    assert_eq!(book.accounts.len(), 3);

    let columns = format!("{NAMES} OPTIONAL INT64 amount;");
    let rows = [text(["a", "b"]), text(["X", "X"]), Column::Int64(vec![Some(1), None])];
    let (line, column, fault) = fault(read_parquet(&columns, &rows));
    assert_eq!((line, column), (2, 3));
    assert_eq!(fault.to_string(), "amount: a number is missing");
}

#[test]
fn floating_point_numbers_are_refused() {
    let columns = format!("{NAMES} REQUIRED DOUBLE amount;");
    let rows = [text(["a"]), text(["X"]), Column::Double(vec![Some(1.0)])];
    let column = "amount".to_owned();
    assert_eq!(fault(read_parquet(&columns, &rows)), (0, 3, Fault::FloatColumn { column }));
}

#[test]
fn columns_of_other_types_are_refused() {
    let amounts = || Column::Int64(vec![Some(1)]);
    let message = |columns: &str, values: &[Column]| {
        let (line, column, fault) = fault(read_parquet(columns, values));
        format!("{line}:{column}: {fault}")
    };
    let expected = "0:3: column `amount` must hold DECIMAL, integers or strings, got INT64 (";
    let columns = format!("{NAMES} REQUIRED INT64 amount (TIMESTAMP(NANOS,true));");
    let error = message(&columns, &[text(["a"]), text(["X"]), amounts()]);
    assert!(error.starts_with(expected), "{error}");
    let columns = format!("{NAMES} REQUIRED BYTE_ARRAY amount;");
    assert_eq!(
        message(&columns, &[text(["a"]), text(["X"]), text(["1"])]),
        "0:3: column `amount` must hold DECIMAL, integers or strings, got BYTE_ARRAY (NONE)"
    );
    let columns = "REQUIRED INT32 account; REQUIRED INT64 BTC;";
    assert_eq!(
        message(columns, &[Column::Int32(vec![Some(1)]), amounts()]),
        "0:1: column `account` must hold strings, got INT32 (NONE)"
    );
    let columns =
        "REQUIRED BYTE_ARRAY account (STRING); REQUIRED GROUP BTC { REQUIRED INT64 free; }";
    assert_eq!(
        message(columns, &[text(["a"]), amounts()]),
        "0:2: column `BTC.free` is nested or repeated"
    );
}

#[test]
fn a_parquet_file_is_as_strict_as_csv() {
    let columns = format!("{NAMES} REQUIRED BYTE_ARRAY amount (STRING);");
    let rows = |ids: [&str; 2], amounts: [&str; 2]| {
        fault(read_parquet(&columns, &[text(ids), text(["X", "X"]), text(amounts)]))
    };
    let (account, name) = ("a".to_owned(), "X".to_owned());
    let twice = Fault::DuplicateRow { account, name, first: 1 };
    assert_eq!(rows(["a", "a"], ["1", "-1"]), (2, 2, twice));
    let (line, column, fault_) = rows(["a", "b"], ["1", "1e3"]);
    assert_eq!((line, column), (2, 3));
    assert_eq!(fault_.to_string(), "amount: `1e3` is in exponent notation; write the digits out");
    let not_text = Column::Bytes(vec![Some(vec![0xFF])]);
    let rows = [not_text, text(["X"]), text(["1"])];
    assert_eq!(fault(read_parquet(&columns, &rows)), (1, 1, Fault::NotUtf8));
    let none: [&str; 0] = [];
    assert_eq!(
        fault(read_parquet(&columns, &[text(none), text(none), text(none)])).2,
        Fault::NoRows
    );
}

#[test]
fn a_file_that_is_not_there_or_not_parquet_says_so() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("book.parquet");
    assert!(matches!(snapshot::read(&path), Err(SnapshotError::Io { .. })));
    fs::write(&path, "account,asset,amount\na,X,1\n").unwrap();
    assert!(matches!(snapshot::read(&path), Err(SnapshotError::Parquet { .. })));
    let csv = folder.path().join("book");
    fs::rename(&path, &csv).unwrap();
    assert_eq!(snapshot::read(&csv).unwrap().accounts.len(), 1);
}

/// Rows of the long shape, no account with an instrument twice.
fn books() -> impl Strategy<Value = Vec<(String, String, Decimal)>> {
    let id = "[a-c\"][a-c, ]{0,1}[0-9]";
    let instrument = "(long|short|deposit) [A-C]\"?";
    let number =
        (0..10i128.pow(30), 0..=30u32).prop_map(|(units, scale)| Decimal::new(units, scale));
    vec((id, instrument, number), 1..60).prop_map(|mut rows| {
        let mut seen = HashSet::new();
        rows.retain(|(id, instrument, _)| seen.insert((id.clone(), instrument.clone())));
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn csv_and_parquet_of_one_book_read_the_same(rows in books(), per_group in 1usize..40) {
        let mut expected: Vec<(&str, &str, String)> = Vec::new();
        for (id, ..) in &rows {
            if expected.iter().all(|(known, ..)| known != id) {
                let own = rows.iter().filter(|(other, ..)| other == id);
                expected.extend(own.map(|(id, name, number)| (&**id, &**name, number.to_string())));
            }
        }
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["account", "instrument", "quantity"]).unwrap();
        for (id, name, number) in &rows {
            csv.write_record([id, name, &number.to_string()]).unwrap();
        }
        let book = snapshot::read_csv(&*csv.into_inner().unwrap(), "book.csv").unwrap();
        prop_assert_eq!(lines(&book), expected.clone());

        let columns = "REQUIRED BYTE_ARRAY account (STRING); \
             OPTIONAL BYTE_ARRAY instrument (UTF8); REQUIRED BYTE_ARRAY quantity (STRING);";
        let values = [
            text(rows.iter().map(|row| &row.0)),
            text(rows.iter().map(|row| &row.1)),
            text(rows.iter().map(|row| row.2.to_string())),
        ];
        let codecs =
            [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(Default::default())];
        for codec in codecs {
            let file = parquet_file(columns, codec, per_group, &values);
            let book = snapshot::read(file.path()).unwrap();
            prop_assert_eq!(lines(&book), expected.clone());
        }
    }

    /// What is accepted is what the csv crate reads; everything else is an error.
    #[test]
    fn no_text_makes_the_reader_panic(rows in "(account,BTC\n)?([ab]?[\",\r\n\\-]?[01.\"]{0,3},?\"?\n?){0,6}") {
        if let Ok(book) = snapshot::read_csv(rows.as_bytes(), "") {
            let mut csv = csv::Reader::from_reader(rows.as_bytes());
            let ids: Vec<_> = csv.records().map(|record| record.unwrap()[0].to_owned()).collect();
            prop_assert_eq!(ids, book.accounts.iter().map(|account| &*account.id).collect::<Vec<_>>());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_damage_to_a_parquet_file_makes_the_reader_panic(
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let columns = format!("{NAMES} OPTIONAL INT64 amount (DECIMAL(18,2));");
        let amounts = Column::Int64(vec![Some(123), Some(-1), Some(5)]);
        let values = [text(["a", "b", "c"]), text(["X", "X", "Y"]), amounts];
        let file = parquet_file(&columns, Compression::SNAPPY, 2, &values);
        let mut bytes = fs::read(file.path()).unwrap();
        for (index, byte) in damage {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        fs::write(file.path(), bytes).unwrap();
        let _ = snapshot::read(file.path());
    }
}

/// The folder of a real book, where this machine has one.
fn real_book() -> Option<std::path::PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("PACIOLI_REAL_BOOK").map_or_else(beside, Into::into);
    folder.join("book.csv").is_file().then_some(folder)
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn a_real_book_reads_whole() {
    let Some(folder) = real_book() else {
        eprintln!("skipped: PACIOLI_REAL_BOOK names no folder with a book.csv");
        return;
    };
    let book = snapshot::read(&folder.join("book.csv")).unwrap();
    let rows = fs::read_to_string(folder.join("book.csv")).unwrap().lines().count() - 1;
    assert_eq!(book.accounts.iter().map(|account| account.holdings.len()).sum::<usize>(), rows);
}

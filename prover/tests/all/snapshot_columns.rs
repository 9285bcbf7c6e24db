//! Columns of Parquet: which types are read, and the exact numbers and ids that come out.

use num_bigint::BigInt;
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
use tempfile::NamedTempFile;

/// The values of one column; `None` is a null.
pub enum Column {
    Int32(Vec<Option<i32>>),
    Int64(Vec<Option<i64>>),
    Double(Vec<Option<f64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
}

pub fn text<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Column {
    Column::Bytes(values.into_iter().map(|text| Some(text.as_ref().as_bytes().to_vec())).collect())
}

/// A Parquet file with these columns, `rows_per_group` rows a group.
pub fn parquet_file(
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
        Column::Int64(values) => values.len(),
        Column::Double(values) => values.len(),
        Column::Bytes(values) | Column::Fixed(values) => values.len(),
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
pub fn read_parquet(columns: &str, values: &[Column]) -> Result<Snapshot, SnapshotError> {
    snapshot::read(parquet_file(columns, Compression::SNAPPY, 1 << 20, values).path())
}

pub fn fault(result: Result<Snapshot, SnapshotError>) -> (u64, u32, Fault) {
    match result {
        Err(SnapshotError::Fault { place, fault, .. }) => (place.line, place.column, fault),
        other => panic!("no fault: {other:?}"),
    }
}

/// What a snapshot says, without the places.
pub fn lines(book: &Snapshot) -> Vec<(&str, &str, String)> {
    let mut lines = Vec::new();
    for account in book.accounts.iter() {
        for holding in &account.holdings {
            let instrument = &book.instruments[holding.instrument as usize];
            lines.push((account.id, &**instrument, holding.quantity.to_string()));
        }
    }
    lines
}

pub const NAMES: &str = "REQUIRED BYTE_ARRAY account (STRING); REQUIRED BYTE_ARRAY asset (STRING);";

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
    // Who holds nothing is in the book.
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
fn ids_are_read_from_integers_uuids_and_text_that_does_not_say_so() {
    let ids = |column: &str, ids: Column| {
        let columns = format!("{column}; REQUIRED BYTE_ARRAY asset; REQUIRED BYTE_ARRAY amount;");
        let book = read_parquet(&columns, &[ids, text(["X", "X"]), text(["1.5", "-2"])])?;
        Ok::<_, SnapshotError>(book.accounts.ids().map(str::to_owned).collect::<Vec<_>>())
    };
    let int64 = || Column::Int64(vec![Some(i64::MAX), Some(-1)]);
    let (most, all) = (i64::MAX.to_string(), u64::MAX.to_string());
    assert_eq!(ids("REQUIRED INT64 account", int64()).unwrap(), [&*most, "-1"]);
    assert_eq!(ids("REQUIRED INT64 account (UINT_64)", int64()).unwrap(), [most, all]);
    let int32 = Column::Int32(vec![Some(7), Some(0)]);
    assert_eq!(ids("OPTIONAL INT32 account", int32).unwrap(), ["7", "0"]);
    let whole = Column::Bytes(vec![Some(vec![1, 0]), Some(vec![2])]);
    assert_eq!(ids("REQUIRED BYTE_ARRAY account (DECIMAL(38,0))", whole).unwrap(), ["256", "2"]);
    let binary = text(["0xab", "käse"]);
    let (line, column, fault_) = fault(ids("REQUIRED BYTE_ARRAY account", binary).map(drop_ids));
    assert_eq!((line, column), (2, 1));
    assert!(fault_.to_string().contains("not ASCII"), "{fault_}");
    let uuids = || Column::Fixed(vec![Some(vec![0xAB; 16]), Some((0..16).collect())]);
    let column = "REQUIRED FIXED_LEN_BYTE_ARRAY (16) account (UUID)";
    assert_eq!(
        ids(column, uuids()).unwrap(),
        ["abababab-abab-abab-abab-abababababab", "00010203-0405-0607-0809-0a0b0c0d0e0f"]
    );
    let null = Column::Int64(vec![Some(1), None]);
    let (line, column, fault_) = fault(ids("OPTIONAL INT64 account", null).map(drop_ids));
    assert_eq!((line, column, &*fault_.to_string()), (2, 1, "account: a name is missing"));
    let cents = ids("REQUIRED INT64 account (DECIMAL(18,2))", int64()).map(drop_ids);
    assert!(matches!(fault(cents), (0, 1, Fault::ColumnType { .. })));
    let long = Column::Bytes(vec![Some([1; 20].to_vec()), Some(vec![2])]);
    let error = fault(ids("REQUIRED BYTE_ARRAY account (DECIMAL(48,0))", long).map(drop_ids));
    assert_eq!((error.0, error.1), (1, 1));
    let number = BigInt::from_signed_bytes_be(&[1; 20]);
    assert_eq!(error.2.to_string(), format!("account: `{number}` has more than 38 digits"));
}

fn drop_ids(_: Vec<String>) -> Snapshot {
    Snapshot::default()
}

#[test]
fn a_decimal_wider_than_128_bits_is_read_where_its_number_is_not() {
    let columns = format!("{NAMES} REQUIRED FIXED_LEN_BYTE_ARRAY (32) amount (DECIMAL(76,38));");
    let read = |amounts: &[&str]| {
        let wide = |amount: &&str| {
            let number: BigInt = amount.parse().unwrap();
            let bytes = number.to_signed_bytes_be();
            let fill = if amount.starts_with('-') { 0xFF } else { 0 };
            Some([vec![fill; 32 - bytes.len()], bytes].concat())
        };
        let ids = (0..amounts.len()).map(|index| index.to_string());
        let assets = amounts.iter().map(|_| "X");
        let amounts = Column::Fixed(amounts.iter().map(wide).collect());
        read_parquet(&columns, &[text(ids), text(assets), amounts])
    };
    let zeros = "0".repeat(36);
    let book = read(&[&format!("{zeros}10"), &format!("725{zeros}"), &format!("-300{zeros}")]);
    let book = book.unwrap();
    let read_lines = book.accounts.iter().flat_map(|account| account.holdings);
    let read_lines =
        read_lines.map(|held| (book.instruments[held.instrument as usize].clone(), held.quantity));
    let expected = [
        ("deposit X", Decimal::new(1, 37)),
        ("deposit X", Decimal::new(725, 2)),
        ("borrow X", Decimal::new(3, 0)),
    ];
    assert_eq!(
        read_lines.collect::<Vec<_>>(),
        expected.map(|(name, number)| (name.to_owned(), number))
    );
    let (line, column, fault_) = fault(read(&["0", "123456789012345678901234567890123456789012"]));
    assert_eq!((line, column), (2, 3));
    assert_eq!(
        fault_.to_string(),
        "amount: `1234.56789012345678901234567890123456789012` has more than 38 digits"
    );
}

#[test]
fn the_index_of_pandas_is_named() {
    let columns = "REQUIRED BYTE_ARRAY account (STRING); REQUIRED INT64 BTC; \
         REQUIRED INT64 __index_level_0__;";
    let number = || Column::Int64(vec![Some(1)]);
    let (line, column, fault) = fault(read_parquet(columns, &[text(["a"]), number(), number()]));
    assert_eq!((line, column), (0, 3));
    assert_eq!(
        fault.to_string(),
        "column \"__index_level_0__\" is the index of pandas; write it with `index=False`"
    );
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
    let columns = format!("{NAMES} REQUIRED FIXED_LEN_BYTE_ARRAY (1) amount;");
    let fixed = Column::Fixed(vec![Some(b"1".to_vec())]);
    assert_eq!(
        message(&columns, &[text(["a"]), text(["X"]), fixed]),
        "0:3: column `amount` must hold DECIMAL, integers or strings, got FIXED_LEN_BYTE_ARRAY (NONE)"
    );
    let columns = "REQUIRED INT32 account (DATE); REQUIRED INT64 BTC;";
    assert_eq!(
        message(columns, &[Column::Int32(vec![Some(1)]), amounts()]),
        "0:1: column `account` must hold strings, integers or UUIDs, got INT32 (Date)"
    );
    let columns =
        "REQUIRED BYTE_ARRAY account (STRING); REQUIRED INT64 asset; REQUIRED INT64 amount;";
    assert_eq!(
        message(columns, &[text(["a"]), amounts(), amounts()]),
        "0:2: column `asset` must hold strings, got INT64 (NONE)"
    );
    let columns =
        "REQUIRED BYTE_ARRAY account (STRING); REQUIRED GROUP BTC { REQUIRED INT64 free; }";
    assert_eq!(
        message(columns, &[text(["a"]), amounts()]),
        "0:2: column `BTC.free` is nested or repeated"
    );
}

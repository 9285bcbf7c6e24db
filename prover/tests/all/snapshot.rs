//! Whole snapshots: CSV and Parquet say the same, and nothing in a file makes the reader panic.

use std::{collections::HashSet, fs, path::Path};

use pacioli_prover::snapshot::{self, Fault, SnapshotError};
use pacioli_rules::Decimal;
use parquet::basic::Compression;
use proptest::{collection::vec, prelude::*};
use tempfile::tempdir;

use crate::snapshot_columns::{Column, NAMES, fault, lines, parquet_file, read_parquet, text};

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

/// Every way to compress that is read.
fn codecs() -> [Compression; 7] {
    [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(Default::default()),
        Compression::GZIP(Default::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::BROTLI(Default::default()),
    ]
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
        for codec in codecs() {
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
            prop_assert_eq!(ids, book.accounts.ids().collect::<Vec<_>>());
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
        codec in prop::sample::select(codecs().to_vec()),
    ) {
        let columns = format!("{NAMES} OPTIONAL INT64 amount (DECIMAL(18,2));");
        let amounts = Column::Int64(vec![Some(123), Some(-1), Some(5)]);
        let values = [text(["a", "b", "c"]), text(["X", "X", "Y"]), amounts];
        let file = parquet_file(&columns, codec, 2, &values);
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

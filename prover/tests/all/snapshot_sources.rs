//! Where snapshots come from: pipes, compressed files, and folders of files.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use flate2::{Compression, write::GzEncoder};
use pacioli_prover::snapshot::{self, Snapshot, SourceError};
use parquet::{
    data_type::{ByteArray, ByteArrayType},
    file::writer::SerializedFileWriter,
    schema::parser::parse_message_type,
};
use proptest::prelude::*;
use tempfile::{NamedTempFile, TempDir, tempdir};

const BOOK: &str = "account,asset,amount\na,BTC,1.5\nb,USD,-2\nb,BTC,7\n";

/// A Parquet file of columns that hold strings.
fn parquet(columns: &[(&str, &[&str])]) -> Vec<u8> {
    let schema = columns.iter().map(|(name, _)| format!("REQUIRED BYTE_ARRAY {name} (STRING);"));
    let schema = format!("message book {{ {} }}", schema.collect::<String>());
    let schema = parse_message_type(&schema).unwrap().into();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Default::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    for (_, values) in columns {
        let values: Vec<ByteArray> = values.iter().map(|value| (*value).into()).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    bytes
}

fn balances(accounts: &[&str], assets: &[&str], amounts: &[&str]) -> Vec<u8> {
    parquet(&[("account", accounts), ("asset", assets), ("amount", amounts)])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    file.write_all(bytes).unwrap();
    file.finish().unwrap()
}

/// Compressed with zstd as its program does, with a checksum.
fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    let mut file = zstd::Encoder::new(Vec::new(), 1).unwrap();
    file.include_checksum(true).unwrap();
    file.write_all(bytes).unwrap();
    file.finish().unwrap()
}

/// A folder with these files.
fn folder<B: AsRef<[u8]>>(files: &[(&str, B)]) -> TempDir {
    let folder = tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What a snapshot says: accounts, instruments and quantities.
fn said(book: &Snapshot) -> Vec<String> {
    let lines = book.accounts.iter().flat_map(|snapshot::Account { id, holdings }| {
        holdings.into_iter().map(move |holding| {
            let name = &book.instruments[holding.instrument as usize];
            format!("{id} {name} {}", holding.quantity)
        })
    });
    lines.collect()
}

fn read(path: &Path) -> Vec<String> {
    said(&snapshot::read(path).unwrap())
}

/// The error of a folder's file, without the folder's own path.
fn error_in(folder: &TempDir) -> String {
    let error = snapshot::read(folder.path()).unwrap_err().to_string();
    let path = folder.path().display().to_string();
    error.replace(&format!("{path}/"), "").replace(&path, "FOLDER")
}

fn expected() -> Vec<String> {
    ["a deposit BTC 1.5", "b borrow USD 2", "b deposit BTC 7"].map(str::to_owned).into()
}

fn same_in_parquet() -> Vec<u8> {
    balances(&["a", "b", "b"], &["BTC", "USD", "BTC"], &["1.5", "-2", "7"])
}

/// A named pipe that gets these bytes once it is opened.
#[cfg(unix)]
fn pipe(folder: &Path, bytes: Vec<u8>) -> PathBuf {
    let path = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let target = path.clone();
    // The reader may close it early.
    thread::spawn(move || fs::OpenOptions::new().write(true).open(target)?.write_all(&bytes));
    path
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_like_a_file() {
    for bytes in [BOOK.as_bytes().to_vec(), gzip(BOOK.as_bytes()), same_in_parquet()] {
        let folder = tempdir().unwrap();
        assert_eq!(read(&pipe(folder.path(), bytes)), expected());
    }
    let folder = tempdir().unwrap();
    let error = snapshot::read(&pipe(folder.path(), b"account,asset,amount\na,X,1e3\n".to_vec()));
    assert!(error.unwrap_err().to_string().contains("pipe:2:3: amount: `1e3`"));
    let folder = tempdir().unwrap();
    let error = snapshot::read(&pipe(folder.path(), Vec::new())).unwrap_err().to_string();
    assert!(error.ends_with("pipe:1:1: the file is empty"), "{error}");
    let folder = tempdir().unwrap();
    let mut damaged = same_in_parquet();
    damaged.truncate(damaged.len() - 1);
    let error = snapshot::read(&pipe(folder.path(), damaged)).unwrap_err().to_string();
    assert!(error.contains("pipe: cannot be read as parquet"), "{error}");
}

#[test]
fn a_compressed_file_is_read_and_checked_to_its_end() {
    let zstd = with_checksum(BOOK.as_bytes());
    let two_members = [gzip(&BOOK.as_bytes()[..30]), gzip(&BOOK.as_bytes()[30..])].concat();
    let folder = folder(&[
        ("book.csv.gz", gzip(BOOK.as_bytes())),
        ("book", gzip(BOOK.as_bytes())),
        ("members", two_members),
        ("book.csv.zst", zstd.clone()),
        ("book.parquet", gzip(&same_in_parquet())),
    ]);
    for name in ["book.csv.gz", "book", "members", "book.csv.zst", "book.parquet"] {
        assert_eq!(read(&folder.path().join(name)), expected(), "{name}");
    }

    let whole = gzip(BOOK.as_bytes());
    let mut changed = whole.clone();
    let sum = changed.len() - 6;
    changed[sum] ^= 1;
    let cut = whole[..whole.len() - 1].to_vec();
    let more = [&whole[..], b"more"].concat();
    let cut_zstd = zstd[..zstd.len() - 1].to_vec();
    let more_zstd = [&zstd[..], b"more"].concat();
    for (name, bytes) in [
        ("changed", changed),
        ("cut", cut),
        ("more", more),
        ("cut zstd", cut_zstd),
        ("more zstd", more_zstd),
        ("twice", gzip(&whole)),
    ] {
        let path = folder.path().join("damaged.gz");
        fs::write(&path, bytes).unwrap();
        let error = snapshot::read(&path).map(|book| said(&book));
        assert!(error.is_err(), "{name}: {error:?}");
    }
}

#[test]
fn a_file_of_another_kind_is_named() {
    for (start, kind) in [
        (&b"PK\x03\x04............"[..], "a workbook or a zip archive; save it as CSV"),
        (b"SQLite format 3\0..", "an SQLite database; export"),
        (b"........DUCK....", "a DuckDB database; export"),
        (b"\xFD7zXZ\0..........", "compressed with xz; decompress it"),
        (b"age-encryption.org/v1\n", "encrypted with age; decrypt it into a pipe"),
        (b"<?xml version=\"1.0\"?>", "a page of XML; look at it"),
        (b"[{\"account\":\"a\"}]", "JSON; export"),
        (b"ARROW1\0\0..........", "an Arrow or Feather file; export"),
    ] {
        for name in ["book.csv", "book.parquet"] {
            let folder = folder(&[(name, start)]);
            let error = snapshot::read(&folder.path().join(name)).unwrap_err().to_string();
            assert!(error.contains(&format!("{name}: this is {kind}")), "{error}");
        }
    }
}

#[test]
fn a_folder_is_one_snapshot_in_the_order_of_names() {
    let (a, b) = (balances(&["a"], &["BTC"], &["1.5"]), balances(&["b"], &["USD"], &["-2"]));
    let c = balances(&["b"], &["BTC"], &["7"]);
    let none = balances(&[], &[], &[]);
    let files = [
        ("part-00002.parquet", c.clone()),
        ("part-00000.snappy.parquet", a.clone()),
        ("part-00001", b.clone()),
        ("part-00003.parquet", none),
        ("_SUCCESS", vec![]),
        (".part-00001.crc", b"crc".to_vec()),
        ("_committed_7", b"{}".to_vec()),
        ("day_$folder$", vec![]),
    ];
    assert_eq!(read(folder(&files).path()), expected());
    let rows = |rows: &str| format!("account,asset,amount\n{rows}").into_bytes();
    let files = [
        ("1.csv.gz", gzip(&rows("a,BTC,1.5\nb,USD,-2\n"))),
        ("2.csv", rows("")),
        ("3.csv", rows("b,BTC,7\n")),
    ];
    assert_eq!(read(folder(&files).path()), expected());
}

#[test]
fn an_error_in_a_folder_names_the_file_and_its_line() {
    let part = |rows: &str| format!("account,asset,amount\n{rows}");
    let twice = folder(&[("1.csv", part("a,X,1\nb,X,1\n")), ("2.csv", part("c,X,1\nb,X,2\n"))]);
    assert_eq!(
        error_in(&twice),
        "2.csv:3:2: duplicate `X` of account `b`: also on line 3; add them up (that line is of 1.csv)"
    );
    let twice = folder(&[("1.csv", part("a,X,1\n")), ("2.csv", part("c,X,1\nc,X,2\n"))]);
    assert_eq!(
        error_in(&twice),
        "2.csv:3:2: duplicate `X` of account `c`: also on line 2; add them up"
    );
    let wide = |rows: &str| format!("account,X\n{rows}");
    let twice = folder(&[("1.csv", wide("a,1\n")), ("2.csv", wide("b,1\na,2\n"))]);
    assert_eq!(
        error_in(&twice),
        "2.csv:3:1: duplicate account `a`: also on line 2 (that line is of 1.csv)"
    );
    let bad = [
        ("k/asset=X/1.parquet", parquet(&[("account", &["a"]), ("amount", &["1"])])),
        ("k/asset=Y/1.parquet", parquet(&[("account", &["a", "b"]), ("amount", &["1", "1e3"])])),
    ];
    let bad = folder(&bad);
    let error = snapshot::read(&bad.path().join("k")).unwrap_err().to_string();
    assert!(error.contains("k/asset=Y/1.parquet:2:3: amount: `1e3` is in exponent"), "{error}");
    assert_eq!(
        error_in(&folder(&[("1.csv", part("")), ("2.csv", part(""))])),
        "FOLDER:0:1: no row follows the header"
    );
}

#[test]
fn the_places_of_a_folders_holdings_are_in_its_files() {
    let part = |rows: &str| format!("account,asset,amount\n{rows}");
    let files = [("1.csv", part("a,X,1\nb,X,1\n")), ("2.csv", part("c,X,1\nb,Y,2\n"))];
    let book = snapshot::read(folder(&files).path()).unwrap();
    let spots = book.accounts.iter().flat_map(|account| account.holdings);
    let spots = spots.map(|holding| book.files.spot(holding.place).to_string());
    assert_eq!(
        spots.collect::<Vec<_>>(),
        [
            "line 2, column 3 of 1.csv",
            "line 3, column 3 of 1.csv",
            "line 3, column 3 of 2.csv",
            "line 2, column 3 of 2.csv",
        ]
    );
}

#[test]
fn a_folders_name_is_a_column_where_a_shape_has_it() {
    let part = |accounts: &[&str], amounts: &[&str]| {
        parquet(&[("account", accounts), ("amount", amounts)])
    };
    let by_asset = folder(&[
        ("asset=BTC/0.parquet", part(&["a", "b"], &["1.5", "7"])),
        ("asset=USD/0.parquet", part(&["b"], &["-2"])),
    ]);
    let mut lines = read(by_asset.path());
    lines.sort();
    assert_eq!(lines, expected());
    let long = |accounts: &str| format!("account,quantity\n{accounts}");
    let by_two = folder(&[
        ("class=customer/instrument=short%20ETH-PERP/1.csv", long("a,1\n")),
        ("class=house/instrument=long ETH-PERP/1.csv", long("h,1\n")),
    ]);
    let book = snapshot::read(by_two.path()).unwrap();
    assert_eq!(said(&book), ["a short ETH-PERP 1", "h long ETH-PERP 1"]);
    assert_eq!(book.classes.keys().collect::<Vec<_>>(), ["h"]);
    let null = folder(&[("asset=__HIVE_DEFAULT_PARTITION__/1.csv", "account,amount\na,1\n")]);
    let expected = "asset=__HIVE_DEFAULT_PARTITION__/1.csv:2:2: asset: a name is missing";
    assert_eq!(error_in(&null), expected);
    let twice = folder(&[("asset=X/1.csv", BOOK)]);
    assert_eq!(error_in(&twice), "asset=X/1.csv:1:4: duplicate column \"asset\": also column 2");
}

#[test]
fn a_folders_name_that_no_shape_has_must_have_one_value() {
    let one_day = folder(&[("day=2026-11-01/0.csv", BOOK), ("day=2026-11-01/1.csv", &BOOK[..21])]);
    assert_eq!(read(one_day.path()), expected());
    let two_days = folder(&[("day=2026-11-01/0.csv", BOOK), ("day=2026-11-02/0.csv", BOOK)]);
    assert_eq!(
        error_in(&two_days),
        "day=2026-11-02/0.csv: `day` is `2026-11-02` here and `2026-11-01` in \
         `day=2026-11-01/0.csv`: not of one snapshot, unless `day` is a column of it; read the \
         folder of one value"
    );
    let beside = folder(&[("0.csv", BOOK), ("day=2026-11-02/0.csv", BOOK)]);
    assert_eq!(
        error_in(&beside),
        "day=2026-11-02/0.csv: partitioned by `day`, but `0.csv` by ``; a snapshot is partitioned \
         in one way"
    );
}

#[test]
fn nothing_in_a_folder_is_passed_over_but_known_marks() {
    let error = |name: &str| error_in(&folder(&[("part-0.csv", BOOK), (name, "x,y\n1,2\n")]));
    let stray = "neither a file of a snapshot nor a marker that writers leave; move it elsewhere";
    for name in [".part-1.csv", "_part-1.csv"] {
        assert_eq!(error(name), format!("{name}: {stray}"));
    }
    assert!(error(".part-1.csv.inprogress").contains("a job that has not ended"));
    assert!(error("_temporary/0/part-1.csv").starts_with("_temporary: left by a job"));
    assert!(error("_delta_log/0.json").starts_with("_delta_log: this folder is a Delta table"));
    assert!(error("metadata/v1.json").starts_with("metadata: this folder is an Iceberg table"));
    assert!(error("old/part-0.csv").starts_with("old: a folder in a snapshot is called"));
    assert!(error("day=%/part-0.csv").starts_with("day=%: the name of the folder"));
    let deep = "a=1/".repeat(9) + "part-0.csv";
    assert!(error(&deep).ends_with("a=1: more than 8 folders inside one another"));
    assert_eq!(
        error("readme.csv"),
        "readme.csv: the columns are `x,y`, but `account,asset,amount` in `part-0.csv`; write all \
         files alike"
    );
    let empty = folder(&[("part-0.csv", BOOK), ("part-1.csv", "")]);
    assert!(
        error_in(&empty).starts_with("part-1.csv: the file is empty, so what wrote it did not")
    );
    let none: [(&str, &str); 1] = [("_SUCCESS", "")];
    assert_eq!(error_in(&folder(&none)), "FOLDER: no file of a snapshot is in this folder");
    let mixed = folder(&[("0.csv", BOOK.as_bytes().to_vec()), ("1.parquet", same_in_parquet())]);
    assert_eq!(
        error_in(&mixed),
        "1.parquet: not of the same kind as `0.csv`; a snapshot is CSV or Parquet, not both"
    );
    let error = SourceError::TooDeep(8).to_string();
    assert_eq!(error, "more than 8 folders inside one another");
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_loop_in_a_folder_is_refused() {
    let files = folder(&[("0.csv", BOOK)]);
    assert!(Command::new("mkfifo").arg(files.path().join("1.csv")).status().unwrap().success());
    assert!(error_in(&files).starts_with("1.csv: neither a file of a snapshot"));
    let files = folder(&[("a=1/0.csv", BOOK)]);
    std::os::unix::fs::symlink(files.path(), files.path().join("a=2")).unwrap();
    assert!(error_in(&files).contains("more than 8 folders inside one another"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_damage_to_a_compressed_file_changes_what_is_read(
        in_zstd in any::<bool>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = match in_zstd {
            true => with_checksum(BOOK.as_bytes()),
            false => gzip(BOOK.as_bytes()),
        };
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let file = NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        if let Ok(book) = snapshot::read(file.path()) {
            prop_assert_eq!(said(&book), expected());
        }
    }
}

#[test]
fn a_page_that_has_not_its_checksum_is_refused() {
    // Written by pyarrow with `write_page_checksum`: anna has 1111111 BTC, ben has 2.
    let bytes = include_bytes!("../checksums/book.parquet");
    let folder = folder(&[("book.parquet", bytes)]);
    let path = folder.path().join("book.parquet");
    assert_eq!(read(&path), ["anna deposit BTC 1111111", "ben deposit BTC 2"]);
    let digits = bytes.windows(7).position(|some| some == b"1111111").unwrap();
    let mut damaged = bytes.to_vec();
    damaged[digits + 6] = b'9';
    fs::write(&path, damaged).unwrap();
    let error = snapshot::read(&path).unwrap_err().to_string();
    assert!(error.contains("checksum"), "{error}");
}

#[test]
fn a_text_without_an_end_may_have_been_cut() {
    for text in ["account,BTC\na,1\nb,12", "account,BTC\na,1\nb,12\r", "account,BTC"] {
        let folder = folder(&[("book.csv", text)]);
        let error = snapshot::read(&folder.path().join("book.csv")).unwrap_err().to_string();
        assert!(error.contains("the last line has no end"), "{error}");
    }
}

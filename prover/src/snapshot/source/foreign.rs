//! Files of other kinds, told by their first bytes.

use crate::snapshot::source_error::SourceError;

const FROM_PIPE: &str = "decompress it, into a pipe if you like: `--snapshot <(...)`";
const EXPORT: &str = "export the snapshot as CSV or Parquet";
const DOWNLOAD: &str = "look at it: a download was probably refused";

/// A kind of file that is no snapshot: where and how it begins, its name, and what to do.
const KINDS: [(usize, &[u8], &str, &str); 19] = [
    (0, b"PARE", "Parquet with an encrypted footer", "write it without encryption"),
    (0, b"\xFD7zXZ\0", "compressed with xz", FROM_PIPE),
    (0, b"BZh", "compressed with bzip2", FROM_PIPE),
    (0, b"\x04\x22\x4D\x18", "compressed with lz4", FROM_PIPE),
    (
        0,
        b"age-encryption.",
        "encrypted with age",
        "decrypt it into a pipe: `--snapshot <(age -d ...)`",
    ),
    (0, b"-----BEGIN ", "encrypted or signed text", "decrypt it into a pipe: `--snapshot <(...)`"),
    (0, b"PK\x03\x04", "a workbook or a zip archive", "save it as CSV, or unpack it"),
    (0, b"\xD0\xCF\x11\xE0", "an old workbook", "save it as CSV"),
    (0, b"SQLite format 3", "an SQLite database", EXPORT),
    (8, b"DUCK", "a DuckDB database", EXPORT),
    (0, b"ORC", "ORC", EXPORT),
    (0, b"Obj\x01", "Avro", EXPORT),
    (0, b"ARROW1", "an Arrow or Feather file", EXPORT),
    (0, b"PGDMP", "a dump of Postgres", EXPORT),
    (0, b"{", "JSON", EXPORT),
    (0, b"[", "JSON", EXPORT),
    (0, b"<?xml", "a page of XML", DOWNLOAD),
    (0, b"<!DOCTYPE", "a web page", DOWNLOAD),
    (0, b"<html", "a web page", DOWNLOAD),
];

/// Fails if a file that starts like this is of a known other kind.
pub(super) fn check(start: &[u8]) -> Result<(), SourceError> {
    let is = |(at, magic, ..): &&(usize, &[u8], _, _)| {
        start.get(*at..).is_some_and(|start| start.starts_with(magic))
    };
    match KINDS.iter().find(is) {
        Some(&(_, _, kind, remedy)) => Err(SourceError::Foreign { kind, remedy }),
        None => Ok(()),
    }
}

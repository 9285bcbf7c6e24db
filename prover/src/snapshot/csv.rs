//! Rows from CSV: one line per row, comma-separated fields, LF or CRLF after each: a last line without
//! one may have lost digits with it.
//!
//! A field may be enclosed in double quotes, with `""` for a quote inside; since no name contains a
//! line break, a row never spans lines. No table of ours has one column: a header of one field is
//! separated by something else. The splitting is done here because general CSV readers are too
//! lenient for a snapshot: they skip a byte order mark and blank lines, and accept a quote inside a
//! field or one left open at the end of the file.

use std::io::{BufRead, Read};

use pacioli_rules::Decimal;

use super::{
    error::{Fault, MAX_LINE_BYTES, Misplaced, SnapshotError},
    faults::Faults,
    reading::Reading,
    row::Row,
};

/// Reads one file of a snapshot, in CSV, and returns its number of lines.
pub(super) fn read(source: impl BufRead, reading: &mut Reading) -> Result<u64, SnapshotError> {
    let file = reading.name().to_owned();
    let mut rows = Rows::open(source, &file)?;
    reading.header(&rows.fields(), 1)?;
    loop {
        match rows.advance() {
            Ok(false) => return Ok(rows.line()),
            Ok(true) => reading.add(&rows.record)?,
            Err(error) => reading.take(Err(error))?,
        }
    }
}

/// Fails if the text begins with a byte order mark.
fn check_no_mark(line: &[u8]) -> Result<(), Misplaced> {
    const MARKS: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFE\xFF", b"\xFF\xFE"];
    let is_marked = MARKS.iter().any(|mark| line.starts_with(mark));
    if is_marked { Err(Fault::ByteOrderMark.at(0)) } else { Ok(()) }
}

/// Fails if the header is one field that something else than commas seems to separate.
fn check_separator(header: &[&str]) -> Result<(), Misplaced> {
    let [field] = header else { return Ok(()) };
    match field.chars().find(|character| ['\t', ';', '|'].contains(character)) {
        Some(character) => Err(Fault::Separator(character).at(0)),
        None => Ok(()),
    }
}

/// The rows of a CSV text, one after another, the header first. All rows have the header's number
/// of fields.
pub struct Rows<'a, R> {
    source: R,
    file: &'a str,
    line: Vec<u8>,
    record: Record,
    columns: usize,
}

impl<'a, R: BufRead> Rows<'a, R> {
    /// The rows of `source`, positioned at the header; `file` is the file's name in errors.
    ///
    /// # Errors
    /// If the source cannot be read or is empty, or its first line is malformed.
    pub fn open(source: R, file: &'a str) -> Result<Self, SnapshotError> {
        let mut rows = Self { source, file, line: vec![], record: Record::default(), columns: 0 };
        if !rows.next_line()? {
            return Err(Fault::Empty.at(0).on(file, 1));
        }
        let header = check_no_mark(&rows.line).and_then(|()| rows.record.split(&rows.line));
        let header = header.and_then(|()| check_separator(&rows.fields()));
        header.map_err(|fault| fault.on(file, 1))?;
        rows.columns = rows.record.columns();
        Ok(rows)
    }

    /// Advances to the next row; `false` after the last.
    ///
    /// # Errors
    /// If the source cannot be read, the line is malformed or blank, or it has not as many fields as
    /// the header.
    pub fn advance(&mut self) -> Result<bool, SnapshotError> {
        if !self.next_line()? {
            return Ok(false);
        }
        let row = self.record.split(&self.line);
        row.and_then(|()| self.record.expect_columns(self.columns))
            .map_err(|fault| fault.on(self.file, self.record.line))?;
        Ok(true)
    }

    /// Gives `take` every row that follows, and collects all faults.
    ///
    /// # Errors
    /// If nothing can be read behind one.
    pub(super) fn each(
        &mut self,
        mut take: impl FnMut(&Self) -> Result<(), Misplaced>,
    ) -> Result<Faults, SnapshotError> {
        let mut faults = Faults::default();
        loop {
            match self.advance() {
                Ok(false) => return Ok(faults),
                Ok(true) => faults.take(take(self).map_err(|fault| self.refuse(fault)))?,
                Err(error) => faults.take(Err(error))?,
            }
        }
    }

    /// The fields of the current row.
    pub fn fields(&self) -> Vec<&str> {
        (0..self.record.columns()).map(|column| self.record.field(column)).collect()
    }

    /// The current row's line, from 1.
    pub fn line(&self) -> u64 {
        self.record.line
    }

    /// A fault in the current row.
    pub(super) fn refuse(&self, fault: Misplaced) -> SnapshotError {
        fault.on(self.file, self.line())
    }

    fn next_line(&mut self) -> Result<bool, SnapshotError> {
        self.line.clear();
        let read = self.source.by_ref().take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut self.line);
        match read {
            Ok(bytes) => Ok(bytes > 0),
            Err(error) => Err(SnapshotError::Io { file: self.file.to_owned(), error }),
        }
    }
}

/// One line and its fields; buffers are reused across lines.
#[derive(Default)]
pub struct Record {
    line: u64,
    /// The fields without their quotes, concatenated.
    text: String,
    /// The end of each field in `text`.
    ends: Vec<usize>,
}

impl Record {
    /// Takes in the next line, its end included.
    fn split(&mut self, line: &[u8]) -> Result<(), Misplaced> {
        self.line += 1;
        self.text.clear();
        self.ends.clear();
        if line.len() as u64 > MAX_LINE_BYTES {
            return Err(Fault::LongLine.at(0));
        }
        let line = line.strip_suffix(b"\n").ok_or(Fault::CutLine.at(0))?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return Err(Fault::BlankLine.at(0));
        }
        let line = str::from_utf8(line).map_err(|error| {
            let before = &line[..error.valid_up_to()];
            Fault::NotUtf8.at(before.iter().filter(|&&byte| byte == b',').count())
        })?;
        let mut rest = Some(line);
        while let Some(fields) = rest {
            rest = match fields.strip_prefix('"') {
                Some(quoted) => self.push_quoted(quoted)?,
                None => self.push_plain(fields)?,
            };
            self.ends.push(self.text.len());
        }
        Ok(())
    }

    /// Takes in the field up to the next comma, and returns the text after the comma.
    fn push_plain<'a>(&mut self, fields: &'a str) -> Result<Option<&'a str>, Misplaced> {
        let (field, rest) = match fields.split_once(',') {
            Some((field, rest)) => (field, Some(rest)),
            None => (fields, None),
        };
        if field.contains('"') {
            return Err(Fault::StrayQuote.at(self.columns()));
        }
        self.text.push_str(field);
        Ok(rest)
    }

    /// Takes in the field up to its closing quote, and returns the text after the next comma.
    fn push_quoted<'a>(&mut self, mut fields: &'a str) -> Result<Option<&'a str>, Misplaced> {
        loop {
            let stray = || Fault::StrayQuote.at(self.ends.len());
            let open = || Fault::OpenQuote.at(self.ends.len());
            let (piece, after) = fields.split_once('"').ok_or_else(open)?;
            match after.as_bytes().first() {
                None | Some(b',') => {
                    self.text.push_str(piece);
                    return Ok(after.strip_prefix(','));
                }
                Some(b'"') => {
                    self.text.push_str(piece);
                    self.text.push('"');
                    fields = &after[1..];
                }
                Some(_) => return Err(stray()),
            }
        }
    }

    /// The number of fields.
    fn columns(&self) -> usize {
        self.ends.len()
    }

    /// One field, without its quotes.
    fn field(&self, column: usize) -> &str {
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[start..self.ends[column]]
    }

    fn expect_columns(&self, expected: usize) -> Result<(), Misplaced> {
        match self.columns() {
            got if got == expected => Ok(()),
            got => Err(Fault::ColumnCount { expected, got }.at(got.min(expected))),
        }
    }
}

impl Row for Record {
    fn line(&self) -> u64 {
        self.line
    }

    fn text(&self, column: usize) -> Result<&str, Fault> {
        Ok(self.field(column))
    }

    fn number(&self, column: usize, name: &str) -> Result<Option<Decimal>, Fault> {
        let fault = |error| Fault::Number { column: name.to_owned(), error };
        match self.field(column) {
            "" => Ok(None),
            field => field.parse().map(Some).map_err(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use pacioli_rules::DecimalError;

    use super::{
        super::{NameError, read::fault_in, read_csv},
        *,
    };

    #[test]
    fn line_ends_and_quotes_do_not_change_what_is_read() {
        let plain = read_csv(&b"account,asset,amount\na b,BTC,1.50\nc,ETH,2\n"[..], "").unwrap();
        for same in [
            "account,asset,amount\r\na b,BTC,1.50\r\nc,ETH,2\r\n",
            "\"account\",asset,\"amount\"\n\"a b\",\"BTC\",\"1.50\"\nc,ETH,\"2\"\n",
        ] {
            assert_eq!(read_csv(same.as_bytes(), "").unwrap(), plain);
        }
    }

    #[test]
    fn a_quoted_field_may_hold_commas_and_quotes() {
        let book = read_csv(&b"account,BTC\n\"a,\"\"b\"\"\",1\n"[..], "").unwrap();
        assert_eq!(book.accounts.get(0).unwrap().id, "a,\"b\"");
    }

    #[test]
    fn a_byte_order_mark_is_refused() {
        for mark in [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"] {
            let text = [mark, b"account,asset,amount\na,BTC,1\n"].concat();
            assert_eq!(fault_in(text), (1, 1, Fault::ByteOrderMark));
        }
    }

    #[test]
    fn a_file_without_rows_is_refused() {
        assert_eq!(fault_in(""), (1, 1, Fault::Empty));
        assert_eq!(fault_in("account,asset,amount\n"), (2, 1, Fault::NoRows));
    }

    #[test]
    fn a_blank_line_is_refused_anywhere() {
        assert_eq!(fault_in("\naccount,BTC\na,1\n"), (1, 1, Fault::BlankLine));
        assert_eq!(fault_in("account,BTC\na,1\n\nb,1\n"), (3, 1, Fault::BlankLine));
        assert_eq!(fault_in("account,BTC\r\na,1\r\n\r\n"), (3, 1, Fault::BlankLine));
    }

    #[test]
    fn a_row_has_the_columns_of_the_header() {
        let count = |got| Fault::ColumnCount { expected: 3, got };
        assert_eq!(fault_in("account,asset,amount\na,BTC\n"), (2, 3, count(2)));
        assert_eq!(fault_in("account,asset,amount\na,BTC,1\nb,BTC,1,000\n"), (3, 4, count(4)));
        assert_eq!(fault_in("account,asset,amount\na,BTC,1,\n"), (2, 4, count(4)));
    }

    #[test]
    fn a_quote_encloses_a_whole_field() {
        for (row, column, fault) in [
            ("a\"b,1", 1, Fault::StrayQuote),
            ("\"a\"b,1", 1, Fault::StrayQuote),
            ("a,\"1", 2, Fault::OpenQuote),
            ("a,\"1\"\"", 2, Fault::OpenQuote),
        ] {
            let text = format!("account,BTC\n{row}\n");
            assert_eq!(fault_in(text), (2, column, fault));
        }
        let book = read_csv(&b"account,BTC\n\"a\nb\",1\n"[..], "b.csv").unwrap_err().to_string();
        let open =
            "b.csv:2:1: the quote is not closed on its line: a field cannot hold a line break";
        assert_eq!(book.lines().nth(1), Some(open));
    }

    #[test]
    fn another_separator_is_named() {
        for (header, told) in [
            ("account;asset;amount", "`;`"),
            ("account\tasset\tamount", "tabs"),
            ("account|BTC|ETH", "`|`"),
        ] {
            let text = format!("{header}\n");
            let error = read_csv(text.as_bytes(), "b.csv").unwrap_err().to_string();
            let expected = format!(
                "b.csv:1:1: the columns are separated by {told}: separate them by commas, and write \
                 decimals with a point"
            );
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_refused_with_their_place() {
        assert_eq!(fault_in(b"account,BTC\na,1\nb,\xC3(\n"), (3, 2, Fault::NotUtf8));
        assert_eq!(fault_in(b"account,\xFF\na,1\n"), (1, 2, Fault::NotUtf8));
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let text = format!("account,BTC\n{}", "a".repeat(MAX_LINE_BYTES as usize + 1));
        assert_eq!(fault_in(text), (2, 1, Fault::LongLine));
    }

    #[test]
    fn a_stray_control_character_is_refused() {
        let name = |error| Fault::Name { column: "account", error };
        let control = |text: &str| name(NameError::Control(text.to_owned()));
        assert_eq!(fault_in("account,BTC\na\0,1\n"), (2, 1, control("a\0")));
        assert_eq!(fault_in("account,BTC\na\rb,1\n"), (2, 1, control("a\rb")));
        let number = |text: &str| {
            let error = DecimalError::Malformed(text.to_owned());
            Fault::Number { column: "BTC".to_owned(), error }
        };
        assert_eq!(fault_in("account,BTC\na,1\0\n"), (2, 2, number("1\0")));
        assert_eq!(fault_in("account,BTC\na,1\r\r\n"), (2, 2, number("1\r")));
    }
}

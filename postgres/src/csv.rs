//! From the rows that `COPY` sends as text to lines of CSV.

use crate::columns::Column;

/// Adds a row as a line of CSV; `None` if it is not a row of these columns. `row` is without its
/// end.
///
/// `COPY` separates fields by tabs, writes `\N` for null, and a backslash before what would be
/// misread. Null and the empty text become the same empty field.
pub(crate) fn add_row(row: &[u8], columns: &[Column], csv: &mut Vec<u8>) -> Option<()> {
    let mut unescaped = Vec::new();
    let mut fields = row.split(|&byte| byte == b'\t');
    for (index, column) in columns.iter().enumerate() {
        let text = fields.next()?;
        if index > 0 {
            csv.push(b',');
        }
        let field = match text {
            b"\\N" => b"",
            plain if !plain.contains(&b'\\') => plain,
            escaped => {
                unescaped.clear();
                unescape(escaped, &mut unescaped)?;
                &unescaped
            }
        };
        let value = match column {
            Column::Text => field,
            Column::Number => without_zeros(field),
        };
        add_field(value, csv);
    }
    csv.push(b'\n');
    fields.next().is_none().then_some(())
}

/// Adds a field, in quotes where it needs them.
pub(crate) fn add_field(value: &[u8], csv: &mut Vec<u8>) {
    if !value.iter().any(|byte| b",\"\n\r".contains(byte)) {
        csv.extend_from_slice(value);
        return;
    }
    csv.push(b'"');
    for &byte in value {
        if byte == b'"' {
            csv.push(b'"');
        }
        csv.push(byte);
    }
    csv.push(b'"');
}

fn unescape(text: &[u8], value: &mut Vec<u8>) -> Option<()> {
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        value.push(match byte {
            b'\\' => match *bytes.next()? {
                b'b' => 0x08,
                b'f' => 0x0C,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0B,
                b'\\' => b'\\',
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(())
}

/// A number without the zeros that end its decimals.
fn without_zeros(number: &[u8]) -> &[u8] {
    if !number.contains(&b'.') {
        return number;
    }
    let zeros = number.iter().rev().take_while(|&&byte| byte == b'0').count();
    let number = &number[..number.len() - zeros];
    number.strip_suffix(b".").unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(row: &str, columns: &[Column]) -> Option<String> {
        let mut csv = Vec::new();
        add_row(row.as_bytes(), columns, &mut csv)?;
        Some(String::from_utf8(csv).unwrap())
    }

    #[test]
    fn texts_are_written_as_they_are() {
        let columns = [Column::Text, Column::Text];
        for (row, csv) in [
            ("a\tb", "a,b\n"),
            ("\\N\t", ",\n"),
            ("a,b\tsay \"x\"", "\"a,b\",\"say \"\"x\"\"\"\n"),
            ("\\\\N\t1.50", "\\N,1.50\n"),
            ("a\\nb\tc\\r", "\"a\nb\",\"c\r\"\n"),
            ("\\t\t\\b\\f\\v", "\t,\u{8}\u{c}\u{b}\n"),
        ] {
            assert_eq!(line(row, &columns).as_deref(), Some(csv), "{row}");
        }
    }

    #[test]
    fn numbers_lose_the_zeros_that_end_their_decimals() {
        for (number, plain) in [
            ("1.500", "1.5"),
            ("-0.50", "-0.5"),
            ("100", "100"),
            ("100.00", "100"),
            ("0.000", "0"),
            ("\\N", ""),
            ("NaN", "NaN"),
        ] {
            assert_eq!(line(number, &[Column::Number]), Some(format!("{plain}\n")));
        }
    }

    #[test]
    fn a_row_that_is_none_is_refused() {
        let columns = [Column::Text, Column::Text];
        for row in ["a", "a\tb\tc", "a\\\tb", "a\tb\\x"] {
            assert_eq!(line(row, &columns), None, "{row}");
        }
    }
}

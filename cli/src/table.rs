//! Tables, amounts and paragraphs that fit a terminal.

use std::{borrow::Cow, fmt::Write};

use pacioli_rules::{Amount, SignedAmount};

use crate::shown::shown;

/// Columns of a terminal that reports keep to.
pub const WIDTH: usize = 100;

type Cells<'a> = Vec<Vec<Cow<'a, str>>>;

/// Columns side by side: the first to the left, the others to the right. Every row has a cell for
/// each head. What comes from a file stands in its cell alone.
pub fn table<R: AsRef<[String]>>(t: &mut String, head: &[&str], rows: &[R]) -> std::fmt::Result {
    let cells = cells(head, rows);
    let columns: Vec<usize> = (0..head.len()).collect();
    write_columns(t, &cells, &widths(&cells), &columns)
}

/// The same, folded where it is wider than a terminal: the columns that do not fit stand below, each
/// time beside the first.
pub fn folded<R: AsRef<[String]>>(t: &mut String, head: &[&str], rows: &[R]) -> std::fmt::Result {
    let cells = cells(head, rows);
    let widths = widths(&cells);
    let mut chunks: Vec<Vec<usize>> = vec![vec![0]];
    let mut used = 2 + widths[0];
    for (column, width) in widths.iter().enumerate().skip(1) {
        let last = chunks.last_mut().expect("there is one to begin with");
        if used + 2 + width > WIDTH && last.len() > 1 {
            chunks.push(vec![0, column]);
            used = 2 + widths[0] + 2 + width;
        } else {
            last.push(column);
            used += 2 + width;
        }
    }
    for (index, columns) in chunks.iter().enumerate() {
        if index > 0 {
            writeln!(t)?;
        }
        write_columns(t, &cells, &widths, columns)?;
    }
    Ok(())
}

fn cells<'a, R: AsRef<[String]>>(head: &[&'a str], rows: &'a [R]) -> Cells<'a> {
    let head = head.iter().map(|&name| shown(name)).collect();
    let rows = rows.iter().map(|row| row.as_ref().iter().map(|cell| shown(cell)).collect());
    [head].into_iter().chain(rows).collect()
}

fn widths(cells: &Cells<'_>) -> Vec<usize> {
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max();
    (0..cells[0].len()).map(|column| width(column).unwrap_or_default()).collect()
}

fn write_columns(
    t: &mut String,
    cells: &Cells<'_>,
    widths: &[usize],
    columns: &[usize],
) -> std::fmt::Result {
    for row in cells {
        let mut line = String::new();
        for &column in columns {
            let (cell, width) = (&row[column], widths[column]);
            match column {
                0 => write!(line, "  {cell:<width$}")?,
                _ => write!(line, "  {cell:>width$}")?,
            }
        }
        writeln!(t, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Pairs of a name and a number, in as many columns as fit.
pub fn in_columns(t: &mut String, pairs: &[(String, String)]) -> std::fmt::Result {
    let pairs: Vec<_> = pairs.iter().map(|(name, number)| (shown(name), shown(number))).collect();
    let longest = |length: fn(&(Cow<'_, str>, Cow<'_, str>)) -> usize| {
        pairs.iter().map(length).max().unwrap_or_default()
    };
    let name = longest(|(name, _)| name.chars().count());
    let number = longest(|(_, number)| number.chars().count());
    let columns = ((WIDTH - 2) / (name + number + 4)).max(1);
    for row in pairs.chunks(columns) {
        let cells = row.iter().map(|(a, b)| format!("{a:<name$}  {b:>number$}"));
        writeln!(t, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// A paragraph behind `first`, folded at the width of a terminal, its further lines under the text.
pub fn paragraph(t: &mut String, first: &str, text: &str) -> std::fmt::Result {
    let indent = first.chars().count();
    let mut line = first.to_owned();
    let (mut used, mut is_empty) = (indent, true);
    for word in text.split(' ') {
        let length = word.chars().count();
        if !is_empty && used + 1 + length > WIDTH {
            writeln!(t, "{}", line.trim_end())?;
            (line, used, is_empty) = (" ".repeat(indent), indent, true);
        }
        if !is_empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
        is_empty = false;
    }
    writeln!(t, "{}", line.trim_end())
}

/// So many of something, in words: `1 account`, `2 accounts`.
pub fn plural(number: impl ToString, one: &str) -> String {
    let number = number.to_string();
    let s = if number == "1" { "" } else { "s" };
    format!("{number} {one}{s}")
}

/// So many customers' accounts, and so many of the house.
pub fn counted(customers: u64, house: u64) -> String {
    match house {
        0 => customers.to_string(),
        _ => format!("{customers} + {house}"),
    }
}

/// An amount with its thousands apart: `1,234.5`.
pub fn grouped(amount: &Amount) -> String {
    let text = amount.to_string();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text.as_str(), String::new()),
    };
    let digits = whole.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = digits.map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",") + &fraction
}

/// What an amount is rounded to in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// What is owed or lacking: never shown smaller than it is.
    More,
    /// What is held: never shown larger.
    Less,
}

/// An amount with few digits behind the point: two of what is a thousand or more, six of the rest.
pub fn brief(amount: &Amount, toward: Toward) -> String {
    let whole = amount.rounded(0, false).to_string();
    let digits = if whole.len() > 3 { 2 } else { 6 };
    grouped(&amount.rounded(digits, toward == Toward::More))
}

/// A worth with its sign, never shown larger than it is.
pub fn brief_worth(worth: &SignedAmount) -> String {
    match worth.negative {
        true => format!("-{}", brief(&worth.size, Toward::More)),
        false => brief(&worth.size, Toward::Less),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(&Amount::new(1_234_567u32, 0)), "1,234,567");
        assert_eq!(grouped(&Amount::new(1_234_567u32, 3)), "1,234.567");
        assert_eq!(grouped(&Amount::new(999u32, 0)), "999");
        assert_eq!(grouped(&Amount::new(0u32, 5)), "0");
    }

    #[test]
    fn a_rounded_amount_never_flatters_the_venue() {
        let amount = Amount::new(1_234_567_890_001u64, 9);
        assert_eq!(brief(&amount, Toward::More), "1,234.57");
        assert_eq!(brief(&amount, Toward::Less), "1,234.56");
        let least = Amount::new(1u32, 16);
        assert_eq!(
            (brief(&least, Toward::More), brief(&least, Toward::Less)),
            ("0.000001".into(), "0".into())
        );
        assert_eq!(brief(&Amount::new(1_500u32, 2), Toward::More), "15");
        let lacking = SignedAmount { negative: true, size: least };
        assert_eq!(brief_worth(&lacking), "-0.000001");
    }

    #[test]
    fn what_is_wide_is_folded() {
        let wide = || "9".repeat(40);
        let rows = [["a".to_owned(), wide(), wide(), wide()]];
        let mut text = String::new();
        folded(&mut text, &["name", "one", "two", "three"], &rows).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!((text.matches("name").count(), text.matches(&wide()).count()), (2, 3));
        let mut text = String::new();
        paragraph(&mut text, "  - ", &"word ".repeat(40)).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().nth(1).unwrap().starts_with("    word"), "{text}");
        let pairs = vec![("BTC".to_owned(), "100000".to_owned()); 20];
        let mut text = String::new();
        in_columns(&mut text, &pairs).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!((text.lines().count(), text.matches("BTC  100000").count()), (3, 20));
    }

    #[test]
    fn a_cell_stands_in_its_line() {
        let mut text = String::new();
        table(&mut text, &["a"], &[["x\nHOLDS".to_owned()]]).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
    }
}

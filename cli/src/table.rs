//! Tables and paragraphs that fit a terminal.

use std::{borrow::Cow, fmt::Write};

use crate::shown::shown;

/// Columns of a terminal that reports keep to.
pub const WIDTH: usize = 100;

type Cells<'a> = Vec<Vec<Cow<'a, str>>>;

/// Columns side by side: the first to the left, the others to the right. Every row has a cell for
/// each head. Text from a file cannot leave its cell.
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

/// The same, with the points of each column's numbers below each other.
pub fn aligned(t: &mut String, head: &[&str], rows: &[Vec<String>]) -> std::fmt::Result {
    let fraction = |cell: &str| match cell.rfind('.') {
        Some(point) => cell.len() - point,
        None => 0,
    };
    let mut rows = rows.to_vec();
    for column in 1..head.len() {
        let longest = rows.iter().map(|row| fraction(&row[column])).max().unwrap_or_default();
        for row in &mut rows {
            let blanks = longest - fraction(&row[column]);
            row[column].push_str(&" ".repeat(blanks));
        }
    }
    table(t, head, &rows)
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
///
/// A text from a file begins no line of its own: blanks in a row are one, and a word that is longer
/// than a line is folded here and not by the terminal.
pub fn paragraph(t: &mut String, first: &str, text: &str) -> std::fmt::Result {
    let indent = first.chars().count();
    let room = WIDTH.saturating_sub(indent).max(LEAST_ROOM);
    let mut line = first.to_owned();
    let (mut used, mut is_empty) = (0, true);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (index, part) in folded_word(word, room).enumerate() {
            let blank = usize::from(!is_empty);
            if index > 0 || used + blank + columns(part) > room && !is_empty {
                writeln!(t, "{}", line.trim_end())?;
                (line, used, is_empty) = (" ".repeat(indent), 0, true);
            }
            if !is_empty {
                line.push(' ');
                used += 1;
            }
            line.push_str(part);
            used += columns(part);
            is_empty = false;
        }
    }
    writeln!(t, "{}", line.trim_end())
}

/// Columns that a paragraph has, however long what stands before it is.
const LEAST_ROOM: usize = 20;

/// The most columns that a text takes: what is not of ASCII may be two wide.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A word in parts of so many columns at most.
fn folded_word(word: &str, room: usize) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let mut used = 0;
        let end = rest.char_indices().find(|&(_, c)| {
            used += if c.is_ascii() { 1 } else { 2 };
            used > room
        });
        let (part, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// A terminal would begin a line with what comes behind so many blanks or letters.
    #[test]
    fn no_text_chooses_where_a_line_begins() {
        for fill in [" ".repeat(77), "x".repeat(94), "取".repeat(47)] {
            for first in ["  venue        ", "      evidence: ", &"n".repeat(130)] {
                let mut text = String::new();
                let faked = format!("a{fill}HOLDS: all is well{}z", " ".repeat(100));
                paragraph(&mut text, first, &faked).unwrap();
                for line in text.lines().skip(1) {
                    assert!(line.starts_with(&" ".repeat(first.len())), "{text}");
                }
                let width = WIDTH.max(first.len() + LEAST_ROOM);
                assert!(text.lines().all(|line| columns(line) <= width), "{text}");
                let shown: String = text.split_whitespace().collect();
                let all = format!("{first}{faked}");
                assert_eq!(shown, all.split_whitespace().collect::<String>());
            }
        }
    }

    #[test]
    fn points_stand_below_each_other() {
        let row = |name: &str, number: &str| vec![name.to_owned(), number.to_owned()];
        let rows = [row("a", "1,234"), row("b", "-0.25"), row("c", "10.5")];
        let mut text = String::new();
        aligned(&mut text, &["name", "number"], &rows).unwrap();
        assert_eq!(text, "  name    number\n  a     1,234\n  b        -0.25\n  c        10.5\n");
    }

    #[test]
    fn a_cell_stands_in_its_line() {
        let mut text = String::new();
        table(&mut text, &["a"], &[["x\nHOLDS".to_owned()]]).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
    }
}

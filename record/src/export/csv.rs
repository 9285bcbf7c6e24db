//! As comma-separated values.

use super::{COLUMNS, ExportError, Table};

/// The first characters by which spreadsheets take a text for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Columns whose text somebody else wrote.
const OTHERS: [&str; 5] = ["venue", "quote", "software", "file", "name"];

/// Where a cell ends for spreadsheets that do not take commas, as in half of Europe, or that take more.
const ENDS: [char; 5] = [';', '|', '\t', '\r', '\n'];
/// What may stand before a formula.
const SKIPPED: [char; 3] = ['"', '\'', ' '];

/// The file's bytes, a head first. A text of somebody else's that a spreadsheet would run as a formula
/// has an apostrophe before it, and so has one within it that would be a cell of its own elsewhere.
pub(super) fn bytes(table: &Table) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.map(|(name, _)| name))?;
    for row in &table.rows {
        let cells = COLUMNS.iter().zip(row).map(|((column, _), cell)| {
            let text = cell.as_deref().unwrap_or_default();
            match OTHERS.contains(column) {
                true => inert(text),
                false => text.to_owned(),
            }
        });
        writer.write_record(cells)?;
    }
    Ok(writer.into_inner().expect("a list of bytes takes all"))
}

/// The text with an apostrophe before everything that is a formula at the beginning of a cell.
fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let mut begins = true;
    for one in text.chars() {
        if begins && FORMULA.contains(&one) {
            inert.push('\'');
        }
        begins = ENDS.contains(&one) || begins && SKIPPED.contains(&one);
        inert.push(one);
    }
    inert
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_part_of_a_text_is_a_formula_in_a_cell_of_its_own() {
        for (text, expected) in [
            ("Exchange; the = best - of all", "Exchange; the = best - of all"),
            ("=1+1", "'=1+1"),
            ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
            ("x; \"@SUM(1)\";-1", "x; \"'@SUM(1)\";'-1"),
            ("x\n+1|=2", "x\n'+1|'=2"),
            ("BTC-PERP", "BTC-PERP"),
        ] {
            assert_eq!(inert(text), expected);
        }
    }
}

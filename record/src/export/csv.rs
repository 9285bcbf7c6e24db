//! As comma-separated values.

use super::{COLUMNS, ExportError, Table};

/// The first characters by which spreadsheets take a text for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Columns whose text somebody else wrote.
const OTHERS: [&str; 5] = ["venue", "quote", "software", "file", "name"];

/// The file's bytes, a head first. A text of somebody else's that a spreadsheet would run as a formula
/// has an apostrophe before it.
pub(super) fn bytes(table: &Table) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.map(|(name, _)| name))?;
    for row in &table.rows {
        let cells = COLUMNS.iter().zip(row).map(|((column, _), cell)| {
            let text = cell.as_deref().unwrap_or_default();
            match OTHERS.contains(column) && text.starts_with(FORMULA) {
                true => format!("'{text}"),
                false => text.to_owned(),
            }
        });
        writer.write_record(cells)?;
    }
    Ok(writer.into_inner().expect("a list of bytes takes all"))
}

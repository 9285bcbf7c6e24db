//! As one JSON document.

use serde_json::{Map, Value, json};

use super::{COLUMNS, Table};

/// The version of the document.
pub const VERSION: &str = "pacioli record v1-draft";

/// The file's bytes. A cell without a value is left out.
pub(super) fn bytes(table: &Table) -> Vec<u8> {
    let rows = table.rows.iter().map(|row| {
        let cells = COLUMNS.iter().zip(row);
        let cells = cells.filter_map(|((name, _), cell)| Some((*name, cell.as_deref()?)));
        let cells = cells.map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        Value::Object(cells.collect::<Map<_, _>>())
    });
    let document = json!({ "version": VERSION, "rows": rows.collect::<Vec<_>>() });
    let mut bytes = serde_json::to_vec_pretty(&document).expect("texts are JSON");
    bytes.push(b'\n');
    bytes
}

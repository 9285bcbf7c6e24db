//! One table in three formats, read back.

use ::parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::RowAccessor,
};

use super::*;

fn table() -> Table {
    let mut first = [const { None }; COLUMNS.len()];
    first[0] = Some("7".to_owned());
    first[2] = Some("=1+1, a \"venue\"".to_owned());
    first[11] = Some("0.0000000000000001".to_owned());
    first[17] = Some("-5".to_owned());
    Table { rows: vec![first, [const { None }; COLUMNS.len()]] }
}

#[test]
fn a_file_is_of_the_format_that_its_ending_says() {
    let of = |name: &str| Format::of(Path::new(name)).map_err(|error| error.to_string());
    assert_eq!(of("a/b.csv"), Ok(Format::Csv));
    assert_eq!(of("b.parquet"), Ok(Format::Parquet));
    assert_eq!(of("b.json"), Ok(Format::Json));
    assert!(of("b.xlsx").unwrap_err().contains("`.parquet`"));
}

#[test]
fn a_csv_file_runs_nothing_and_keeps_numbers() {
    let bytes = table().to_bytes(Format::Csv).unwrap();
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let head: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(head, COLUMNS.map(|(name, _)| name));
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&rows[0][2], "'=1+1, a \"venue\"");
    assert_eq!((&rows[0][11], &rows[0][17]), ("0.0000000000000001", "-5"));
    assert!(rows[1].iter().all(str::is_empty));
}

#[test]
fn a_parquet_file_holds_the_same_texts_and_is_the_same_each_time() {
    let bytes = table().to_bytes(Format::Parquet).unwrap();
    assert_eq!(bytes, table().to_bytes(Format::Parquet).unwrap());
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get_string(11).unwrap(), "0.0000000000000001");
    assert_eq!(rows[0].get_string(2).unwrap(), "=1+1, a \"venue\"");
    assert!(rows[1].get_string(2).is_err(), "no value");
}

#[test]
fn a_json_file_is_of_its_schema() {
    let bytes = table().to_bytes(Format::Json).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["rows"][0]["owed"], "0.0000000000000001");
    assert_eq!(document["rows"][1], serde_json::json!({}));
    let schema = include_str!("../../../docs/schema/record.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let row = serde_json::json!({ "owed": "1.5", "state": "breach", "fund": "-5" });
    let valid = serde_json::json!({ "version": "pacioli record v1-draft", "rows": [row, {}] });
    jsonschema::draft202012::new(&schema).unwrap().validate(&valid).unwrap();
    let columns: Vec<_> =
        schema["$defs"]["row"]["properties"].as_object().unwrap().keys().collect();
    let mut expected = COLUMNS.map(|(name, _)| name);
    expected.sort_unstable();
    assert_eq!(columns, expected, "every column is in the schema");
}

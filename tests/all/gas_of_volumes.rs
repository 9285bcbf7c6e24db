//! What volumes cost on a chain, in docs/size.md, is what the files of gas say. `PACIOLI_BLESS=1`
//! writes the table anew.

use std::{fs, path::Path};

use serde_json::Value;

const PAGE: &str = "docs/size.md";
const BEGINS: &str = "<!-- From the files of gas: tests/all/gas_of_volumes.rs. -->\n";
const ENDS: &str = "<!-- As far as here. -->\n";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or_else(|| panic!("no {pointer}"))
}

/// Digits in groups.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| str::from_utf8(part).unwrap()).collect();
    groups.join(",")
}

/// The gas of a proof's transaction by the verifier's file.
fn verification(file: &Value, rows: i64) -> i64 {
    let all = file["verification"].as_array().unwrap();
    let one = all.iter().find(|one| one["instruments"] == rows).unwrap();
    number(one, "/transaction")
}

fn table() -> String {
    let account = json(include_str!("../../verifier-contract/gas-account.json"));
    let registry = json(include_str!("../../verifier-contract/gas-registry.json"));
    let small = json(include_str!("../../verifier-contract/gas.json"));
    let large = json(include_str!("../../verifier-contract/gas-16.json"));
    let (one, three) = (&account[" 20 rows, 1 volumes"], &account[" 20 rows, 3 volumes"]);
    let many = &account["200 rows, 1 volumes"];
    let further = |pointer: &str| (number(three, pointer) - number(one, pointer)) / 2;
    let wider = |pointer: &str| number(many, pointer) - number(one, pointer);
    let whole = further("/transaction");
    // The verifier reads the totals of all rows; evaluator and calldata go by them.
    let by_rows = further("/calldata/totals/gas") + further("/execution/Evaluator/gas");
    let whole_200 = whole + wider("/execution/VolumeVerifier/gas") + 9 * by_rows;
    let first =
        |rows: &str| number(&registry["with a real proof"]["accounts"][rows], "/transaction");
    let saved = |rows| verification(&small, rows) - verification(&large, rows);
    let curve = further("/execution/ecMul/gas") + further("/execution/ecAdd/gas");
    let calls = (further("/execution/ecMul/calls"), further("/execution/ecAdd/calls"));
    let add = |rows: i64| {
        let name = format!("addVolume, {rows} rows");
        registry["with a mock verifier"][&name].as_i64().unwrap() + verification(&large, rows)
            - number(one, "/base")
    };
    let rows = [
        (
            "evaluator and verifier, one volume",
            number(one, "/transaction"),
            number(many, "/transaction"),
        ),
        ("the same with a registry, signed, the first time", first("20 rows"), first("200 rows")),
        ("each further volume under the same pairing", whole, whole_200),
        ("less for each volume of 2^16 rows and more", saved(20), saved(200)),
        ("`addVolume` of a volume of 2^16 rows, with a pairing of its own", add(20), add(200)),
    ];
    let mut text = "| gas | 20 rows | 200 rows |\n|---|---|---|\n".to_owned();
    for (what, few, many) in rows {
        text += &format!("| {what} | {} | {} |\n", grouped(few), grouped(many));
    }
    text += &format!(
        "\nOf a further volume's {} gas at 20 rows, {} multiplications and {} additions on the curve \
         take\n{}, the proof's calldata {}, its totals {}, the verifier {}, the evaluator {}, and a\n\
         modexp {}. It has {} bytes of calldata.\n",
        grouped(whole),
        calls.0,
        calls.1,
        grouped(curve),
        grouped(further("/calldata/proofs/gas")),
        grouped(further("/calldata/totals/gas")),
        grouped(further("/execution/VolumeVerifier/gas")),
        grouped(further("/execution/Evaluator/gas")),
        grouped(further("/execution/modexp/gas")),
        grouped(
            ["proofs", "totals", "rest"]
                .map(|part| further(&format!("/calldata/{part}/bytes")))
                .iter()
                .sum()
        ),
    );
    text
}

#[test]
fn the_page_says_what_the_files_of_gas_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGINS).expect("the page has the table");
    let (_, after) = rest.split_once(ENDS).expect("the table ends");
    let expected = format!("{before}{BEGINS}\n{}\n{ENDS}{after}", table());
    if std::env::var_os("PACIOLI_BLESS").is_some() {
        return fs::write(&path, &expected).unwrap();
    }
    assert!(page == expected, "{PAGE} is of other files of gas: PACIOLI_BLESS=1 writes it anew");
}

//! What the registry costs, compared with the stored figures; `PACIOLI_BLESS=1` writes them anew.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path, slice::from_ref};

use alloy_primitives::B256;
use pacioli_circuits::Total;
use pacioli_rules::testing::bless;
use pacioli_verifier_contract::{artifacts, bindings::SolvencyRegistry as R, system::System};
use serde_json::{Value, json};

use crate::registry::{account, world::*};

/// Rules of four scenarios and prices that make a table of so many rows, 19 at least, the forms of
/// holdings and what closes the cover not counted.
pub fn rules_and_prices(rows: usize, has_cover: bool) -> (String, String) {
    let stress =
        "[[scenarios]]\nname = \"2020-03-12\"\nkind = \"stress\"\ndefault_move = \"-0.45\"\n";
    let tiers = "tiers = [{ up_to = \"1\", maintenance = \"0.05\" }, { maintenance = \"0.1\" }]";
    let rules = RULES.replacen("quote =", &format!("cover = {has_cover}\nquote ="), 1);
    let mut rules = rules.replacen("[assets.USDC]", &format!("{stress}\n[assets.USDC]"), 1);
    rules = rules.replacen(tiers, "tiers = [{ maintenance = \"0.05\" }]", 1);
    let mut prices = String::new();
    for asset in 0..rows - 19 {
        let rule = "decimals = 6\nmaintenance = \"0.75\"\nborrow = false";
        write!(rules, "\n[assets.A{asset:03}]\n{rule}\n").unwrap();
        write!(prices, "\"A{asset:03}\": \"{}.25\", ", 100 + asset * 37).unwrap();
    }
    (rules, PRICES.replacen("\"BTC\"", &format!("{prices}\"BTC\""), 1))
}

#[test]
fn gas_is_as_stored() {
    let mut figures = BTreeMap::new();
    for part in System::of_release().parts() {
        let (name, bytes) = (part.name, artifacts::get(part.name).runtime_bytes as u64);
        figures.insert(format!("bytes of {name}"), bytes);
    }
    for name in ["CoverageFeed", "GuardedVault", "StatementVerifier", "Compensation", "Repricer"] {
        figures.insert(format!("bytes of {name}"), artifacts::get(name).runtime_bytes as u64);
    }
    for (rows, has_cover) in
        [20, 60, 200].into_iter().flat_map(|rows| [(rows, false), (rows, true)])
    {
        let (rules, prices) = rules_and_prices(rows, has_cover);
        let mut world = World::of(&rules, &prices);
        let all = world.compiled.rows.len();
        assert!(if has_cover { all > rows } else { all == rows });
        let rows =
            if has_cover { format!("{rows} rows and forms, {all}") } else { rows.to_string() };
        let mut book = world.book();
        // Somebody has a little of everything, plain and covered.
        let forms = world.compiled.rows.iter().enumerate();
        for (row, _) in forms.filter(|(_, row)| row.role.stands_for().is_some()) {
            book.0[row] = Total { count: 1, quantity: 1 };
        }
        let book = world.completed(book);
        let submission = world.submission(0, B256::ZERO);
        let first = world.submit(submission, from_ref(&book)).unwrap();
        figures.insert(format!("submit, the first one, {rows} rows"), first.gas_used);
        world.later(60);
        let submission = world.submission(1, attestation(0));
        let next = world.submit(submission, from_ref(&book)).unwrap();
        figures.insert(format!("submit, {rows} rows"), next.gas_used);

        world.later(60);
        let submission = world.submission(2, attestation(1));
        let books = [book.clone(), book];
        let [begin, add, finish] = world.submit_staged(&submission, &books);
        figures.insert(format!("beginSubmission, {rows} rows"), begin.gas_used);
        figures.insert(format!("addVolume, {rows} rows"), add.gas_used);
        figures.insert(format!("finishSubmission of two volumes, {rows} rows"), finish.gas_used);
    }
    let mut world = World::new();
    world.attest(0);
    let latest = R::latestCall { venue: world.venue };
    use alloy_sol_types::SolCall;
    let asked = world.evm.view(STRANGER, world.registry, latest.abi_encode()).unwrap();
    figures.insert("latest, as a transaction".to_owned(), asked.gas_used);

    let figures = json!({
        "with a mock verifier": figures,
        "with a real proof": account::accounts(),
    });
    let text = serde_json::to_string_pretty(&figures).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("gas-registry.json");
    bless(path, text);

    // What the README says is made from the same figures.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let table = tables(&figures["with a real proof"]);
    bless(path, format!("{before}{BEGIN}\n{table}{END}{after}"));
}

/// Where the tables of the README are.
const BEGIN: &str = "<!-- from gas-registry.json -->";
const END: &str = "<!-- end -->";

/// A number with commas.
fn grouped(value: &Value) -> String {
    let number = value.as_i64().unwrap();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// What a submission consists of, and what more of anything costs.
fn tables(figures: &Value) -> String {
    let accounts = &figures["accounts"];
    let [small, large] = ["20 rows", "200 rows"].map(|rows| &accounts[rows]);
    let mut text = "\n| | 20 rows | 200 rows |\n|---|---|---|\n".to_owned();
    let mut line = |name: &str, of: &dyn Fn(&Value) -> Value| {
        writeln!(text, "| {name} | {} | {} |", grouped(&of(small)), grouped(&of(large))).unwrap();
    };
    line("**the transaction**", &|it| it["transaction"].clone());
    line("base", &|it| it["base"].clone());
    line("calldata", &|it| {
        let parts = it["calldata"].as_object().unwrap().values();
        parts.map(|part| part["gas"].as_i64().unwrap()).sum::<i64>().into()
    });
    for name in small["execution"].as_object().unwrap().keys() {
        line(name, &|it| it["execution"][name]["gas"].clone());
    }
    line("of all these: words of storage, fresh", &|it| it["slots"]["gas"].clone());
    line("of all these: events", &|it| it["logs"]["gas"].clone());
    line("the least by EIP-7976", &|it| it["least_by_eip_7976"].clone());
    text.push_str("\n| more than the first of 20 rows | gas |\n|---|---|\n");
    for (name, gas) in figures[account::FEATURES].as_object().unwrap() {
        writeln!(text, "| {name} | {} |", grouped(gas)).unwrap();
    }
    text + "\n"
}

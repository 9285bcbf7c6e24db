//! The incident drill: every step as documented, and the documents as the drill says.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Mutex, OnceLock},
};

use serde_json::{Value, json};

use crate::venue::Venue;

/// All incidents, played once.
fn played() -> &'static Value {
    static PLAYED: OnceLock<Value> = OnceLock::new();
    PLAYED.get_or_init(|| {
        let run = Venue::new().run(&["--quiet", "--json", "drill"]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        run.json()
    })
}

fn incident(name: &str) -> &'static Value {
    let incidents = played()["incidents"].as_array().unwrap();
    incidents.iter().find(|one| one["incident"] == name).unwrap()
}

fn steps(incident: &Value) -> &[Value] {
    incident["steps"].as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn docs(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "docs", name].iter().collect()
}

#[test]
fn every_incident_ends_as_it_should() {
    assert_eq!(played()["holds"], true);
    for (name, state) in [
        ("breach", "breach"),
        ("stale", "healthy"),
        ("depeg", "healthy"),
        ("key-theft", "healthy"),
        ("bad-verifier", "healthy"),
    ] {
        let steps = steps(incident(name));
        assert_eq!(steps[0]["seen"]["state"], "healthy", "{name}");
        assert_eq!(steps.last().unwrap()["seen"]["state"], state, "{name}");
        assert!(steps.iter().all(|step| step["seen"]["withdrawals"] == true), "{name}");
        assert!(steps.iter().any(|step| !step["may"].as_array().unwrap().is_empty()), "{name}");
    }
    let states = |name| {
        let steps = steps(incident(name)).iter();
        let mut states: Vec<_> = steps.map(|step| text(&step["seen"]["state"])).collect();
        states.dedup();
        states
    };
    assert_eq!(states("breach"), ["healthy", "warning", "breach"]);
    assert_eq!(states("stale"), ["healthy", "expired", "warning", "healthy"]);
    assert_eq!(states("depeg"), ["healthy", "breach", "warning", "healthy"]);
    let theft = ["healthy", "warning", "paused", "breach", "warning", "healthy"];
    assert_eq!(states("key-theft"), theft);
    assert_eq!(states("bad-verifier"), ["healthy", "breach", "healthy"]);
    // What nobody rechecked is stored as healthy, and read live is a breach.
    let drained = &steps(incident("breach"))[1]["seen"];
    assert_eq!((&drained["state"], &drained["live"]), (&json!("healthy"), &json!("breach")));
    assert_eq!(drained["deposits"], true);
}

#[test]
fn the_json_is_of_its_schema() {
    let schema = fs::read_to_string(docs("schema/drill.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    agrees(&schema, &schema, played(), "drill");
}

/// Whether a value is of a schema, as far as this one schema goes.
fn agrees(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(link) = schema.get("$ref") {
        let name = text(link).strip_prefix("#/$defs/").unwrap();
        return agrees(root, &root["$defs"][name], value, at);
    }
    if let Some(values) = schema.get("enum") {
        assert!(values.as_array().unwrap().contains(value), "{at}: {value}");
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect(),
        Value::String(kind) => vec![kind.as_str()],
        _ => vec![],
    };
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{at}: the schema says {other}"),
    };
    assert!(kinds.is_empty() || kinds.into_iter().any(is), "{at}: {value}");
    if let Some(list) = value.as_array() {
        list.iter().for_each(|one| agrees(root, &schema["items"], one, at));
    }
    if let Some(object) = value.as_object() {
        assert_eq!(schema["additionalProperties"], false, "{at}");
        let known = schema["properties"].as_object().unwrap();
        let required = schema["required"].as_array().unwrap();
        let missing: Vec<_> =
            required.iter().filter(|key| !object.contains_key(text(key))).collect();
        assert!(missing.is_empty(), "{at}: {missing:?}");
        for (key, one) in object {
            let inner = known.get(key).unwrap_or_else(|| panic!("{at}.{key} is not in the schema"));
            agrees(root, inner, one, &format!("{at}.{key}"));
        }
    }
}

#[test]
fn without_a_terminal_nobody_is_waited_for() {
    let run = Venue::new().run(&["--quiet", "drill", "stale", "--pause"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    for said in [
        "\nSTALE: the prover is dead\n",
        "\n  day 3, 01:00:01  +1 s          a second later\n      expired, and nobody had to act\n",
        "\n      expired | deposits SHUT, new positions SHUT, withdrawals open | ERC-4626 SHUT, feed 0\n",
        "      $ pacioli fund report --fund 0x",
        "      refused: NotInBreach\n",
        "\nall steps came out as the documents say\n",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("BREACH:"), "{}", run.stdout);
}

#[test]
fn the_document_has_the_drills_own_steps() {
    let mut tables = String::new();
    for incident in played()["incidents"].as_array().unwrap() {
        let (name, title) = (text(&incident["incident"]), text(&incident["title"]));
        tables += &format!("\n### {}: {title}\n\n", heading(name));
        tables += "| day, time | after | who | does | with | then |\n|---|---|---|---|---|---|\n";
        for step in steps(incident) {
            tables += &row(step);
        }
        tables += &format!("\nIn all {}: {}.\n", span(&incident["lasted"]), text(&incident["end"]));
    }
    compare("drill", &tables, |stored, own| stored == own);
}

/// A name as a heading whose link is the name.
fn heading(name: &str) -> String {
    let mut words = name.replace('-', " ");
    words[..1].make_ascii_uppercase();
    words
}

fn row(step: &Value) -> String {
    let at = step["at"].as_u64().unwrap();
    let (day, rest) = (at / 86_400, at % 86_400);
    let with = step["commands"].as_array().unwrap().iter().map(|command| short(text(command)));
    let mut with: Vec<_> = with.collect();
    with.dedup();
    let with = with.join(", ");
    let who = match text(&step["by"]) {
        "nobody" => "–",
        who => who,
    };
    let (what, came, state) =
        (text(&step["what"]), text(&step["came"]), text(&step["seen"]["state"]));
    let after = span(&step["takes"]);
    let time = format!("{day}, {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60);
    format!("| {time} | {after} | {who} | {what}: {came} | {with} | {state} |\n")
}

/// A command without what is another's at each venue: its words up to the first option.
fn short(command: &str) -> String {
    let words = command.strip_prefix("pacioli ").unwrap().split(" --").next().unwrap();
    format!("`{words}`")
}

fn span(seconds: &Value) -> String {
    let mut left = seconds.as_u64().unwrap();
    let mut parts = Vec::new();
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")] {
        if left >= unit {
            parts.push(format!("{} {name}", left / unit));
            left %= unit;
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "–".to_owned() } else { parts.join(" ") }
}

#[test]
fn the_document_has_the_drills_gas() {
    let mut gas = BTreeMap::new();
    for step in played()["incidents"].as_array().unwrap().iter().flat_map(steps) {
        let spent = step["gas"].as_u64().filter(|gas| *gas > 0);
        if let (Some(spent), Some(command)) = (spent, step["commands"].as_array().unwrap().last()) {
            let most = gas.entry(short(text(command))).or_insert(0);
            *most = spent.max(*most);
        }
    }
    let mut table = "\n| command | gas, at most |\n|---|---|\n".to_owned();
    for (command, spent) in gas {
        let thousands = spent.div_ceil(1_000);
        let text = match thousands {
            0..1_000 => format!("{thousands}"),
            _ => format!("{},{:03}", thousands / 1_000, thousands % 1_000),
        };
        table += &format!("| {command} | {text},000 |\n");
    }
    // Proofs differ from run to run, and so do bytes of calldata that are zero.
    compare("gas", &table, |stored, own| {
        let cells = |table: &str| {
            let lines =
                table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
            let cells = lines.map(|(command, rest)| {
                let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
                (command.to_owned(), digits.parse::<u64>().unwrap())
            });
            cells.collect::<Vec<_>>()
        };
        let (stored, own) = (cells(stored), cells(own));
        let near = |(a, b): (&(String, u64), &(String, u64))| {
            a.0 == b.0 && a.1.abs_diff(b.1) * 100 <= 3 * b.1.max(34_000)
        };
        stored.len() == own.len() && stored.iter().zip(&own).all(near)
    });
}

/// Compares a part of docs/incidents.md, or writes it.
#[track_caller]
fn compare(name: &str, own: &str, same: impl Fn(&str, &str) -> bool) {
    // Two tests write parts of one document.
    static DOCUMENT: Mutex<()> = Mutex::new(());
    let _held = DOCUMENT.lock();
    let path = docs("incidents.md");
    let document = fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- {name}: the test `drill` writes this -->\n");
    let end = format!("\n<!-- end of {name} -->");
    let (head, rest) = document.split_once(&begin).unwrap();
    let (stored, tail) = rest.split_once(end.trim_start()).unwrap();
    if same(stored.trim_end(), own.trim_end()) {
        return;
    }
    // Not otherwise: what is near enough would be written anew with every run.
    if std::env::var_os("PACIOLI_BLESS").is_some() {
        fs::write(&path, format!("{head}{begin}{own}{end}{tail}")).unwrap();
        return;
    }
    panic!("docs/incidents.md, {name}: {own}");
}

#[test]
fn every_state_leads_to_a_place_in_the_document() {
    let states = fs::read_to_string(docs("states.md")).unwrap();
    let incidents = fs::read_to_string(docs("incidents.md")).unwrap();
    for state in ["None", "Healthy", "Warning", "Breach", "Expired", "Paused"] {
        assert!(incidents.contains(&format!("\n### `{state}`\n")), "{state}");
        let row = format!("\n| [`{state}`](incidents.md#{}) |", state.to_lowercase());
        assert!(states.contains(&row), "{state}");
    }
}

#[test]
fn a_fund_is_asked_only_about_its_own_venue() {
    let help = Venue::new().run(&["fund", "--help"]);
    assert_eq!(help.code, 0);
    for step in ["accept", "report", "nominate", "cancel", "open", "fix-shares", "pay"] {
        assert!(help.stdout.contains(&format!("\n  {step} ")), "{step}: {}", help.stdout);
    }
    let fund = "0x0101010101010101010101010101010101010101";
    let none = Venue::new().run(&["fund", "open", "--fund", fund, "--venue", "acme"]);
    assert_eq!(none.code, 2, "{none:?}");
}

//! `docs/refused.md` is true: each of its lines has rules or prices that are refused in these words, and
//! whatever is refused of the changes with which native reader and web page are compared is in a line.

use std::path::Path;

use pacioli_rules::{Prices, Rules, compile};
use serde_json::Value;

mod cases;

use self::cases::{CASES, made};

const PAGE: &str = include_str!("../../../../docs/refused.md");

/// The lists of changes, and whose rules and prices they change.
const LISTS: [(&str, &str); 5] = [
    ("rules", "small_book"),
    ("portfolio", "portfolio_margin"),
    ("credit", "credit"),
    ("priced_bounds", "priced_bounds"),
    ("volatility", "volatility_rates"),
];

/// The words in the last column of the page's tables, as they stand there.
fn words() -> Vec<&'static str> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |"));
    let cells = rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next());
    // What is in backticks.
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

/// Whether `said` is said in these words, `…` standing for any text.
fn is_in(words: &str, said: &str) -> bool {
    let mut parts = words.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = said.strip_prefix(first) else { return false };
    let mut last = first;
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        (rest, last) = (behind, part);
    }
    words.ends_with('…') || rest.is_empty() || said.ends_with(last)
}

/// What is said of rules and prices, or `None` if they compile.
fn said(rules: &str, prices: &str) -> Option<String> {
    let rules = match Rules::parse(rules) {
        Ok(rules) => rules,
        Err(error) => return Some(error.to_string()),
    };
    let prices = match Prices::parse(prices) {
        Ok(prices) => prices,
        Err(error) => return Some(error.to_string()),
    };
    compile(&rules, &prices).err().map(|error| error.to_string())
}

/// The rules and prices of a book of the crate `rules`.
fn book(folder: &str) -> [String; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/tests/books").join(folder);
    ["rules.toml", "prices.json"].map(|file| std::fs::read_to_string(folder.join(file)).unwrap())
}

#[track_caller]
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// What is said of the changes with which the web page is compared.
fn of_lists() -> Vec<String> {
    let native = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/test/native");
    let of = |(list, folder): (&str, &str)| -> Vec<String> {
        let text = std::fs::read_to_string(native.join(format!("{list}.json"))).unwrap();
        let changes: Vec<Value> = serde_json::from_str(&text).unwrap();
        let [rules, prices] = book(folder);
        let changed = |change: &Value| {
            let text = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
            let prices = match change.get("prices") {
                Some(prices) => prices.to_string(),
                None => replaced(&prices, &text("price_from"), &text("price_to")),
            };
            said(&replaced(&rules, &text("from"), &text("to")), &prices)
        };
        changes.iter().filter_map(changed).collect()
    };
    LISTS.into_iter().flat_map(of).collect()
}

/// What is said of the cases here.
fn of_cases() -> Vec<String> {
    let changed = |&(folder, [from, to], [price_from, price_to]): &cases::Case| {
        let [rules, prices] = book(folder);
        let said = said(&replaced(&rules, from, to), &replaced(&prices, price_from, price_to));
        said.unwrap_or_else(|| {
            panic!("is taken: {folder}: {from} -> {to}, {price_from} -> {price_to}")
        })
    };
    let made = made().into_iter().map(|[rules, prices]| said(&rules, &prices).expect("is refused"));
    CASES.iter().map(changed).chain(made).collect()
}

#[test]
fn the_page_lists_what_is_refused_and_nothing_else() {
    let words = words();
    let said: Vec<String> = of_lists().into_iter().chain(of_cases()).collect();
    let unlisted = said.iter().filter(|said| !words.iter().any(|words| is_in(words, said)));
    let unlisted: Vec<_> = unlisted.collect();
    assert!(unlisted.is_empty(), "in no line of the page: {unlisted:#?}");
    let unsaid = words.iter().filter(|words| !said.iter().any(|said| is_in(words, said)));
    let unsaid: Vec<_> = unsaid.collect();
    assert!(unsaid.is_empty(), "no case is refused in these words: {unsaid:#?}");
}

#[test]
fn words_stand_for_what_they_say() {
    for (words, said) in [("a: …", "a: b"), ("…: b", "a: b"), ("a … c", "a b c"), ("a", "a")]
    {
        assert!(is_in(words, said), "{words}");
    }
    for (words, said) in [("a: …", "b: a: c"), ("…: b", "a: bc"), ("a … c", "a c"), ("a", "ab")]
    {
        assert!(!is_in(words, said), "{words}");
    }
}

//! For tests: the small book, what is refused and why, and files that a test compares or rewrites.

use std::{fmt::Display, fs, path::Path};

use crate::{compile::compile, prices::Prices, rules::Rules, table::Compiled};

/// The rules file of the small book: mark, maintenance and a crash of BTC, USDC and ETH-PERP.
pub const RULES: &str = include_str!("../tests/books/small_book/rules.toml");

/// The prices file of the small book.
pub const PRICES: &str = include_str!("../tests/books/small_book/prices.json");

/// The reserves file of the small book.
pub const RESERVES: &str = include_str!("../tests/books/small_book/reserves.json");

/// The rules and prices of the small book.
pub fn small_book() -> (Rules, Prices) {
    (parsed(Rules::parse(RULES)), parsed(Prices::parse(PRICES)))
}

/// The small book's instrument table.
pub fn small_table() -> Compiled {
    let (rules, prices) = small_book();
    parsed(compile(&rules, &prices))
}

/// Compiles the small book after the changes to its two files, each a text and what replaces it.
///
/// # Errors
/// If the changed rules are refused or do not compile; the error's text.
pub fn small_book_with(
    rules: &[(&str, &str)],
    prices: &[(&str, &str)],
) -> Result<Compiled, String> {
    let rules = Rules::parse(&changed(RULES, rules)).map_err(|error| error.to_string())?;
    let prices = parsed(Prices::parse(&changed(PRICES, prices)));
    compile(&rules, &prices).map_err(|error| error.to_string())
}

/// A text after each change, in order. The first place of each is replaced, and must exist.
#[track_caller]
pub fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the text has no `{from}`");
        text.replacen(from, to, 1)
    })
}

/// Asserts that something is refused with an error that starts with `expected`.
#[track_caller]
pub fn refuses<T, E: Display>(result: Result<T, E>, expected: &str) {
    let error = refusal(result, expected);
    assert!(error.starts_with(expected), "expected `{expected}..`, got `{error}`");
}

/// Asserts that something is refused with an error that contains `expected`.
#[track_caller]
pub fn refuses_with<T, E: Display>(result: Result<T, E>, expected: &str) {
    let error = refusal(result, expected);
    assert!(error.contains(expected), "expected `..{expected}..`, got `{error}`");
}

/// Asserts that the file at `path` holds `text`. With `PACIOLI_BLESS` set the file is written
/// first. Not for files that must never change, such as stored attestations.
#[track_caller]
pub fn bless(path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
    let (path, text) = (path.as_ref(), text.as_ref());
    if std::env::var_os("PACIOLI_BLESS").is_some()
        && let Err(error) = fs::write(path, text)
    {
        panic!("{}: {error}", path.display());
    }
    match fs::read(path) {
        Ok(stored) if stored == text => {}
        Ok(_) => panic!("{} differs; if that is meant, run with PACIOLI_BLESS=1", path.display()),
        Err(error) => panic!("{}: {error}; PACIOLI_BLESS=1 writes it", path.display()),
    }
}

#[track_caller]
fn refusal<T, E: Display>(result: Result<T, E>, expected: &str) -> String {
    match result {
        Ok(_) => panic!("expected `{expected}..`, got no error"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn parsed<T, E: Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

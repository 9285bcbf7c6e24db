//! For tests: the small book, what is refused and why, and files that a test compares or rewrites.

use std::{env, fmt::Display, fs, path::Path};

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

/// Asserts that the file at `path` holds `text`. With `PACIOLI_BLESS` set the file is written first,
/// unless it is frozen.
#[track_caller]
pub fn bless(path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
    let (path, text) = (path.as_ref(), text.as_ref());
    let stored = fs::read(path);
    let differs = stored.as_ref().map_or(true, |stored| stored != text);
    // What is as it should be is left alone: tests beside this one may be reading it.
    if differs && env::var_os("PACIOLI_BLESS").is_some() && !is_frozen(path) {
        return write(path, text);
    }
    match stored {
        Ok(stored) if stored == text => {}
        Ok(_) if is_frozen(path) => panic!("{} is frozen and differs", path.display()),
        Ok(_) => panic!("{} differs; if that is meant, run with PACIOLI_BLESS=1", path.display()),
        Err(error) => panic!("{}: {error}; PACIOLI_BLESS=1 writes it", path.display()),
    }
}

/// Whether files that hold proofs are to be written, which differ from run to run:
/// `PACIOLI_BLESS=proofs`. Any other value leaves them, so that two runs give the same files.
pub fn blesses_proofs() -> bool {
    env::var_os("PACIOLI_BLESS").is_some_and(|value| value == "proofs")
}

/// The file at `path`, which holds a proof. Written first where [`blesses_proofs`].
#[track_caller]
pub fn stored(path: impl AsRef<Path>, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let path = path.as_ref();
    assert!(!is_frozen(path), "{} is frozen", path.display());
    if blesses_proofs() {
        write(path, &make());
    }
    read(path)
}

/// The file at `path`, which is frozen: it shows that old attestations keep verifying, so
/// `PACIOLI_BLESS` never writes it. While its version is a draft, `PACIOLI_FREEZE` with the file's
/// name, without `.json`, does.
#[track_caller]
pub fn frozen(path: impl AsRef<Path>, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let path = path.as_ref();
    assert!(is_frozen(path), "{} is not named as a frozen file", path.display());
    let draft = path.file_stem().is_some_and(|name| name.to_string_lossy().contains("_draft"));
    if draft && env::var_os("PACIOLI_FREEZE").as_deref() == path.file_stem() {
        write(path, &make());
    }
    read(path)
}

/// Whether the file is one of a version's attestation: `attestation_v1.json` and what is said of it.
fn is_frozen(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("attestation_v"))
}

#[track_caller]
fn write(path: &Path, text: &[u8]) {
    if let Err(error) = fs::write(path, text) {
        panic!("{}: {error}", path.display());
    }
}

#[track_caller]
fn read(path: &Path) -> Vec<u8> {
    match fs::read(path) {
        Ok(stored) => stored,
        Err(error) => panic!("{}: {error}", path.display()),
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

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/attestation_v1_draft.json");

    #[test]
    #[should_panic(expected = "is frozen and differs")]
    fn a_frozen_file_is_not_blessed() {
        bless(STORED, "another text");
    }

    #[test]
    #[should_panic(expected = "is frozen")]
    fn a_frozen_file_is_not_one_that_is_made_anew_with_the_proofs() {
        stored(STORED, Vec::new);
    }

    #[test]
    #[should_panic(expected = "is not named as a frozen file")]
    fn a_frozen_file_has_the_name_of_one() {
        frozen("shape.txt", Vec::new);
    }
}

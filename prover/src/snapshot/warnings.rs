//! What stands out in a snapshot and may be right: said before anything is proved.
//!
//! Ids are compared byte by byte, and a venue may have two that differ only by case. More often one
//! address was written in two ways, and its deposit and its loan are then two accounts, one of them
//! with bad debt. Nothing is put together here: whoever knows the ids decides.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};

use rayon::prelude::*;

use super::{accounts::Accounts, holdings::Snapshot};

/// Something in a snapshot that whoever made it should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Pairs of ids that differ only as spellings of one do, by their first lines.
    TwoSpellings(Few<(String, String)>),
    /// Ids that look like numbers that a spreadsheet or a data frame wrote anew, by first lines.
    Rewritten(Few<String>),
}

/// The first few, and how many more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<T> {
    /// The first few.
    pub first: Vec<T>,
    /// How many more there are.
    pub more: usize,
}

/// As many as a warning shows.
const SHOWN: usize = 5;

/// The least digits of an address in hexadecimal: Ethereum's 40. Shorter ids are words.
const ADDRESS_DIGITS: usize = 40;

impl Snapshot {
    /// What stands out in the ids of the accounts. It takes 16 bytes an account meanwhile.
    pub fn warnings(&self) -> Vec<Warning> {
        let ids = self.accounts.ids().enumerate();
        let rewritten = ids.filter(|(_, id)| is_rewritten(id));
        let rewritten =
            rewritten.map(|(account, _)| self.told(first_line(&self.accounts, account)));
        let rewritten = Few::of(rewritten).map(Warning::Rewritten);
        let pairs = self.two_spellings().into_iter();
        let spellings = Few::of(pairs.map(|(first, other)| (self.told(first), self.told(other))));
        spellings.map(Warning::TwoSpellings).into_iter().chain(rewritten).collect()
    }

    /// A line, with its file where there are several.
    fn told(&self, line: u64) -> String {
        match self.files.find(line) {
            (Some(file), line) => format!("{line} of {file}"),
            (None, line) => line.to_string(),
        }
    }

    /// The first lines of every two accounts whose ids are spellings of one, in order.
    fn two_spellings(&self) -> Vec<(u64, u64)> {
        let accounts = &self.accounts;
        let id = |account: usize| accounts.id(account).unwrap_or_default();
        let hash = |account: usize| {
            let mut hasher = DefaultHasher::new();
            spelling(id(account)).for_each(|byte| byte.hash(&mut hasher));
            (hasher.finish(), account as u32)
        };
        let mut hashes: Vec<(u64, u32)> = (0..accounts.len()).into_par_iter().map(hash).collect();
        hashes.par_sort_unstable();
        let mut pairs = Vec::new();
        for alike in hashes.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
            let first = alike[0].1 as usize;
            for other in alike[1..].iter().map(|(_, other)| *other as usize) {
                if spelling(id(first)).eq(spelling(id(other))) {
                    pairs.push((first_line(accounts, first), first_line(accounts, other)));
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }
}

/// The line of an account's first holding.
fn first_line(accounts: &Accounts, account: usize) -> u64 {
    accounts.holdings_of(account).next().map_or(0, |holding| holding.place.line)
}

/// What all spellings of an id have in common: small letters, and of an address its digits alone.
fn spelling(id: &str) -> impl Iterator<Item = u8> + '_ {
    let digits = id.strip_prefix("0x").or_else(|| id.strip_prefix("0X")).unwrap_or(id);
    let is_address =
        digits.len() >= ADDRESS_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let told = if is_address { digits.trim_start_matches('0') } else { id };
    told.bytes().map(|byte| byte.to_ascii_lowercase())
}

/// Whether an id is a number as spreadsheets and data frames write one: `1.58292E+18`, `1024.0`.
fn is_rewritten(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let decimal = |text: &str| match text.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(text),
    };
    match id.split_once(['e', 'E']) {
        Some((number, power)) => decimal(number) && power.strip_prefix('+').is_some_and(digits),
        None => id.split_once('.').is_some_and(|(whole, rest)| digits(whole) && rest == "0"),
    }
}

impl<T> Few<T> {
    fn of(mut all: impl Iterator<Item = T>) -> Option<Self> {
        let first: Vec<_> = all.by_ref().take(SHOWN).collect();
        (!first.is_empty()).then(|| Self { first, more: all.count() })
    }

    /// The first few in words, and the number of all.
    fn told(&self, word: impl Fn(&T) -> String) -> (usize, String) {
        let first: Vec<_> = self.first.iter().map(word).collect();
        let more = if self.more > 0 { format!(" and {} more", self.more) } else { String::new() };
        (self.first.len() + self.more, format!("{}{more}", first.join(", ")))
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoSpellings(pairs) => {
                let (count, lines) = pairs.told(|(first, second)| format!("{first} and {second}"));
                let pairs = if count == 1 { "pair" } else { "pairs" };
                write!(
                    f,
                    "{count} {pairs} of account ids differ only by the case of letters, `0x` or zeros \
                     in front, on lines {lines}: each id is an account of its own; if one is meant, \
                     write it in one way"
                )
            }
            Self::Rewritten(lines) => {
                let (count, lines) = lines.told(String::clone);
                let (ids, on) =
                    if count == 1 { ("id looks", "line") } else { ("ids look", "lines") };
                write!(
                    f,
                    "{count} account {ids} like a number that a spreadsheet or a data frame wrote \
                     anew, such as 1.58292E+18 or 1024.0, on {on} {lines}: export ids as text"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_csv;

    fn warnings(ids: &[&str]) -> Vec<String> {
        let rows: String = ids.iter().map(|id| format!("{id},X,1\n")).collect();
        let book = read_csv(format!("account,asset,amount\n{rows}").as_bytes(), "").unwrap();
        book.warnings().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_address_in_two_spellings_is_warned_of_with_both_lines() {
        let address = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        let small = address.to_lowercase();
        let [checked, short, zeros] =
            [format!("0x{address}"), format!("0X{small}"), format!("0x{}{small}", "0".repeat(24))];
        let told = warnings(&[&checked, "b", &small, &short, &zeros]);
        assert_eq!(
            told,
            [
                "3 pairs of account ids differ only by the case of letters, `0x` or zeros in front, on \
              lines 2 and 4, 2 and 5, 2 and 6: each id is an account of its own; if one is meant, \
              write it in one way"
            ]
        );
        assert!(!told[0].contains(address), "ids stay out of logs");
        assert!(warnings(&["Alice", "bob", "alice"])[0].contains("on lines 2 and 4: "));
        for ids in [["alice", "alicia"], ["0x01", "0x1"], ["beef", "0xbeef"], ["1", "01"]] {
            assert_eq!(warnings(&ids), [""; 0], "{ids:?}");
        }
    }

    #[test]
    fn the_first_pairs_are_shown_and_the_others_counted() {
        let ids: Vec<_> = (0..20).flat_map(|id| [format!("a{id}"), format!("A{id}")]).collect();
        let told = warnings(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(told[0].starts_with("20 pairs of account ids"), "{told:?}");
        assert!(told[0].contains("2 and 3, 4 and 5, 6 and 7, 8 and 9, 10 and 11 and 15 more: "));
    }

    #[test]
    fn ids_that_a_spreadsheet_wrote_anew_are_warned_of() {
        let told = warnings(&["1.58292E+18", "x", "7e+20", "1024.0"]);
        assert!(told[0].starts_with("3 account ids look like"), "{told:?}");
        assert!(told[0].ends_with("on lines 2, 4, 5: export ids as text"), "{told:?}");
        let fine = ["1582920000000000000", "1E18", "a.0", "1.5", "0xE+1", "E+1", "v1.0", "1.0.0"];
        assert_eq!(warnings(&fine), [""; 0]);
    }
}

//! The name that somebody most likely meant: for errors alone, never for a decision.

use std::fmt;

/// The longest name that is compared by its letters: nothing of ours is longer.
const LONGEST: usize = 64;

/// ` (did you mean `X`?)`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closest(pub Option<String>);

impl Closest {
    /// The name closest to `name` among those that are known, if one is close enough: it differs
    /// only by case, begins or ends it as words do, or differs by a slip or two.
    pub fn of<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        if name.is_empty() || name.len() > LONGEST {
            return Self(None);
        }
        let known = known.into_iter().filter(|one| one.len() <= LONGEST && *one != name);
        let best = known.filter_map(|one| Some((distance(name, one)?, one)));
        // The least name among equals, so that the same mistake has the same answer.
        Self(best.min().map(|(_, one)| one.to_owned()))
    }
}

impl fmt::Display for Closest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, " (did you mean `{}`?)", name.escape_debug()),
            None => Ok(()),
        }
    }
}

/// How far a known name is from what was written; `None` if nobody would take one for the other.
fn distance(name: &str, known: &str) -> Option<usize> {
    if name.eq_ignore_ascii_case(known) {
        return Some(0);
    }
    let [name, known] = [name, known].map(str::to_ascii_lowercase);
    // `BTC` for `deposit BTC`, `deposit BTC tier 1` for `deposit BTC`, `long BTC` for `long BTC-PERP`.
    let is_part = |part: &str, whole: &str| {
        let goes_on =
            |rest: &str| rest.starts_with(' ') || (rest.starts_with('-') && part.contains(' '));
        let ends = whole.strip_prefix(part).is_some_and(goes_on);
        ends || whole.strip_suffix(part).is_some_and(|rest| rest.ends_with(' '))
    };
    if is_part(&name, &known) || is_part(&known, &name) {
        return Some(1);
    }
    let words = |text: &str| text.split([' ', ',']).map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (words(&name), words(&known));
    if ours.len() != theirs.len() {
        return Some(1 + few_slips(&name, &known)?);
    }
    // Word by word: `deposit ETC` is another asset, `depsoit ETH` a slip.
    ours.iter().zip(&theirs).try_fold(1, |sum, (one, other)| Some(sum + few_slips(one, other)?))
}

/// The slips between two words, if they are few for their length. Three letters are a ticker, and
/// another letter is another one: of them only two exchanged letters are a slip.
fn few_slips(one: &str, other: &str) -> Option<usize> {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let sorted = |word: &[u8]| {
        let mut letters = word.to_vec();
        letters.sort_unstable();
        letters
    };
    let most = match one.len().min(other.len()) {
        3 if sorted(one) == sorted(other) => 1,
        0..4 => 0,
        4..6 => 1,
        _ => 2,
    };
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    Some(slips(one, other)).filter(|slips| *slips <= most)
}

/// How many letters were left out, added, replaced, or exchanged with the next one.
fn slips(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 8] = [
        "borrow USDC",
        "deposit BTC",
        "deposit ETH",
        "deposit USDC",
        "long BTC-PERP",
        "quote credit",
        "quote debit",
        "short BTC-PERP",
    ];

    fn meant(name: &str) -> Option<String> {
        Closest::of(name, KNOWN).0
    }

    #[test]
    fn a_slip_has_a_suggestion() {
        for (name, meant_name) in [
            ("deposit btc", "deposit BTC"),
            ("DEPOSIT BTC", "deposit BTC"),
            ("BTC", "deposit BTC"),
            ("usdc", "borrow USDC"),
            ("deposit BTC tier 1", "deposit BTC"),
            ("long BTC", "long BTC-PERP"),
            ("long BTCPERP", "long BTC-PERP"),
            ("depsoit BTC", "deposit BTC"),
            ("deposits ETH", "deposit ETH"),
            ("quote debt", "quote debit"),
            ("deposit BCT", "deposit BTC"),
            ("quote_credit", "quote credit"),
        ] {
            assert_eq!(meant(name).as_deref(), Some(meant_name), "{name}");
        }
    }

    #[test]
    fn what_is_close_to_nothing_has_none() {
        for name in [
            "",
            "X",
            "deposit ETC",
            "deposit BT",
            "EHT",
            "deposit DOGE",
            "sell BTC",
            "equity:mark",
            &"a".repeat(1000),
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
        assert_eq!(Closest::of("BTC", ["ETH", "BT", "XRP"]).0, None, "two letters are no slip");
        assert_eq!(Closest::of("ETH", ["ETH-PERP"]).0, None, "an asset is not its market");
        assert_eq!(
            Closest::of("DOGE", ["DAI", "dog", "DOGE2"]).to_string(),
            " (did you mean `DOGE2`?)"
        );
        assert_eq!(Closest(None).to_string(), "");
    }
}

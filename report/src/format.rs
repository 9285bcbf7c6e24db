//! Amounts, ratios, counts and ages as text.

use jiff::{SignedDuration, Timestamp};
use pacioli_rules::{Amount, SignedAmount};

/// A count and its noun: `1 account`, `2 accounts`.
pub fn plural(number: impl ToString, one: &str) -> String {
    let number = number.to_string();
    let s = if number == "1" { "" } else { "s" };
    format!("{number} {one}{s}")
}

/// A number of customers' accounts, and of the venue's own accounts after a `+`.
pub fn counted(customers: u64, own: u64) -> String {
    if own == 0 { customers.to_string() } else { format!("{customers} + {own}") }
}

/// A whole number with its thousands apart: `1,234`.
pub fn thousands(number: impl ToString) -> String {
    group(&number.to_string())
}

/// An amount with its thousands apart: `1,234.5`.
pub fn grouped(amount: &Amount) -> String {
    group(&amount.to_string())
}

/// A signed amount with its thousands apart: `-1,234.5`.
pub fn grouped_signed(amount: &SignedAmount) -> String {
    let sign = if amount.negative { "-" } else { "" };
    format!("{sign}{}", grouped(&amount.size))
}

/// A sentence with the thousands of its numbers apart. Only what is a number from blank to blank
/// counts, punctuation at its end aside: names and times stay.
pub fn sentence(text: &str) -> String {
    let word = |word: &str| {
        let number = word.trim_end_matches([',', ':', ';', '.']);
        let digits = number.strip_prefix('-').unwrap_or(number);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = [whole, fraction]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_number {
            return word.to_owned();
        }
        let sign = if digits.len() < number.len() { "-" } else { "" };
        format!("{sign}{}{}", group(digits), &word[number.len()..])
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A number without a sign, with its thousands apart.
fn group(text: &str) -> String {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text, String::new()),
    };
    let digits = whole.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = digits.map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",") + &fraction
}

/// A ratio with all its decimals, so that those of a column are equally long: `1.0000`.
pub fn ratio(ratio: &Amount) -> String {
    with_decimals(ratio, ratio.decimals as usize)
}

/// Rounding of an amount in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// Upwards: liabilities and bad debt are never shown smaller than they are.
    More,
    /// Downwards: holdings are never shown larger than they are.
    Less,
}

/// An amount with few decimals: two from a thousand on, six below.
pub fn brief(amount: &Amount, toward: Toward) -> String {
    let whole = amount.rounded(0, false).to_string();
    let decimals = if whole.len() > 3 { 2 } else { 6 };
    grouped(&amount.rounded(decimals, toward == Toward::More))
}

/// A signed amount with few decimals, never shown larger than it is.
pub fn brief_signed(amount: &SignedAmount) -> String {
    if amount.negative {
        format!("-{}", brief(&amount.size, Toward::More))
    } else {
        brief(&amount.size, Toward::Less)
    }
}

/// An amount with two decimals, rounded up.
pub fn cents_up(amount: &Amount) -> String {
    with_decimals(&amount.rounded(2, true), 2)
}

/// An amount with two decimals, rounded down.
pub fn cents_down(amount: &Amount) -> String {
    with_decimals(&amount.rounded(2, false), 2)
}

/// An amount of at most so many decimals with exactly as many.
fn with_decimals(amount: &Amount, decimals: usize) -> String {
    let text = grouped(amount);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if decimals == 0 { text } else { format!("{whole}.{fraction:0<decimals$}") }
}

/// A time on a chain, in seconds since 1970.
pub fn time(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| format!("second {seconds}"), |time| time.to_string())
}

/// How old something is.
pub fn age(time: Timestamp, now: Timestamp) -> String {
    let age = now.duration_since(time);
    if age.is_negative() { "just now".to_owned() } else { format!("{} old", length(age)) }
}

/// How far something is from the time of something else.
pub fn apart(distance: SignedDuration, what: &str) -> String {
    match (distance.is_zero(), distance.is_negative()) {
        (true, _) => format!("at {what}'s time"),
        (_, true) => format!("{} before {what}", length(distance)),
        (_, false) => format!("{} after {what}", length(distance)),
    }
}

/// A length of time in its two largest units.
pub fn length(time: SignedDuration) -> String {
    let seconds = time.as_secs().unsigned_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{} d {hours} h", thousands(days)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(&Amount::new(1_234_567u32, 0)), "1,234,567");
        assert_eq!(grouped(&Amount::new(1_234_567u32, 3)), "1,234.567");
        assert_eq!(grouped(&Amount::new(999u32, 0)), "999");
        assert_eq!(grouped(&Amount::new(0u32, 5)), "0");
        let negative = SignedAmount { negative: true, size: Amount::new(123_456u32, 2) };
        assert_eq!(grouped_signed(&negative), "-1,234.56");
        assert_eq!(thousands(1_000), "1,000");
    }

    #[test]
    fn numbers_of_a_sentence_are_grouped_and_names_and_times_are_not() {
        for (text, expected) in [
            ("owed 17681545.5, at most 999.", "owed 17,681,545.5, at most 999."),
            ("-1234 USD is left: 1234.5678; done", "-1,234 USD is left: 1,234.5678; done"),
            ("1000SHIB BTC-26DEC2026-100000-C", "1000SHIB BTC-26DEC2026-100000-C"),
            ("2026-01-01T00:00:00Z 0x12345678", "2026-01-01T00:00:00Z 0x12345678"),
            ("12345..67 1234.5.6 - . ", "12345..67 1234.5.6 - . "),
        ] {
            assert_eq!(sentence(text), expected);
        }
    }

    #[test]
    fn ratios_of_a_column_are_equally_long() {
        let ratios = [10_000u32, 9_820, 9_999, 0].map(|units| ratio(&Amount::new(units, 4)));
        assert_eq!(ratios, ["1.0000", "0.9820", "0.9999", "0.0000"]);
        assert_eq!(ratio(&Amount::new(7u32, 0)), "7");
    }

    #[test]
    fn a_rounded_amount_never_flatters_the_venue() {
        let amount = Amount::new(1_234_567_890_001u64, 9);
        assert_eq!(brief(&amount, Toward::More), "1,234.57");
        assert_eq!(brief(&amount, Toward::Less), "1,234.56");
        let least = Amount::new(1u32, 16);
        assert_eq!(
            (brief(&least, Toward::More), brief(&least, Toward::Less)),
            ("0.000001".into(), "0".into())
        );
        assert_eq!(brief(&Amount::new(1_500u32, 2), Toward::More), "15");
        let lacking = SignedAmount { negative: true, size: least };
        assert_eq!(brief_signed(&lacking), "-0.000001");
    }

    #[test]
    fn amounts_are_shown_to_two_digits_on_the_safe_side() {
        let shown = |units: u64, decimals| {
            let amount = Amount::new(units, decimals);
            (cents_up(&amount), cents_down(&amount))
        };
        let same = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(shown(1_234_500, 3), same("1,234.50"));
        assert_eq!(shown(1_234_501, 3), ("1,234.51".to_owned(), "1,234.50".to_owned()));
        assert_eq!(shown(1, 16), ("0.01".to_owned(), "0.00".to_owned()));
        assert_eq!(shown(0, 16), same("0.00"));
        assert_eq!(shown(7, 0), same("7.00"));
        assert_eq!(shown(71, 1), same("7.10"));
    }

    #[test]
    fn a_length_of_time_is_told_in_two_units() {
        for (seconds, told) in [
            (0, "0 s"),
            (59, "59 s"),
            (61, "1 min 1 s"),
            (7_260, "2 h 1 min"),
            (90_000, "1 d 1 h"),
            (-90_000, "1 d 1 h"),
        ] {
            assert_eq!(length(SignedDuration::from_secs(seconds)), told);
        }
        let time: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(age(time, time), "0 s old");
        assert_eq!(
            apart(SignedDuration::from_secs(-60), "the snapshot"),
            "1 min 0 s before the snapshot"
        );
        assert_eq!(apart(SignedDuration::ZERO, "the snapshot"), "at the snapshot's time");
    }
}

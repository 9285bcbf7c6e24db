//! Lengths of time as arguments.

/// A number of seconds, as `90s`, `30m`, `25h` or `2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub u64);

impl std::str::FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];
        let seconds = units.into_iter().find_map(|(letter, unit)| {
            let digits = text.strip_suffix(letter)?;
            let plain = digits.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| digits.parse::<u64>().ok()?.checked_mul(unit)).flatten()
        });
        seconds.map(Self).ok_or_else(|| "a time is such as 90s, 30m, 25h or 2d".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        for (text, seconds) in [("90s", 90), ("30m", 1_800), ("25h", 90_000), ("2d", 172_800)] {
            assert_eq!(text.parse(), Ok(Seconds(seconds)));
        }
        for text in ["", "h", "2", "+2h", "1.5h", "2w", "300000000000000d"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }
}

//! What people type.

use anyhow::{Context, Result};
use clap::Parser;

use super::book::VENUE;
use crate::args::Args;

/// Commands about a venue, which they name.
const ABOUT_A_VENUE: [&str; 6] = ["venue", "fund", "observer", "submit", "claim", "status"];

/// A command as it is typed, and as the command line reads it: one that it would not take is no command.
pub fn told(words: &[&str]) -> Result<(String, Args)> {
    let mut words = words.to_vec();
    if words.first().is_some_and(|first| ABOUT_A_VENUE.contains(first)) {
        words.extend(["--venue", VENUE]);
    }
    let all = ["pacioli"].iter().chain(&words);
    let args = Args::try_parse_from(all.clone())
        .with_context(|| format!("the drill names a command that there is not: {words:?}"))?;
    let quoted = all.map(|word| quoted(word)).collect::<Vec<_>>();
    Ok((quoted.join(" "), args))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_there_is_not_is_never_told() {
        assert!(told(&["venue", "recheck"]).is_ok());
        for words in [&["venue", "recheck", "--hard"][..], &["venue", "paws"], &["venue", "pause"]]
        {
            let error = told(words).err().unwrap();
            assert!(error.to_string().contains("a command that there is not"), "{error}");
        }
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        let (text, _) = told(&["venue", "pause", "--reason", "it's a leak"]).unwrap();
        let end = format!("--reason 'it'\\''s a leak' --venue '{VENUE}'");
        assert_eq!(text, format!("pacioli venue pause {end}"));
    }
}

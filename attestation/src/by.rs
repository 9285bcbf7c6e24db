//! Who vouches for a figure or a clause, in one letter.
//!
//! A clause's letter is that of the worst it rests on. Figures at prices are proved at those
//! prices, which are the publisher's word: a report says so once, not at each of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who vouches for it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// It is proved, for the accounts in the book.
    #[serde(rename = "P")]
    Proved,
    /// It was computed here from what is proved or public.
    #[serde(rename = "R")]
    Recomputed,
    /// It was read on a chain by whoever checks.
    #[serde(rename = "C")]
    Chain,
    /// Observers signed it, or a custodian whose key the reader names.
    #[serde(rename = "O")]
    Observers,
    /// It is the publisher's word.
    #[serde(rename = "W")]
    Publisher,
}

impl By {
    /// The letter.
    pub fn letter(self) -> char {
        match self {
            Self::Proved => 'P',
            Self::Recomputed => 'R',
            Self::Chain => 'C',
            Self::Observers => 'O',
            Self::Publisher => 'W',
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_written_as_it_is_printed() {
        for by in [By::Proved, By::Recomputed, By::Chain, By::Observers, By::Publisher] {
            assert_eq!(serde_json::to_string(&by).unwrap(), format!("\"{by}\""));
        }
        assert!(By::Proved < By::Recomputed && By::Observers < By::Publisher, "from best to worst");
    }
}

//! All that is refused in one run, so that nobody learns of a file's faults one run at a time.

use std::fmt;

/// The most refusals that are kept and shown.
pub const MAX_SHOWN: usize = 100;

/// Refusals in the order in which they were found: the first [`MAX_SHOWN`], and how many more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several<E> {
    /// The first of them.
    pub first: Vec<E>,
    /// How many more there are.
    pub more: u64,
}

impl<E> Default for Several<E> {
    fn default() -> Self {
        Self { first: Vec::new(), more: 0 }
    }
}

impl<E> Several<E> {
    /// Whether nothing is refused.
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Takes in one more refusal.
    pub(crate) fn add(&mut self, refusal: E) {
        if self.first.len() < MAX_SHOWN { self.first.push(refusal) } else { self.more += 1 }
    }

    /// Nothing if nothing is refused, the one refusal if there is one, and otherwise all of them.
    pub(crate) fn result(mut self, all: impl FnOnce(Self) -> E) -> Result<(), E> {
        match (self.first.len(), self.first.pop()) {
            (_, None) => Ok(()),
            (1, Some(one)) => Err(one),
            (_, Some(last)) => {
                self.first.push(last);
                Err(all(self))
            }
        }
    }
}

impl<E: fmt::Display> fmt::Display for Several<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused in {} places:", self.first.len() as u64 + self.more)?;
        for one in &self.first {
            write!(f, "\n{one}")?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(count: usize) -> Result<(), String> {
        let mut several = Several::default();
        (1..=count).for_each(|number| several.add(format!("number {number}")));
        several.result(|all| all.to_string())
    }

    #[test]
    fn one_refusal_stands_alone_and_a_hundred_are_shown() {
        assert_eq!(shown(0), Ok(()));
        assert_eq!(shown(1).unwrap_err(), "number 1");
        assert_eq!(shown(2).unwrap_err(), "refused in 2 places:\nnumber 1\nnumber 2");
        assert!(shown(MAX_SHOWN).unwrap_err().ends_with("\nnumber 100"));
        let more = shown(MAX_SHOWN + 7).unwrap_err();
        assert!(more.starts_with("refused in 107 places:\n"), "{more}");
        assert!(more.ends_with("\nnumber 100\nand 7 more"), "{more}");
    }
}

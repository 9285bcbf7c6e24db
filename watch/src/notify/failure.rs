//! Why a receiver did not take something.

/// Why something was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The receiver refuses it, and says so.
    Refused(String),
    /// It does not answer.
    Silent(String),
}

impl Failure {
    /// In words.
    pub fn why(&self) -> &str {
        let (Self::Refused(why) | Self::Silent(why)) = self;
        why
    }
}

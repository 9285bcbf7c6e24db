//! How a venue stands.

use serde::{Deserialize, Serialize};

/// The registry's six states, and that it is not known. In order of severity, the registry's own
/// (docs/states.md); `Unknown` is worse than what is known to be no breach, and hides none.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing is wrong.
    Healthy,
    /// Something has to be looked at.
    Warning,
    /// A source could not be read, or two do not agree.
    #[default]
    Unknown,
    /// The latest attestation is too old.
    Expired,
    /// A clause fails, or what was said is refuted.
    Breach,
    /// Owner, guardian or observers paused the venue.
    Paused,
    /// There is no attestation.
    None,
}

impl State {
    /// All of them, the best first.
    pub const ALL: [Self; 7] = [
        Self::Healthy,
        Self::Warning,
        Self::Unknown,
        Self::Expired,
        Self::Breach,
        Self::Paused,
        Self::None,
    ];

    /// Its name in files, labels and texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Breach => "breach",
            Self::Paused => "paused",
            Self::None => "none",
        }
    }

    /// How urgent it is, in the words of alerting systems.
    pub fn severity(self) -> &'static str {
        match self {
            Self::Healthy => "info",
            Self::Warning => "warning",
            Self::Unknown | Self::Expired | Self::Breach | Self::Paused | Self::None => "critical",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_between_what_holds_and_what_does_not() {
        assert!(State::ALL.is_sorted());
        assert!(State::Warning < State::Unknown && State::Unknown < State::Expired);
        assert_eq!(State::Healthy.max(State::Unknown), State::Unknown);
        assert_eq!(State::Breach.max(State::Unknown), State::Breach);
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}

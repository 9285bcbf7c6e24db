//! The four ways a command ends.

use std::process::ExitCode;

use pacioli_attestation::{VerifyError, statement::StatementError};
use pacioli_objects::ObjectsError;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Checked, and it holds; or done.
    Holds,
    /// Checked, and it does not hold.
    DoesNotHold,
    /// Something was missing or unreadable, so nothing was checked.
    CouldNotCheck,
    /// The same may succeed later: storage does not answer, or volumes are missing.
    TryAgain,
}

impl Outcome {
    /// What an error means: an attestation or a statement that was read whole, checked and refused
    /// does not hold, everything else could not be checked. A file that was damaged on its way, or
    /// that is another than the one meant, says nothing of whoever made it.
    pub fn of(error: &anyhow::Error) -> Self {
        let storage = error.downcast_ref::<ObjectsError>();
        if error.is::<Later>() || storage.is_some_and(ObjectsError::may_pass) {
            return Self::TryAgain;
        }
        let attestation = error.downcast_ref::<VerifyError>();
        let statement = error.downcast_ref::<StatementError>();
        match (attestation, statement) {
            (Some(VerifyError::Form(_) | VerifyError::Key { .. }), _)
            | (_, Some(StatementError::Attestation { .. })) => Self::CouldNotCheck,
            (None, None) if !error.is::<Refused>() => Self::CouldNotCheck,
            _ => Self::DoesNotHold,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Holds => Self::SUCCESS,
            Outcome::DoesNotHold => Self::from(1),
            Outcome::CouldNotCheck => Self::from(2),
            // EX_TEMPFAIL of sysexits.h.
            Outcome::TryAgain => Self::from(75),
        }
    }
}

/// What the command line refuses by itself, having checked it.
#[derive(Debug)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// What may succeed later.
#[derive(Debug)]
pub struct Later(pub String);

impl std::fmt::Display for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Later {}

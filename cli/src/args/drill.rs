//! Arguments of `pacioli drill`.

use clap::ValueEnum;

/// An incident to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Incident {
    /// The reserves are drained: rechecks shut the gates, and the fund pays.
    Breach,
    /// The prover is dead: the attestation expires, and the next one heals.
    Stale,
    /// An oracle leaves its band: a failing price shuts the gates, a true one opens them.
    Depeg,
    /// The carrier's key is stolen, then the publisher's, which signs a false book.
    KeyTheft,
    /// A bug is found in the verifier: it is frozen, and another takes its place.
    BadVerifier,
    /// All of them.
    All,
}

/// Arguments of `drill`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples: everything, then one incident as an exercise in which people type the commands.
  pacioli drill
  pacioli drill breach --pause

Exits with 0 if every step came out as the documents say, and with 1 at the first that did not.")]
pub struct DrillArgs {
    /// The incident.
    #[arg(value_enum, default_value = "all")]
    pub incident: Incident,
    /// Wait for Enter before each step, where the input is a terminal.
    #[arg(long)]
    pub pause: bool,
}

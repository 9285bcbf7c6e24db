//! Why venues are not put in one network.

use jiff::{SignedDuration, Timestamp};
use pacioli_rules::{Closest, Decimal};
use thiserror::Error;

use super::network::NetworkError;

/// Why nothing is said of the venues together.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ContagionError {
    /// One venue hurts nobody.
    #[error("at least two attestations are needed, each of another venue")]
    One,
    /// More venues than anybody has.
    #[error("{0} attestations are given, and at most {most} are read together", most = super::venue::MOST)]
    Many(usize),
    /// Two attestations of one venue, or of two that nobody can tell apart.
    #[error(
        "{} and {} are both of the venue `{}`{}: give one attestation of each venue", .files[0],
        .files[1], .name.escape_debug(), also(.name, .other)
    )]
    Twice {
        /// The files.
        files: [String; 2],
        /// The first's venue.
        name: String,
        /// The second's.
        other: String,
    },
    /// Rules without the scenario.
    #[error(
        "{file}: the rules have no scenario `{}` that reserves are valued in (`mark` or a \
         stress){closest}", .scenario.escape_debug()
    )]
    Scenario {
        /// The file.
        file: String,
        /// The scenario asked for.
        scenario: String,
        /// The one that may be meant.
        closest: Closest,
    },
    /// Two venues that differ in what must be one.
    #[error("{} and {} cannot be read together: {what} is {} in the first and {} in the second",
        .files[0], .files[1], .values[0], .values[1])]
    Differs {
        /// The files.
        files: [String; 2],
        /// In what.
        what: String,
        /// What each says.
        values: Box<[String; 2]>,
    },
    /// Prices that lie apart.
    #[error(
        "{} and {} cannot be read together: {what} is {} in the first and {} in the second, which \
         lie further apart than {band}", .files[0], .files[1], .values[0], .values[1]
    )]
    Apart {
        /// The files.
        files: [String; 2],
        /// Of what.
        what: String,
        /// What each says.
        values: Box<[String; 2]>,
        /// How far they may lie apart, as a part of the smaller.
        band: Decimal,
    },
    /// Times that lie apart.
    #[error(
        "{} and {} cannot be read together: {} of {} and {} of {} lie further apart than {within:#}",
        .files[0], .files[1], .what[0], .times[0], .what[1], .times[1]
    )]
    Times {
        /// The files.
        files: [String; 2],
        /// Of what each time is.
        what: [&'static str; 2],
        /// The times.
        times: Box<[Timestamp; 2]>,
        /// How far they may lie apart.
        within: SignedDuration,
    },
    /// A custodian that is nearly one of the venues.
    #[error(
        "{place}: the custodian `{}` is none of the venues given{closest}: if it is another, say so \
         with --outside", .custodian.escape_debug()
    )]
    Custodian {
        /// The file and the entry.
        place: String,
        /// The custodian.
        custodian: String,
        /// The venue that may be meant.
        closest: Closest,
    },
    /// A venue cannot back itself.
    #[error("{place}: a claim of `{}` on itself backs nothing", .venue.escape_debug())]
    Itself {
        /// The file and the entry.
        place: String,
        /// The venue.
        venue: String,
    },
    /// One address that two venues show.
    #[error(
        "{} and {} show the same address, `{}`: what is there counts once, and nobody can say for whom",
        .places[0], .places[1], .address.escape_debug()
    )]
    Address {
        /// The two entries.
        places: [String; 2],
        /// The address.
        address: String,
    },
    /// One account that two venues show.
    #[error(
        "{} and {} show the same account at `{}`, `{}`: what it is owed counts once, and nobody can \
         say for whom", .places[0], .places[1], .venue.escape_debug(), .account.escape_debug()
    )]
    Account {
        /// The two entries.
        places: [String; 2],
        /// The venue that the account is at.
        venue: String,
        /// The account.
        account: String,
    },
    /// Two statements of one account.
    #[error("{} and {} are statements of one account, `{}`", .files[0], .files[1],
        .account.escape_debug())]
    Statements {
        /// The files.
        files: [String; 2],
        /// The account.
        account: String,
    },
    /// A statement of an account that no venue shows.
    #[error(
        "{file}: no reserve of another venue is a claim on `{}` under the account `{}`{closest}",
        .venue.escape_debug(), .account.escape_debug()
    )]
    Unclaimed {
        /// The statement's file.
        file: String,
        /// The venue that the account is at.
        venue: String,
        /// The account.
        account: String,
        /// The account that may be meant.
        closest: Closest,
    },
    /// More is claimed of a venue than it owes.
    #[error(
        "more is claimed of `{}` in `{}` than its book owes there, {owed} {quote}: {claims}",
        .venue.escape_debug(), .scenario.escape_debug()
    )]
    Claimed {
        /// The venue.
        venue: String,
        /// The scenario.
        scenario: String,
        /// What it owes.
        owed: String,
        /// The currency.
        quote: Box<str>,
        /// The claims, in words.
        claims: String,
    },
    /// What no network has.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

impl ContagionError {
    /// Whether the files contradict each other, rather than being others than were meant.
    pub fn is_refused(&self) -> bool {
        match self {
            Self::Itself { .. } | Self::Address { .. } | Self::Account { .. } => true,
            Self::Claimed { .. } => true,
            Self::One | Self::Many(_) | Self::Twice { .. } | Self::Scenario { .. } => false,
            Self::Differs { .. } | Self::Apart { .. } | Self::Times { .. } => false,
            Self::Custodian { .. } | Self::Statements { .. } | Self::Unclaimed { .. } => false,
            Self::Network(_) => false,
        }
    }
}

fn also(name: &str, other: &str) -> String {
    if name == other {
        return String::new();
    }
    format!(", which the second spells `{}`", other.escape_debug())
}

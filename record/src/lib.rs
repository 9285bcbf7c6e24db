//! Attestations over time.
//!
//! A [`Folder`] of attestations, each verified by its reader, is a [`Record`]: a chain whose gaps and
//! forks are found, with a [`Point`] for each of its figures. A [`Comparison`] tells two of them apart,
//! a [`Table`] is for programs, and a [`pack`] keeps what verifying one takes.

mod attested;
mod change;
mod compare;
pub mod export;
mod folder;
mod letters;
pub mod pack;
mod point;
mod record;
mod state;

pub use attested::Attested;
pub use change::{Pair, signed_difference};
pub use compare::{AssetChange, Comparison, Flow, HoldingChange, PriceChange, ScenarioChange};
pub use export::{Format, Table};
pub use folder::{Folder, FolderError, Found, is_attestation};
pub use letters::{Given, Letters, letters};
pub use point::{AssetPoint, Held, MarketPoint, Point, ScenarioPoint};
pub use record::{Judged, Reading, Record, Refused, Step};
pub use state::State;

//! What a checked attestation says, as one page for people who decide: an investment committee, an
//! allocator, a board.
//!
//! [`Subject`] is one attestation and what its reader knows besides: evidence of reserves, their own
//! policy and prices, the attestations before. [`page()`] makes one HTML file of it, which asks no network
//! for anything, prints, and counts its age when it is opened. [`site`] makes a folder for a web server
//! from many attestations.
//!
//! [`Judgement`] decides what may be green: what holds by what was read, or signed by others than the
//! publisher. The words of the verdict are those of [`headline`], the same as everywhere else. A
//! [`Moment`] is one attestation as a point in time.
//!
//! Nothing here reads a file, asks a node, or verifies: whoever calls does.

mod chart;
mod cover;
pub mod format;
pub mod headline;
mod held;
mod judgement;
mod limits;
mod moment;
pub mod moves;
mod page;
mod parts;
mod points;
mod second;
mod section;
pub mod shown;
pub mod site;
mod subject;
#[cfg(test)]
mod tests;
mod worth;

pub use cover::{AtSecond, Cover, Reach};
pub use held::{Held, held, known, unread, why};
pub use judgement::{Judgement, Tone};
pub use limits::{LETTERS, LIMITS};
pub use moment::{Moment, Past};
pub use page::page;
pub use second::{Difference, Second};
pub use subject::{Asked, DEFAULT_AGE, Made, Previous, Subject};

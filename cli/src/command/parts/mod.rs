//! The steps of a run beyond one machine: docs/scale.md.

mod assemble;
mod deal;
mod dealer;
mod index;
mod objects;
mod open;
mod resources;
mod status;
mod store;
mod volume;

pub use assemble::{assemble, assemble_into};
pub use deal::{continued, deal, deal_into};
pub use dealer::{DealerFolder, Forms, Told};
pub use objects::RunObjects;
pub use open::{collect, open_volume};
pub use resources::no_core_dumps;
pub use status::status;
pub use store::OutFolder;
pub use volume::prove_volume;

//! A node over JSON-RPC, and the key that signs for one account. What alloy does asynchronously waits
//! here until it is done.

mod drand;
mod esplora;
mod header;
mod http;
mod key;
mod logs;
mod node;
mod pinned;
mod placed;
mod reading;
mod secrets;
mod simulation;
mod web;

pub use alloy_rpc_types_eth::{BlockId, BlockNumberOrTag};
pub use drand::fetch_round;
pub use esplora::{BitcoinBlock, Esplora};
pub use header::{HeaderError, header_rlp};
pub use key::{Key, KeyError, recovered};
pub use node::Node;
pub use placed::Placed;
pub use reading::{Balance, Block, is_local};
pub use simulation::{Call, Simulated};
pub use web::{fetch, post};

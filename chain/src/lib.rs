//! A node over JSON-RPC, and the key that signs for one account. What alloy does asynchronously waits
//! here until it is done.

mod esplora;
mod header;
mod key;
mod logs;
mod node;
mod simulation;
mod reading;
mod secrets;

pub use alloy_rpc_types_eth::{BlockId, BlockNumberOrTag};
pub use esplora::{BitcoinBlock, Esplora};
pub use header::{HeaderError, header_rlp};
pub use key::{Key, KeyError};
pub use node::Node;
pub use simulation::{Call, Simulated};
pub use reading::{Balance, Block, is_local};

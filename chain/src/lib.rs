//! A node over JSON-RPC, and the key that signs for one account. What alloy does asynchronously waits
//! here until it is done.

mod header;
mod key;
mod node;

pub use header::{HeaderError, header_rlp};
pub use key::{Key, KeyError};
pub use node::Node;

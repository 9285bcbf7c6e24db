//! Servers that encrypt, and whom they must be.

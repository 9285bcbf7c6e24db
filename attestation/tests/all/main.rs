//! Setups: files of our own, and the import of `.ptau` files.

mod ptau;
mod setup_file;

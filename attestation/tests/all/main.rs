//! Setups: files of our own, and the import of `.ptau` files.

mod example;
mod ptau;
mod setup_file;

//! Options: their values against an independent computation, and what they make of a table.

mod constraints;
mod page;
mod table;
mod vectors;

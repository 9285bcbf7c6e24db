//! Statements: what an honest venue gives checks, and what anybody else makes up does not.
//!
//! `honest` goes the straight way, `cases` lists what is changed in a statement and the refusal it
//! meets, `planted` puts an account where nothing is counted.

mod cases;
mod fixture;
mod honest;
mod planted;

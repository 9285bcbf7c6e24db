//! Statements: what an honest venue gives checks, and what anybody else makes up does not.
//!
//! `honest` goes the straight way, `cases` lists what is changed in a statement and the refusal it
//! meets, `parts` has runs in parts whose workers and shards lie, `vectors` keeps some of those as files for other checkers, `planted` puts an account where
//! nothing is counted, `runs` is about nonces and interrupted builds, `privacy` about what
//! neighbours see.

mod cases;
mod fixture;
mod forms;
mod honest;
mod parts;
mod planted;
mod privacy;
mod runs;
mod vectors;

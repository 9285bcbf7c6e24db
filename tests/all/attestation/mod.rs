//! Attestations of version 1: a stored one keeps verifying, and one that was changed anywhere does
//! not.

mod bytes;
mod fields;
mod fixture;
mod form;
mod open_interest;
mod volumes;

//! Networks by hand and at random, and venues that are made up.

mod networks;
mod refusals;
mod venues;
mod world;

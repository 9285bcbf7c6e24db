//! Statements on chain: what an honest venue gives is accepted, and what anybody else makes up is
//! refused, as it is off chain.
//!
//! `fixture` is a venue with two attestations and a chain that knows both, `cases` what may be
//! changed and the refusal it meets on either side, `forged` who knows the scheme and cheats, and
//! `claims` whose statement it is, and `forms`
//! what plain and covered lines are worth, and `many` statements together. `made` makes statements over any table without a proof: `gas`
//! measures them, `registered` says what is asked of the registry.

mod cases;
mod claims;
mod fixture;
mod forged;
mod forms;
mod gas;
mod made;
mod many;
mod registered;

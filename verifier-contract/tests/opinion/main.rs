//! A second opinion: the verifier that `snark-verifier` generates for the same key, which shares no
//! code with the one of this crate. Native verifier, contract and this one are asked the same.

mod agreement;
mod differences;
#[path = "../verifier/fixture.rs"]
#[expect(dead_code, reason = "the verifier's own tests use the rest")]
mod fixture;
mod second;

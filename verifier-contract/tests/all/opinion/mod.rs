//! A second opinion: the verifier that `snark-verifier` generates for the same key, which shares no
//! code with the one of this crate. Native verifier, contract and this one are asked the same.

mod agreement;
mod differences;
mod second;
mod theta;

use crate::verifier::fixture;

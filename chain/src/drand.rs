//! A round of drand, from a server that anyone may run: its signature says by itself whether it is one.

use std::time::Duration;

use pacioli_verifier_contract::chain::ChainError;

use crate::web::fetch;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most bytes of an answer: a round has some 300.
const MOST: usize = 1 << 16;

/// What a server answers for a round of a network, which is not checked here.
///
/// # Errors
/// If the URL is not an HTTP URL, or the server does not answer as it should.
pub fn fetch_round(server: &str, network: &str, round: u64) -> Result<Vec<u8>, ChainError> {
    let url = format!("{}/{network}/public/{round}", server.trim_end_matches('/'));
    fetch(&url, MOST, PATIENCE).map_err(|error| match error {
        ChainError::Node(why) => ChainError::Node(format!("drand, round {round}: {why}")),
        error => error,
    })
}

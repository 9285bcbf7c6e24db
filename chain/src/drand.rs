//! A round of drand, from a server that anyone may run: its signature says by itself whether it is one.

use std::time::Duration;

use pacioli_verifier_contract::chain::ChainError;

use crate::http::client;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most bytes of an answer: a round has some 300.
const MOST: usize = 1 << 16;

/// What a server answers for a round of a network, which is not checked here.
///
/// # Errors
/// If the URL is not an HTTP URL, or the server does not answer as it should.
pub fn fetch_round(server: &str, network: &str, round: u64) -> Result<Vec<u8>, ChainError> {
    let (client, runtime) = client(server, PATIENCE)?;
    let explain = |error: reqwest::Error| {
        let text = error.without_url().to_string();
        let text = text.escape_debug();
        ChainError::Node(format!("the server of drand does not answer as it should: {text}"))
    };
    let url = format!("{}/{network}/public/{round}", server.trim_end_matches('/'));
    runtime.block_on(async {
        let sent = client.get(url).send().await;
        let mut answer = sent.and_then(reqwest::Response::error_for_status).map_err(explain)?;
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(explain)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > MOST {
                let text = "the server's answer is too long to be a round";
                return Err(ChainError::Node(text.to_owned()));
            }
        }
        Ok(bytes)
    })
}

//! A file that a server has, of whatever kind.

use std::time::Duration;

use pacioli_verifier_contract::chain::ChainError;

use crate::{http::client, secrets::without_secrets};

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The bytes of a file at a URL, of which nothing is checked here.
///
/// # Errors
/// If the URL is not an HTTP URL, the server does not answer as it should, or the file is longer than
/// `most`.
pub fn fetch_document(url: &str, most: usize) -> Result<Vec<u8>, ChainError> {
    let (client, runtime) = client(url, PATIENCE)?;
    let explain = |error: reqwest::Error| {
        let text = without_secrets(&error.without_url().to_string(), url);
        let text = text.escape_debug();
        ChainError::Node(format!("the server does not answer as it should: {text}"))
    };
    runtime.block_on(async {
        let sent = client.get(url).send().await;
        let mut answer = sent.and_then(reqwest::Response::error_for_status).map_err(explain)?;
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(explain)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > most {
                let text = format!("the file has more than {most} bytes");
                return Err(ChainError::Node(text));
            }
        }
        Ok(bytes)
    })
}

//! What any server over HTTP has or takes, at most so much of it.

use std::time::Duration;

use pacioli_verifier_contract::chain::ChainError;

use crate::{http::client, secrets::without_secrets};

/// How long a server may take that is given something.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a server has at a URL, in at most so many bytes and so much time. Nothing of it is checked.
///
/// # Errors
/// If the URL is not an HTTP URL, or the server does not answer with success, or with more.
pub fn fetch(url: &str, most: usize, patience: Duration) -> Result<Vec<u8>, ChainError> {
    let (client, runtime) = client(url, patience)?;
    runtime.block_on(async {
        let sent = client.get(url).send().await;
        let mut answer = sent
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| explain(&error, url))?;
        let expected = answer.content_length();
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|error| explain(&error, url))? {
            if bytes.len() + part.len() > most {
                let text = format!("the server's answer has more than {most} bytes");
                return Err(ChainError::Node(text));
            }
            bytes.extend_from_slice(&part);
        }
        if expected.is_some_and(|expected| expected != bytes.len() as u64) {
            return Err(ChainError::Node("the server's answer is cut off".to_owned()));
        }
        Ok(bytes)
    })
}

/// Gives a server something, and returns the status that it answers with.
///
/// # Errors
/// If the URL is not an HTTP URL, a header is none, or the server does not answer.
pub fn post(url: &str, headers: &[(&str, String)], body: Vec<u8>) -> Result<u16, ChainError> {
    let (client, runtime) = client(url, PATIENCE)?;
    let mut request = client.post(url).header("content-type", "application/json").body(body);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    // Its timer needs the runtime from the beginning.
    let sent = runtime.block_on(async { request.send().await });
    Ok(sent.map_err(|error| explain(&error, url))?.status().as_u16())
}

fn explain(error: &reqwest::Error, url: &str) -> ChainError {
    let status = error.status().map(|status| format!(": it says {}", status.as_u16()));
    let text = status.unwrap_or_else(|| {
        let mut text = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(one) = cause {
            text = format!("{text}: {one}");
            cause = one.source();
        }
        without_secrets(&text, url).escape_debug().to_string()
    });
    ChainError::Node(format!("the server does not answer as it should{text}"))
}

//! A client for servers over HTTP, which are believed in nothing.

use std::time::Duration;

use pacioli_verifier_contract::chain::ChainError;
use tokio::runtime::{Builder, Runtime};

/// A client and what runs it, for a server at a URL that may take `patience` for an answer. It follows
/// no redirects.
///
/// # Errors
/// If the URL is not an HTTP URL, or the system provides neither.
pub(crate) fn client(
    url: &str,
    patience: Duration,
) -> Result<(reqwest::Client, Runtime), ChainError> {
    let parsed: Option<reqwest::Url> = url.parse().ok();
    if !parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
        let text = "the server's address has to begin with http(s)://";
        return Err(ChainError::Node(text.to_owned()));
    }
    // Installed before: then it is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let other = |error: String| ChainError::Node(error);
    let client = reqwest::Client::builder()
        .timeout(patience)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| other(error.to_string()))?;
    let runtime = Builder::new_current_thread().enable_all().build();
    Ok((client, runtime.map_err(|error| other(error.to_string()))?))
}

//! One thing told to one receiver, in its own way.

use jiff::Timestamp;
use pacioli_chain::post;
use serde_json::Value;

use super::{
    exec,
    failure::Failure,
    message::document,
    pagerduty,
    webhook::{self, WebhookSecret},
};
use crate::{
    config::{Alertmanager, Exec, Pagerduty, Via, Webhook},
    store::Delivery,
};

/// Tells a receiver one thing.
///
/// # Errors
/// If it does not take it.
pub(super) fn deliver(via: &Via, delivery: &Delivery) -> Result<(), Failure> {
    let silent = |error: crate::config::SecretError| Failure::Silent(error.to_string());
    let read = |given: &crate::config::Given| given.read().map_err(silent);
    let hidden = |given: &crate::config::Hidden| given.read().map_err(silent);
    match via {
        Via::Alertmanager(_) => Ok(()),
        Via::Webhook(Webhook { url, secret, old_secret }) => {
            let mut secrets = Vec::new();
            for one in [Some(secret), old_secret.as_ref()].into_iter().flatten() {
                let secret = WebhookSecret::parse(&hidden(one)?);
                secrets.push(secret.map_err(|error| Failure::Silent(error.to_string()))?);
            }
            let body = webhook::body(delivery).to_string().into_bytes();
            let headers = webhook::headers(&delivery.message, Timestamp::now(), &body, &secrets);
            status(post(read(url)?.expose(), &headers, body))
        }
        Via::Pagerduty(Pagerduty { url, routing_key }) => {
            let body = pagerduty::event(delivery, hidden(routing_key)?.expose());
            send(read(url)?.expose(), &[], &body)
        }
        Via::Exec(Exec { program, args, timeout }) => {
            exec::run(program, args, timeout.0, &document(delivery).to_string())
        }
    }
}

/// Tells Alertmanager all that is open.
///
/// # Errors
/// If it does not take it.
pub(super) fn open(via: &Via, body: &Value) -> Result<(), Failure> {
    let Via::Alertmanager(Alertmanager { url, .. }) = via else { return Ok(()) };
    let url = url.read().map_err(|error| Failure::Silent(error.to_string()))?;
    send(&format!("{}/api/v2/alerts", url.expose().trim_end_matches('/')), &[], body)
}

fn send(url: &str, headers: &[(&str, String)], body: &Value) -> Result<(), Failure> {
    status(post(url, headers, body.to_string().into_bytes()))
}

fn status(
    answer: Result<u16, pacioli_verifier_contract::chain::ChainError>,
) -> Result<(), Failure> {
    match answer {
        Ok(200..=299) => Ok(()),
        Ok(other) => Err(Failure::Refused(format!("it answers with status {other}"))),
        Err(error) => Err(Failure::Silent(error.to_string())),
    }
}

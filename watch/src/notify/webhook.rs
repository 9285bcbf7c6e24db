//! Standard Webhooks 1.0: an identity, a time, and a signature over both and the body.
//!
//! While a secret is replaced there are two, and a signature by each: a receiver accepts either. It
//! refuses a time that is minutes off, and an identity that it has seen.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

use super::message::{document, word};
use crate::{config::Secret, store::Delivery};

/// A secret of 24 to 64 bytes.
pub struct WebhookSecret(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}

/// A text that is not such a secret. It is not shown.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the secret has to be `whsec_` and 24 to 64 random bytes in base 64")]
pub struct WebhookSecretError;

impl WebhookSecret {
    /// Reads `whsec_` and base 64.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(secret: &Secret) -> Result<Self, WebhookSecretError> {
        let text = secret.expose().strip_prefix("whsec_").ok_or(WebhookSecretError)?;
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| WebhookSecretError)?);
        match bytes.len() {
            24..=64 => Ok(Self(bytes)),
            _ => Err(WebhookSecretError),
        }
    }

    fn sign(&self, message: &str, second: i64, body: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0);
        let mut mac = mac.expect("a key of this algorithm may have any length");
        mac.update(format!("{message}.{second}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The body.
pub fn body(delivery: &Delivery) -> Value {
    json!({
        "type": format!("pacioli.alert.{}", word(delivery.told)),
        "timestamp": delivery.at.to_string(),
        "data": document(delivery),
    })
}

/// The three headers. The time is that of the attempt; the identity is that of what is told.
pub fn headers(
    message: &str,
    now: Timestamp,
    body: &[u8],
    secrets: &[WebhookSecret],
) -> [(&'static str, String); 3] {
    let second = now.as_second();
    let signatures: Vec<_> = secrets.iter().map(|one| one.sign(message, second, body)).collect();
    [
        ("webhook-id", message.to_owned()),
        ("webhook-timestamp", second.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{alert::Told, notify::testing::delivery};

    fn secret(text: &str) -> Result<WebhookSecret, WebhookSecretError> {
        WebhookSecret::parse(&Secret::from(text.to_owned()))
    }

    /// The example of the reference libraries of Standard Webhooks.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let secret = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_give_two_signatures_of_one_identity() {
        let one = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let other = secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let now = Timestamp::from_second(5).unwrap();
        let delivery = delivery(Told::Raised);
        let [id, time, signatures] = headers(&delivery.message, now, b"{}", &[one, other]);
        assert!(id.1.starts_with("pacioli-") && id.1.ends_with("-0-raised"), "{id:?}");
        assert_eq!(time.1, "5");
        let signatures: Vec<_> = signatures.1.split(' ').collect();
        assert!(signatures.len() == 2 && signatures[0] != signatures[1]);
        assert_eq!(body(&delivery)["type"], "pacioli.alert.raised");
    }

    #[test]
    fn a_short_or_malformed_secret_is_refused_and_not_shown() {
        for text in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!!!"] {
            let error = secret(text).unwrap_err().to_string();
            assert!(!error.contains(text), "{error}");
        }
    }
}

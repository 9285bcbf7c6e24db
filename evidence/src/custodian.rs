//! What a custodian states: the amount that it holds for a venue at a time. It counts for a reader who
//! knows the custodian's key from somewhere else.

use std::{fmt, str::FromStr};

use alloy_primitives::Address;
use jiff::Timestamp;
use pacioli_rules::{Decimal, strict::parse_utc_time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    challenge::{MAX_TEXT, Subject},
    signature::{Ed25519Key, SignatureError, verify_ed25519, verify_eip191},
};

/// A custodian's statement, signed.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Custodian {
    /// The custodian's name, as the reserve has it and as the reader names the key.
    pub name: String,
    /// The statement.
    pub message: String,
    /// The signature: hexadecimal digits behind `0x`.
    pub signature: String,
}

/// The key by which a reader knows a custodian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustodianKey {
    /// Ed25519: signs the statement's bytes.
    Ed25519(Ed25519Key),
    /// The account of a secp256k1 key: signs as EIP-191 has it.
    Account(Address),
}

/// A text names no key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "a custodian's key is `ed25519:` and 64 hexadecimal digits, or the account of a secp256k1 key: 0x \
     and 40 digits"
)]
pub struct CustodianKeyError;

impl fmt::Display for CustodianKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ed25519(key) => {
                write!(f, "ed25519:{}", alloy_primitives::hex::encode(key.bytes()))
            }
            Self::Account(account) => write!(f, "{account}"),
        }
    }
}

impl FromStr for CustodianKey {
    type Err = CustodianKeyError;

    fn from_str(text: &str) -> Result<Self, CustodianKeyError> {
        if let Some(digits) = text.strip_prefix("ed25519:") {
            let bytes = alloy_primitives::hex::decode(digits).map_err(|_| CustodianKeyError)?;
            return Ed25519Key::of(&bytes).map(Self::Ed25519).map_err(|_| CustodianKeyError);
        }
        let is_account = text.starts_with("0x") && text.len() == 42;
        let account = is_account.then(|| text.parse().ok()).flatten();
        account.map(Self::Account).ok_or(CustodianKeyError)
    }
}

/// The statement's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodianText {
    /// The custodian.
    pub name: String,
    /// Which reserve of which venue.
    pub subject: Subject,
    /// How much is held for the venue, in whole units.
    pub amount: Decimal,
    /// When.
    pub at: Timestamp,
}

/// Why a statement is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CustodianError {
    /// Not a text of this form.
    #[error("the text is no custodian's statement: {0}")]
    Form(&'static str),
    /// A line that says something else.
    #[error("the statement is for another {field}: `{}`, and this is `{}`",
        .got.escape_debug(), .expected.escape_debug())]
    Another {
        /// What differs.
        field: &'static str,
        /// What it says.
        got: String,
        /// What it must say.
        expected: String,
    },
    /// The signature is not the custodian's.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Custodian {
    /// Checks the signature under a key, and that the statement is about this reserve. What it says of
    /// amount and time is given, for whoever knows what they must be.
    ///
    /// # Errors
    /// If it is forged, or about something else.
    pub fn check(
        &self,
        subject: &Subject,
        key: &CustodianKey,
    ) -> Result<(Decimal, Timestamp), CustodianError> {
        let (amount, at) = self.read(subject)?;
        let Self { message, signature, .. } = self;
        let bytes = signature.strip_prefix("0x").and_then(|digits| {
            (digits.len() <= 200).then(|| alloy_primitives::hex::decode(digits).ok()).flatten()
        });
        let bytes = bytes.ok_or(SignatureError::Malformed("it is not digits behind 0x"))?;
        match key {
            CustodianKey::Ed25519(key) => verify_ed25519(message.as_bytes(), &bytes, key)?,
            CustodianKey::Account(account) => verify_eip191(message, &bytes, *account)?,
        }
        Ok((amount, at))
    }

    /// What the text says, checked to be about this reserve, whoever signed it.
    ///
    /// # Errors
    /// If it is about something else.
    pub fn read(&self, subject: &Subject) -> Result<(Decimal, Timestamp), CustodianError> {
        let text = &self.message;
        if text.len() > MAX_TEXT {
            return Err(CustodianError::Form("it is too long"));
        }
        let lines: Vec<&str> = text.split('\n').collect();
        let line = |index: usize, name: &str| {
            let line = lines.get(index).copied().unwrap_or_default();
            line.strip_prefix(name).ok_or(CustodianError::Form("a line is missing"))
        };
        let amount: Decimal =
            line(6, "Amount: ")?.parse().map_err(|_| CustodianError::Form("no amount"))?;
        if amount.is_negative() {
            return Err(CustodianError::Form("the amount is negative"));
        }
        let at = parse_utc_time(line(7, "At: ")?).ok_or(CustodianError::Form("no time"))?;
        let (name, subject) = (self.name.clone(), subject.clone());
        let expected = CustodianText { name, subject, amount, at }.to_string();
        let fields = ["chain", "custodian", "venue", "purpose", "asset", "account"];
        let pairs = lines.iter().zip(expected.split('\n'));
        for (field, (got, expected)) in fields.into_iter().zip(pairs) {
            if *got != expected {
                let (got, expected) = ((*got).to_owned(), expected.to_owned());
                return Err(CustodianError::Another { field, got, expected });
            }
        }
        if *text != expected {
            return Err(CustodianError::Form("a line differs"));
        }
        Ok((amount, at))
    }
}

impl fmt::Display for CustodianText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, subject, amount, at } = self;
        let Subject { venue, purpose, asset, chain, address } = subject;
        writeln!(f, "Pacioli custodian's statement on {chain}\nCustodian: {name}")?;
        writeln!(f, "Venue: {venue}\nPurpose: {}\nAsset: {asset}", purpose.name())?;
        writeln!(f, "Account: {chain}:{address}\nAmount: {amount}\nAt: {at}")?;
        write!(f, "The custodian holds this amount for the venue and for nobody else.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::tests::reserve;

    fn signed() -> (Custodian, Subject, CustodianKey) {
        use ed25519_dalek::{Signer, SigningKey};
        let at = "2026-11-21T00:00:00Z".parse().unwrap();
        let address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        let subject = Subject::of("Sample", &reserve("ETH", "eip155:1", address)).unwrap();
        let (name, amount) = ("Keeper".to_owned(), "2.5".parse().unwrap());
        let text = CustodianText { name: name.clone(), subject: subject.clone(), amount, at };
        let message = text.to_string();
        let secret = SigningKey::from_bytes(&[9; 32]);
        let hex = |bytes: &[u8]| alloy_primitives::hex::encode_prefixed(bytes);
        let signature = hex(&secret.sign(message.as_bytes()).to_bytes());
        let key = format!("ed25519:{}", &hex(&secret.verifying_key().to_bytes())[2..]);
        (Custodian { name, message, signature }, subject, key.parse().unwrap())
    }

    #[test]
    fn a_statement_is_of_one_key_and_one_reserve() {
        let (statement, subject, key) = signed();
        let (amount, at) = statement.check(&subject, &key).unwrap();
        assert_eq!(
            (amount.to_string(), at.to_string()),
            ("2.5".into(), "2026-11-21T00:00:00Z".into())
        );
        let other = CustodianKey::Account(Address::repeat_byte(1));
        assert!(matches!(statement.check(&subject, &other), Err(CustodianError::Signature(_))));
        for (from, to, said) in [
            ("Venue: Sample", "Venue: Other", "for another venue"),
            ("Custodian: Keeper", "Custodian: Bank", "for another custodian"),
            ("customers", "insurance", "for another purpose"),
            ("Asset: ETH", "Asset: BTC", "for another asset"),
            ("0xf39f", "0xf39e", "for another account"),
            ("Amount: 2.5", "Amount: 25", "forged"),
            ("Amount: 2.5", "Amount: -2.5", "the amount is negative"),
            ("2026-11-21", "2026-11-22", "forged"),
            ("nobody else", "somebody else", "a line differs"),
        ] {
            let mut changed = statement.clone();
            assert!(changed.message.contains(from), "{from}");
            changed.message = changed.message.replacen(from, to, 1);
            let error = changed.check(&subject, &key).unwrap_err().to_string();
            assert!(error.contains(said), "{from}: {error}");
        }
    }

    #[test]
    fn a_key_is_written_in_one_of_two_ways() {
        let base = "ed25519:5866666666666666666666666666666666666666666666666666666666666666";
        for text in ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", base] {
            assert_eq!(text.parse::<CustodianKey>().unwrap().to_string(), text);
        }
        for text in ["", "0x", "ed25519:", "ed25519:00", "f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"]
        {
            assert!(text.parse::<CustodianKey>().is_err(), "{text}");
        }
    }
}

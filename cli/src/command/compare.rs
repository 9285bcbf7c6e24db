//! A verifier on a chain, compared with the reader's own key and with what the compiler makes of it.

use alloy_primitives::{Address, B256};
use anyhow::{Context, Result};
use pacioli_attestation::setup::Origin;
use pacioli_circuits::Shape;
use pacioli_verifier_contract::{artifacts, chain::Chain, evm::Evm};
use serde_json::{Value, json};

use super::{build::Build, key_source::KeySource};
use crate::progress::Shown;

/// The result of one comparison, or why there is none.
pub enum Compared {
    Same,
    Other(String),
    Not(&'static str),
}

impl Compared {
    /// Whether it was compared, and is another.
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Other(how) => Some(how),
            _ => None,
        }
    }

    /// Why it was not compared.
    pub fn missing(&self) -> Option<&str> {
        match self {
            Self::Not(how) => Some(how),
            _ => None,
        }
    }

    /// In words, where what was expected is called so.
    pub fn said(&self, same: &str) -> String {
        match self {
            Self::Same => same.to_owned(),
            Self::Other(how) => format!("DIFFERENT, {how}"),
            Self::Not(how) => format!("not compared: {how}"),
        }
    }

    pub fn json(&self) -> Value {
        match self {
            Self::Same => json!(true),
            Self::Other(_) => json!(false),
            Self::Not(_) => Value::Null,
        }
    }
}

/// The verifier's key is the one that the reader derives for its sizes, under a setup of this origin.
pub fn key(
    source: &KeySource,
    on_chain: B256,
    shape: Shape,
    progress: &Shown,
) -> Result<(Compared, Option<Origin>)> {
    if !source.has_key() {
        return Ok((Compared::Not("give --setup, or --key with --key-digest"), None));
    }
    let key = source.key(|| Ok(shape), progress)?;
    let digest = key.digest();
    let compared = if digest.0 == on_chain.0 {
        Compared::Same
    } else {
        Compared::Other(format!("yours is {digest}"))
    };
    Ok((compared, Some(key.origin())))
}

/// The verifier's code is what the compiler makes of the generated contract, or that of the demo's key.
pub fn code(
    chain: &mut impl Chain,
    at: Address,
    demo: bool,
    build: Option<&Build>,
) -> Result<Compared> {
    let expected = match build {
        Some(build) => build.contract("VolumeVerifier")?.runtime,
        None if demo => {
            let mut evm = Evm::new();
            let (at, _) = evm.deploy(artifacts::get("VolumeVerifier").bytecode.clone())?;
            evm.code(at)
        }
        None => {
            return Ok(Compared::Not("give --build with what solc makes of `pacioli contract`"));
        }
    };
    let code = chain.code(at)?;
    Ok(if code == expected {
        Compared::Same
    } else {
        let (got, expected) = (code.len(), expected.len());
        Compared::Other(format!("{got} bytes of code, expected {expected} others"))
    })
}

/// The sizes that a verifier on a chain is for.
pub fn shape(k: u32, page_size: usize) -> Result<Shape> {
    Shape::new(k, page_size).context("the verifier is for a shape that no circuit has")
}

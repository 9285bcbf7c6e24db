//! A verifier on a chain, compared with the reader's own key and with what the compiler makes of it.

use alloy_primitives::{Address, B256};
use anyhow::{Context, Result, anyhow};
use pacioli_circuits::Shape;
use pacioli_prover::keys::VerifyingKey;
use pacioli_verifier_contract::{artifacts, chain::Chain, evm::Evm};
use serde_json::{Value, json};

use super::{build::Build, files};
use crate::args::KeyArgs;

/// One thing that was compared, or why it was not.
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

/// The verifier's key is the one that the reader derives for its sizes.
pub fn key(args: &KeyArgs, on_chain: B256, shape: Shape) -> Result<Compared> {
    let key = match (&args.key, args.key_digest, &args.setup) {
        (Some(path), Some(digest), _) => files::read_key(path, digest)?,
        (_, _, Some(path)) => VerifyingKey::new(&files::read_setup(path)?, shape)
            .map_err(|error| anyhow!(error).context("the setup given does not fit"))?,
        _ if args.accept_insecure_setup => VerifyingKey::insecure(shape),
        _ => return Ok(Compared::Not("give --setup, or --key with --key-digest")),
    };
    let digest = key.digest();
    Ok(if digest.0 == on_chain.0 {
        Compared::Same
    } else {
        Compared::Other(format!("yours is {digest}"))
    })
}

/// The verifier's code is what the compiler makes of the generated contract.
pub fn code(
    chain: &mut impl Chain,
    at: Address,
    args: &KeyArgs,
    build: Option<&Build>,
) -> Result<Compared> {
    let expected = match build {
        Some(build) => build.contract("VolumeVerifier")?.runtime,
        None if args.accept_insecure_setup => {
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
        Compared::Other(format!("{got} bytes stand there, {expected} others were expected"))
    })
}

/// The sizes that a verifier on a chain is for.
pub fn shape(k: u32, scenarios: usize, page_size: usize) -> Result<Shape> {
    Shape::new(k, scenarios, page_size).context("the verifier is for a shape that no circuit has")
}

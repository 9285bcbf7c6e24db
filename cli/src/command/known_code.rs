//! Whether the code of a contract is known, before money or a verdict rests on it.
//!
//! A contract can claim any registry, key or terms. Those that check statements, and funds, are made
//! through a proxy, so that their addresses follow from their code and from what they were made with; a
//! verifier's code is compared itself. What was compared with nothing is taken only where somebody says so.

use std::path::PathBuf;

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::SolValue;
use anyhow::{Context, Result, bail, ensure};
use pacioli_verifier_contract::{artifacts, bindings::CompensationTerms, chain::Chain, system};
use serde_json::{Value, json};

use super::{
    build::Build,
    compare::{self, Compared},
};
use crate::{args::CodeArgs, outcome::Refused};

/// What code is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What the compiler made of the contracts of some keys.
    builds: &'a [PathBuf],
    /// Whether the contracts of the demo's key are known as well.
    demo: bool,
    /// Whether code that is compared with nothing is taken.
    unknown: bool,
}

/// How the code of a contract is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// It is as generated.
    AsGenerated,
    /// It was compared with nothing, and is taken all the same.
    Unknown,
}

impl Code {
    /// As JSON: `null` where it was not compared, as in `status`.
    pub fn json(self) -> Value {
        match self {
            Self::AsGenerated => json!(true),
            Self::Unknown => Value::Null,
        }
    }
}

impl<'a> From<&'a CodeArgs> for Known<'a> {
    fn from(args: &'a CodeArgs) -> Self {
        let CodeArgs { build, accept_insecure_setup, accept_unknown_code } = args;
        Self::new(build, *accept_insecure_setup, *accept_unknown_code)
    }
}

impl<'a> Known<'a> {
    /// What these builds have, the demo's contracts too, or anything.
    pub fn new(builds: &'a [PathBuf], demo: bool, unknown: bool) -> Self {
        Self { builds, demo, unknown }
    }

    /// Makes sure of a contract that checks statements of a registry.
    ///
    /// # Errors
    /// If it is another, or there is nothing to compare it with.
    pub fn statements(&self, registry: Address, at: Address) -> Result<Code> {
        let mut creations = Vec::new();
        for path in self.builds {
            creations.push(Build::read(path)?.contract("StatementVerifier")?.creation);
        }
        if self.demo {
            creations.push(artifacts::get("StatementVerifier").bytecode.clone());
        }
        if creations.is_empty() {
            return self.taken(&format!("the code of {at}, which checks statements,"));
        }
        let place = |creation: &Bytes| {
            let code = [&creation[..], &registry.abi_encode()].concat();
            system::part("StatementVerifier", code.into()).at
        };
        let expected: Vec<_> = creations.iter().map(place).collect();
        let listed = expected.iter().map(Address::to_string).collect::<Vec<_>>().join(" or ");
        let other = || {
            Refused(format!(
                "{at} is not where `deploy statements` puts the contract of this key and registry, \
                 which is {listed}: whoever made it may keep what is claimed"
            ))
        };
        ensure!(expected.contains(&at), other());
        Ok(Code::AsGenerated)
    }

    /// Makes sure of a verifier.
    ///
    /// # Errors
    /// If it is another, or there is nothing to compare it with, or no node to ask.
    pub fn verifier(&self, chain: Option<&mut impl Chain>, at: Address) -> Result<Code> {
        let what = format!("the code of the verifier {at}");
        if self.builds.is_empty() && !self.demo {
            return self.taken(&what);
        }
        let chain = chain.with_context(|| format!("{what} is asked of a node: give --rpc"))?;
        let mut other = None;
        let builds = self.builds.iter().map(|path| Build::read(path).map(Some));
        for build in builds.chain(self.demo.then_some(Ok(None))) {
            match compare::code(chain, at, self.demo, build?.as_ref())? {
                Compared::Same => return Ok(Code::AsGenerated),
                Compared::Other(how) => other = Some(how),
                Compared::Not(why) => bail!("{what}: {why}"),
            }
        }
        let how = other.unwrap_or_default();
        Err(Refused(format!("the verifier at {at} has another code than generated: {how}")).into())
    }

    /// Makes sure that a fund is this release's: its address follows from its code and from its terms,
    /// and any contract can answer with those.
    ///
    /// # Errors
    /// If it is another, and unknown code is not taken.
    pub fn fund(&self, terms: &CompensationTerms, at: Address) -> Result<Code> {
        let expected = fund_at(terms);
        if at == expected {
            return Ok(Code::AsGenerated);
        }
        ensure!(
            self.unknown,
            Refused(format!(
                "{at} is not where `deploy fund` puts a fund of the terms that it states, which is \
                 {expected}: whoever made it may keep what is claimed"
            ))
        );
        Ok(Code::Unknown)
    }

    /// What is compared with nothing.
    fn taken(&self, what: &str) -> Result<Code> {
        ensure!(
            self.unknown,
            "{what} was compared with nothing: give --build with what solc makes of `pacioli contract`, \
             or add --accept-unknown-code"
        );
        Ok(Code::Unknown)
    }
}

/// Where this release's fund of some terms is on every chain.
pub fn fund_at(terms: &CompensationTerms) -> Address {
    let code = &artifacts::get("Compensation").bytecode;
    system::part("Compensation", [&code[..], &terms.abi_encode()].concat().into()).at
}

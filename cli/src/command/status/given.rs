//! What the reader has: rules and prices, or an attestation that holds both.

use std::path::Path;

use alloy_primitives::{B256, keccak256};
use anyhow::Result;
use pacioli_attestation::{
    Verified,
    program::{Program, ProgramError},
};
use pacioli_rules::{Compiled, Prices};

use super::super::contract;

/// Rules that the reader has, and what they come to.
pub struct Given {
    /// The hash of their text.
    pub rules: B256,
    pub compiled: Compiled,
    /// The program that they make, or why they make none.
    pub program: Result<Program, ProgramError>,
    pub attested: Option<Attested>,
}

/// The attestation that the rules came with.
pub struct Attested {
    pub verified: Verified,
    /// The clauses of its own policy that fail.
    pub failing: Vec<String>,
    /// The differences on chain.
    pub other: Vec<String>,
}

impl Given {
    /// The rules of an attestation that was verified.
    pub fn attested(verified: Verified) -> Self {
        let prices: &Prices = &verified.attestation.prices;
        let failing = verified.clauses.iter().filter(|clause| !clause.holds);
        Self {
            rules: keccak256(verified.attestation.rules.as_bytes()),
            compiled: verified.compiled.clone(),
            program: Program::of(&verified.rules, &verified.compiled, prices),
            attested: Some(Attested {
                failing: failing.map(|clause| clause.name.clone()).collect(),
                other: Vec::new(),
                verified,
            }),
        }
    }

    /// Rules and prices from files.
    pub fn rules(rules: &Path, prices: &Path) -> Result<Self> {
        let read = contract::read(rules, prices)?;
        let program = Program::of(&read.rules, &read.compiled, &read.prices);
        Ok(Self { rules: read.digest.0.into(), compiled: read.compiled, program, attested: None })
    }

    /// Why a program that is registered for these rules is not theirs.
    pub fn other_program(&self, registered: B256) -> Option<String> {
        match &self.program {
            Ok(program) if program.hash().0 == registered.0 => None,
            Ok(program) => Some(format!("these rules make {}", program.hash())),
            Err(error) => Some(format!("these rules have no program: {error}")),
        }
    }
}

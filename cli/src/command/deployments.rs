//! The file that records what was deployed and registered, by chain.

use std::{collections::BTreeMap, path::Path};

use alloy_primitives::{Address, B256};
use anyhow::{Context, Result, bail};
use pacioli_verifier_contract::system::System;
use serde::{Deserialize, Serialize};

use super::files;
use crate::args::VenueArgs;

/// All chains, by their numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Deployments(BTreeMap<u64, OnChain>);

/// What is on one chain.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnChain {
    /// The block before the first contract: nothing has to be searched for earlier.
    #[serde(default)]
    pub first_block: u64,
    /// Contracts by name; of several, the last.
    #[serde(default)]
    pub contracts: BTreeMap<String, Address>,
    /// Venues by name.
    #[serde(default)]
    pub venues: BTreeMap<String, B256>,
}

impl Deployments {
    /// Reads the file; what is not there records nothing.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = files::read_text(path)?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    }

    /// What is on a chain.
    pub fn on(&self, chain: u64) -> OnChain {
        self.0.get(&chain).cloned().unwrap_or_default()
    }

    /// Records more of a chain, and writes the file.
    pub fn record(path: &Path, chain: u64, add: impl FnOnce(&mut OnChain)) -> Result<()> {
        let mut all = Self::read(path)?;
        add(all.0.entry(chain).or_default());
        let text = serde_json::to_string_pretty(&all)? + "\n";
        files::write(path, text.as_bytes())
    }
}

impl OnChain {
    /// The registry: the one given, the one recorded, or that of this release.
    pub fn registry(&self, given: Option<Address>) -> Address {
        let recorded = self.contracts.get("SolvencyRegistry").copied();
        given.or(recorded).unwrap_or_else(|| System::of_release().registry)
    }

    /// A registry and a venue's id, from what was given.
    pub fn venue(&self, args: &VenueArgs) -> Result<(Address, B256)> {
        let id = match args.id.parse::<B256>() {
            Ok(id) if args.id.starts_with("0x") => id,
            _ => match self.venues.get(&args.id) {
                Some(id) => *id,
                None => bail!(
                    "--venue {}: neither an id, 0x and 64 digits, nor the name of a venue that was \
                     registered from here on this chain",
                    args.id.escape_debug()
                ),
            },
        };
        Ok((self.registry(args.registry), id))
    }
}

//! Who takes part in a drill. Their keys are of the drill alone.

use alloy_primitives::{Address, keccak256};
use anyhow::{Context, Result};
use pacioli_chain::Key;

/// A part that somebody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Time passes, or the world does something.
    Nobody,
    Owner,
    Guardian,
    Publisher,
    /// Several of them together.
    Observers,
    /// Has an account at the venue.
    Holder,
    /// Whoever wants to.
    Anyone,
    /// Has a key that is not theirs.
    Thief,
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Owner => "owner",
            Self::Guardian => "guardian",
            Self::Publisher => "publisher",
            Self::Observers => "observers",
            Self::Holder => "holder",
            Self::Anyone => "anyone",
            Self::Thief => "thief",
        }
    }
}

/// All accounts of a drill.
pub struct Parties {
    pub owner: Address,
    pub guardian: Address,
    pub custodian: Address,
    pub holder: Address,
    /// Carries, marks, rechecks: an account without a say.
    pub carrier: Key,
    pub publisher: Key,
    /// Takes the place of a publisher whose key was stolen.
    pub next_publisher: Key,
    /// In ascending order of their addresses.
    pub observers: [Key; 2],
}

impl Parties {
    pub fn new() -> Result<Self> {
        let address = |name| Ok::<_, anyhow::Error>(key(name)?.address());
        let mut observers = [key("first observer")?, key("second observer")?];
        observers.sort_by_key(Key::address);
        Ok(Self {
            owner: address("owner")?,
            guardian: address("guardian")?,
            custodian: address("custodian")?,
            holder: address("holder")?,
            carrier: key("carrier")?,
            publisher: key("publisher")?,
            next_publisher: key("next publisher")?,
            observers,
        })
    }

    /// The account that sends where somebody plays a part.
    pub fn account(&self, role: Role) -> Address {
        match role {
            Role::Owner => self.owner,
            Role::Guardian => self.guardian,
            Role::Publisher => self.publisher.address(),
            Role::Holder => self.holder,
            Role::Observers => self.observers[0].address(),
            Role::Nobody | Role::Anyone | Role::Thief => self.carrier.address(),
        }
    }
}

/// A key that everybody can make: nothing but a drill may rest on it.
fn key(name: &str) -> Result<Key> {
    let digits = keccak256(format!("pacioli drill: {name}"));
    Key::from_hex(&digits.to_string()).context("a hash is a key")
}

//! The contracts that a registry consists of: what each is made with, and at which address.
//!
//! A contract of a release has the same address on every chain, because the deterministic deployment
//! proxy makes it (<https://github.com/Arachnid/deterministic-deployment-proxy>): the address depends
//! on the code and the constructor's arguments alone.

use alloy_primitives::{Address, B256, Bytes, address, hex, keccak256};
use alloy_sol_types::{SolCall, SolValue};

use crate::{
    artifacts,
    bindings::{Evaluator as E, SolvencyRegistry as R},
    chain::{Chain, ChainError, Receipt},
    evm::Evm,
};

/// The deterministic deployment proxy, at the same address on every chain that has it.
pub const DEPLOYER: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");

/// The proxy's code.
pub const DEPLOYER_CODE: &[u8] = &hex!(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe036016000816020823780"
    "35828234f58015156039578182fd5b8082525050506014600cf3"
);

/// What the proxy hashes besides a contract's code.
pub const SALT: B256 = B256::ZERO;

/// A registry and the contracts that it was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct System {
    /// Who may do what for a venue.
    pub venues: Address,
    /// Who else signs.
    pub observers: Address,
    /// Reserves on other chains.
    pub elsewhere: Address,
    /// Reserves on this chain.
    pub reserves: Address,
    /// Oracles to compare prices with.
    pub feeds: Address,
    /// Instrument tables.
    pub tables: Address,
    /// Times that nobody chose.
    pub draws: Address,
    /// The arithmetic.
    pub evaluator: Address,
    /// The registry itself.
    pub registry: Address,
}

/// One of the contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub at: Address,
    /// Its creation code, with the constructor's arguments.
    pub creation: Bytes,
}

/// A contract on a chain beside that of this release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub at: Address,
    /// Whether it has the code of this release.
    pub is_same: bool,
}

impl System {
    /// Where this release's contracts are on every chain on which somebody deployed them.
    pub fn of_release() -> Self {
        let at = |name, arguments: &[Address]| part(name, creation(name, arguments)).at;
        let venues = at("Venues", &[]);
        let observers = at("Observers", &[venues]);
        let elsewhere = at("Elsewhere", &[venues, observers]);
        let reserves = at("Reserves", &[venues]);
        let feeds = at("Feeds", &[venues]);
        let tables = at("Tables", &[]);
        let draws = at("Draws", &[]);
        let evaluator = at("Evaluator", &[tables, draws]);
        let rest = [venues, reserves, observers, feeds, elsewhere, evaluator];
        let registry = at("SolvencyRegistry", &rest);
        Self { venues, observers, elsewhere, reserves, feeds, tables, draws, evaluator, registry }
    }

    /// The contracts that a registry names.
    ///
    /// # Errors
    /// If it is not a registry, or the chain does not answer.
    pub fn of(chain: &mut impl Chain, registry: Address) -> Result<Self, ChainError> {
        let evaluator = chain.ask(registry, &R::EVALUATORCall {})?;
        Ok(Self {
            venues: chain.ask(registry, &R::VENUESCall {})?,
            observers: chain.ask(registry, &R::OBSERVERSCall {})?,
            elsewhere: chain.ask(registry, &R::ELSEWHERECall {})?,
            reserves: chain.ask(registry, &R::RESERVESCall {})?,
            feeds: chain.ask(registry, &R::FEEDSCall {})?,
            tables: chain.ask(evaluator, &E::TABLESCall {})?,
            draws: chain.ask(evaluator, &E::DRAWSCall {})?,
            evaluator,
            registry,
        })
    }

    /// All parts, each behind those that it is made with.
    pub fn parts(&self) -> Vec<Part> {
        let Self {
            venues,
            observers,
            elsewhere,
            reserves,
            feeds,
            tables,
            draws,
            evaluator,
            registry,
        } = *self;
        let part = |name, at, arguments: &[Address]| Part {
            name,
            at,
            creation: creation(name, arguments),
        };
        vec![
            part("Venues", venues, &[]),
            part("Observers", observers, &[venues]),
            part("Elsewhere", elsewhere, &[venues, observers]),
            part("Reserves", reserves, &[venues]),
            part("Feeds", feeds, &[venues]),
            part("Tables", tables, &[]),
            part("Draws", draws, &[]),
            part("Evaluator", evaluator, &[tables, draws]),
            part(
                "SolvencyRegistry",
                registry,
                &[venues, reserves, observers, feeds, elsewhere, evaluator],
            ),
        ]
    }

    /// Makes the contracts of this release that are not there yet. Returns a transaction for each.
    ///
    /// # Errors
    /// If the chain has no deterministic deployment proxy, or a transaction fails.
    pub fn deploy(chain: &mut impl Chain) -> Result<(Self, Vec<(Part, Receipt)>), ChainError> {
        let system = Self::of_release();
        let mut made = Vec::new();
        for part in system.parts() {
            if let Some(receipt) = create(chain, &part)? {
                made.push((part, receipt));
            }
        }
        Ok((system, made))
    }

    /// Compares every contract with that of this release: its address, which follows from its creation
    /// code where the proxy made it, and its code.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub fn compare(&self, chain: &mut impl Chain) -> Result<Vec<Found>, ChainError> {
        let mut evm = Evm::new();
        evm.set_code(DEPLOYER, DEPLOYER_CODE);
        let mut found = Vec::new();
        for Part { name, at, creation } in self.parts() {
            let is_there = part(name, creation.clone()).at == at;
            evm.call(Address::ZERO, DEPLOYER, [SALT.as_slice(), &creation].concat())?;
            let is_same = is_there && chain.code(at)? == evm.code(at);
            found.push(Found { name, at, is_same });
        }
        // The registry makes one contract itself.
        let intake = R::INTAKECall {}.abi_encode();
        let expected = evm.view(Address::ZERO, self.registry, intake);
        let at =
            expected.ok().and_then(|answer| R::INTAKECall::abi_decode_returns(&answer.bytes).ok());
        let at = at.unwrap_or_default();
        let is_same = chain.code(at)? == evm.code(at);
        found.push(Found { name: "Intake", at, is_same });
        Ok(found)
    }
}

/// Makes a contract through the proxy, unless it is there.
///
/// # Errors
/// If the chain has no proxy, or the transaction fails.
pub fn create(chain: &mut impl Chain, part: &Part) -> Result<Option<Receipt>, ChainError> {
    if !chain.code(part.at)?.is_empty() {
        return Ok(None);
    }
    if *chain.code(DEPLOYER)? != *DEPLOYER_CODE {
        return Err(ChainError::NoDeployer(DEPLOYER));
    }
    let data = [SALT.as_slice(), &part.creation].concat();
    let receipt = chain.send(Some(DEPLOYER), data.into())?;
    if chain.code(part.at)?.is_empty() {
        let text = format!("no code is at {}, though {} was created", part.at, part.name);
        return Err(ChainError::Node(text));
    }
    Ok(Some(receipt))
}

/// A contract on a registry or another contract, as the proxy makes it.
pub fn part(name: &'static str, creation: Bytes) -> Part {
    Part { name, at: DEPLOYER.create2(SALT, keccak256(&creation)), creation }
}

/// The creation code of a contract that is made with addresses.
pub fn creation(name: &str, arguments: &[Address]) -> Bytes {
    let arguments = arguments.iter().flat_map(|address| address.abi_encode());
    artifacts::get(name).bytecode.iter().copied().chain(arguments).collect()
}

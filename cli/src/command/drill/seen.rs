//! What everybody sees of the venue, and what the documents say that they see.

use alloy_primitives::{I256, U256};
use alloy_sol_types::SolCall;
use anyhow::Result;
use pacioli_rules::Amount;
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, State},
    chain::{Chain, ChainError},
    registry::{Latest, state_name},
};
use serde::{Serialize, Serializer};

use super::{
    contracts::{GuardedVault as G, Oracle, SolventVault as V},
    world::{DEPOSIT, World},
};

/// What is seen in one moment. Guard, vault and feed accept a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// `stateOf`.
    #[serde(serialize_with = "named")]
    pub state: State,
    /// `liveStateOf`, which reads balances.
    #[serde(serialize_with = "named")]
    pub live: State,
    /// `isSolvent` of a guard.
    pub solvent: bool,
    /// Whether a deposit behind `whenSolvent` passes.
    pub deposits: bool,
    /// Whether a position behind `whenHealthy` passes.
    pub positions: bool,
    /// Whether a withdrawal passes.
    pub withdrawals: bool,
    /// Whether `maxDeposit` of an ERC-4626 vault is above 0.
    pub vault_open: bool,
    /// Whether `CoverageFeed` answers above 0.
    pub feed_answers: bool,
}

fn named<S: Serializer>(state: &State, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state_name(*state))
}

impl Seen {
    /// What the contracts answer now.
    pub fn of(world: &mut World) -> Result<(Self, Answer)> {
        let (registry, venue) = (world.system.registry, world.venue);
        let (vault, solvent_vault) = (world.vault, world.solvent_vault);
        let Latest { record, needs, .. } = world.latest()?;
        let holder = world.parties.holder;
        let mut passes = |call: Vec<u8>| match world.chain.evm.view(holder, vault, call) {
            Ok(_) => Ok(true),
            Err(revert) => match ChainError::from(revert) {
                ChainError::Refused(_) => Ok(false),
                error => Err(error),
            },
        };
        let amount = U256::from(DEPOSIT);
        let deposits = passes(G::depositCall { amount }.abi_encode())?;
        let positions = passes(G::openPositionCall { amount }.abi_encode())?;
        let withdrawals = passes(G::withdrawCall { amount }.abi_encode())?;
        let chain = &mut world.chain;
        let most = chain.ask(solvent_vault, &V::maxDepositCall { receiver: holder })?;
        let answer = chain.ask(world.coverage_feed, &Oracle::latestRoundDataCall {})?._1;
        let seen = Self {
            state: chain.ask(registry, &R::stateOfCall { venue })?,
            live: chain.ask(registry, &R::liveStateOfCall { venue, record, needs })?,
            solvent: chain.ask(vault, &G::isSolventCall {})?,
            deposits,
            positions,
            withdrawals,
            vault_open: most > U256::ZERO,
            feed_answers: answer > I256::ZERO,
        };
        Ok((seen, Answer(answer)))
    }

    /// What docs/integrating.md says that is seen in a state: the table of what each answers.
    pub fn in_state(state: State, live: State) -> Self {
        let accepted = matches!(state, State::Healthy | State::Warning);
        Self {
            state,
            live,
            solvent: accepted,
            deposits: accepted,
            positions: matches!(state, State::Healthy),
            withdrawals: true,
            vault_open: accepted,
            feed_answers: accepted,
        }
    }

    /// In a few words.
    pub fn text(&self, answer: &Answer) -> String {
        let open = |is: bool| if is { "open" } else { "SHUT" };
        let mut text = state_name(self.state).to_owned();
        if self.live != self.state {
            text += &format!(" (read live: {})", state_name(self.live));
        }
        text += &format!(
            " | deposits {}, new positions {}, withdrawals {} | ERC-4626 {}, feed {answer}",
            open(self.deposits),
            open(self.positions),
            open(self.withdrawals),
            open(self.vault_open),
        );
        text
    }
}

/// The coverage that the feed answers, in 10^-8.
pub struct Answer(I256);

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // At most 10^18.
        let answer = u64::try_from(self.0).unwrap_or_default();
        if answer == 10u64.pow(18) {
            f.write_str("at its most")
        } else {
            write!(f, "{}", Amount::new(answer, 8))
        }
    }
}

//! `pacioli fund`: the steps of a venue's fund from a breach to a payout. Anyone takes them.

use alloy_primitives::{Address, B256, U256};
use anyhow::{Context, Result, ensure};
use pacioli_verifier_contract::{
    bindings::{Compensation as F, SolvencyRegistry as R, StatementVerifier as S},
    chain::Chain,
    registry::Latest,
};

use super::{
    act::{Acting, Said},
    known_code::Known,
    planned::Planned,
};
use crate::{args::FundCommand, output::Report};

/// Runs the command.
pub fn run(command: &FundCommand) -> Result<Report> {
    let act = &command.at().act;
    let mut acting = Acting::on(act)?;
    let there = (acting.registry, acting.venue);
    let planned = planned(command, acting.connected.node()?, there)?;
    acting.run(act, &[planned], &Said::nothing())
}

/// The transaction of a command, for a venue of a registry.
///
/// # Errors
/// If the fund is another venue's or another contract, or the chain does not know what the step needs.
pub fn planned(
    command: &FundCommand,
    chain: &mut impl Chain,
    (registry, venue): (Address, B256),
) -> Result<Planned> {
    let fund = command.at().fund;
    let terms = chain.ask(fund, &F::termsCall {})?;
    ensure!(
        (terms.registry, terms.venue) == (registry, venue),
        "{fund} is the fund of the venue {} of the registry {}",
        terms.venue,
        terms.registry
    );
    Known::new(&[], false, command.at().accept_unknown_code).fund(&terms, fund)?;
    let latest = chain.ask(registry, &R::latestCall { venue })?.round;
    let of = |chain: &mut _, round| {
        let found = Latest::of(chain, registry, venue, round)?;
        found.with_context(|| {
            format!("there is no attestation {round}, or the node lacks its events")
        })
    };
    Ok(match command {
        FundCommand::Accept { token, .. } => {
            Planned::call("accept", fund, &F::acceptReserveCall { token: *token })
        }
        FundCommand::Report { round, .. } => {
            let round = round.unwrap_or(latest);
            Planned::call(format!("report attestation {round}"), fund, &F::reportCall { round })
        }
        FundCommand::Nominate { round, .. } => {
            let call = F::nominateCall { round: *round, record: of(chain, *round)?.record };
            Planned::call(format!("nominate attestation {round}"), fund, &call)
        }
        FundCommand::Cancel { round, .. } => {
            let round = round.unwrap_or(latest);
            let call = F::cancelCall { round, record: of(chain, round)?.record };
            Planned::call(format!("cancel by attestation {round}"), fund, &call)
        }
        FundCommand::Open { .. } => Planned::call("open the fund", fund, &F::openCall {}),
        FundCommand::FixShares { .. } => {
            let round = chain.ask(fund, &F::currentCall {})?.round;
            let call = F::fixSharesCall { needs: of(chain, round)?.needs };
            Planned::call("fix the shares", fund, &call)
        }
        FundCommand::Pay { account, .. } => {
            let statements = *terms.statements.first().context("a fund takes statements")?;
            let owner = chain.ask(statements, &S::ownerOfCall { id: account.clone() })?;
            let paid = chain.ask(fund, &F::claimOfCall { owner })?.paid;
            let unpaid = (0..terms.payouts.len()).filter(|number| paid >> number & 1 == 0);
            let payouts: Vec<_> = unpaid.map(U256::from).collect();
            ensure!(!payouts.is_empty(), "this claim was paid all that the fund pays with");
            Planned::call("pay a claim", fund, &F::payCall { owner, payouts })
        }
    })
}

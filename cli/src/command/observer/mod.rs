//! `pacioli observer`: what observers of a venue sign, and what is sent of it.

pub mod alarm;
mod confirm;
mod eject;
mod reading;

use alloy_primitives::{Address, B256};
use anyhow::{Result, ensure};

use super::act::Acting;
use crate::{args::ObserverCommand, output::Report};

/// Runs the command.
pub fn run(command: &ObserverCommand) -> Result<Report> {
    match command {
        ObserverCommand::SignConfirmation(args) => confirm::sign(args),
        ObserverCommand::Confirm { act, signatures } => confirm::send(act, signatures),
        ObserverCommand::SignAlarm(args) => alarm::sign(args),
        ObserverCommand::Alarm { act, signatures } => alarm::send(act, signatures),
        ObserverCommand::SignReading(args) => reading::sign(args),
        ObserverCommand::PostReading { act, signatures } => reading::send(act, signatures),
        ObserverCommand::Eject(args) => eject::run(args),
    }
}

/// Makes sure that a signature is for this venue, and for a contract of this chain.
fn ensure_here(
    acting: &Acting,
    contract: Address,
    (chain, signed_for, venue): (u64, Address, B256),
) -> Result<()> {
    let here = (acting.connected.chain_id, contract, acting.venue);
    ensure!(
        (chain, signed_for, venue) == here,
        "a signature is for the venue {venue} by {signed_for} on chain {chain}, and not for {} by {} on \
         chain {}",
        here.2,
        here.1,
        here.0
    );
    Ok(())
}

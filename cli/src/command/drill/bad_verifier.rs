//! A bug is found in a verifier: it is frozen at once, and another takes its place after the delay.

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolConstructor;
use anyhow::{Context, Result};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{State, Venues as V, Volume},
    chain::{Chain, ChainError},
    errors, registry, submission,
};

use super::{
    super::rounds,
    Stage,
    acting::Pen,
    book::Proved,
    contracts::{MockVerifier, PEG},
    parties::Role,
    script::{Played, Script},
    world::{DAY, DELAY, HOUR, MINUTE, PROVING, World},
};

pub fn play(stage: &Stage<'_>) -> Result<Played> {
    let header = &stage.history[0].attestation().header;
    // It names the key that it should check, and says yes to everything.
    let broken = MockVerifier::constructorCall {
        key: B256::from(header.key.0),
        k: U256::from(header.k),
        pageSize: U256::from(header.page_size),
    };
    let code = [&artifacts::get("MockVerifier").bytecode[..], &broken.abi_encode()].concat();
    let world = stage.world_with(code)?;
    let title = "a bug is found in the verifier";
    let mut s = Script::new(world, ("bad-verifier", title), stage.show)?;
    let (fund, broken) = (s.world.fund.to_string(), s.world.verifier.to_string());
    let submit = |day: &'static str| {
        ["submit", "--attestation", day, "--setup", "k18.setup", "--signature", "publisher.json"]
    };

    let found = s.world.day_0 + 2 * DAY + 6 * HOUR;
    s.world.until(found)?;
    s.world.answer(PEG, found - 10 * MINUTE);
    let honest = stage.prove(found, "1", &stage.history[2])?;
    s.world.mark()?;
    s.world.pass(PROVING);
    let taken = forged(&mut s.world, &honest)?;
    s.ensure(taken.is_none(), "the verifier takes a forged proof", &taken.unwrap_or_default())?;
    let freeze = ["venue", "freeze", "--verifier", &broken];
    s.alert(
        "somebody shows that the verifier takes a forged proof",
        "nothing on chain says so: the registry believes the verifier that the venue announced",
        State::Healthy,
        &[
            (Role::Guardian, &freeze, "a breach at once; the owner may, too"),
            (Role::Guardian, &["venue", "pause", "--reason", "a bug"], "seven days"),
            (
                Role::Observers,
                &["observer", "sign-alarm", "--reason", "a bug", "--out", "a.json"],
                "24 hours at most",
            ),
        ],
    )?;

    s.world.pass(15 * MINUTE);
    let came = "at once and for good: all that rests on it is a breach";
    s.command(Role::Guardian, "freezes the verifier", &freeze, came, State::Breach)?;
    s.world.pass(MINUTE);
    let reason = forged(&mut s.world, &honest)?.unwrap_or_default();
    let what = "whoever has the publisher's key tries to use the bug";
    s.failed(Role::Thief, what, (&reason, "VerifierIsFrozen"), State::Breach)?;
    let report = ["fund", "report", "--fund", &fund];
    let what = "reports to the fund: a frozen verifier starts no clock of claims";
    s.refused(Role::Anyone, what, &report, "NotInBreach", State::Breach)?;

    s.world.pass(6 * HOUR);
    let corrected = s.world.create_of("VolumeVerifier", &[])?;
    let at = corrected.to_string();
    let deploy = ["deploy", "verifier", "--build", "contracts/output.json"];
    let build = ["--build", "contracts/output.json"];
    let announce = [&["venue", "announce-verifier", "--verifier", &at][..], &build].concat();
    let counts = s.world.now() + DELAY;
    let came = "in 2 days, in which everybody can compare its code; its address is another one";
    s.done(
        Role::Owner,
        "creates a corrected verifier",
        (&[&deploy], 0),
        "it is on chain",
        State::Breach,
    )?;
    s.command(Role::Owner, "announces it", &announce, came, State::Breach)?;
    let (venue, venues) = (s.world.venue, s.world.system.venues);
    let call = V::verifierOfCall { venue, verifier: corrected };
    let active = s.world.chain.ask(venues, &call)?.activeFrom;
    s.ensure(active == counts, "it counts after the delay", &active.to_string())?;
    s.world.verifier = corrected;
    let reason = forged(&mut s.world, &honest)?.unwrap_or_default();
    let what = "sends an attestation under it at once";
    s.failed(Role::Publisher, what, (&reason, "VerifierNotActive"), State::Breach)?;

    s.world.until(counts)?;
    s.world.answer(PEG, counts - 10 * MINUTE);
    let honest = stage.prove(counts, "1", &stage.history[2])?;
    s.world.pass(MINUTE);
    s.world.mark()?;
    s.world.until(counts + PROVING)?;
    let reason = forged(&mut s.world, &honest)?.unwrap_or_default();
    let what = "the same forgery, under the corrected verifier";
    s.failed(Role::Thief, what, (&reason, FORGED), State::Breach)?;
    let gas = s.world.submit(&honest, Pen::Publisher)?;
    let words = submit("day-4/attestation.json");
    let came = "checked by the corrected contract: healthy";
    s.done(Role::Publisher, "attests", (&[&words], gas), came, State::Healthy)?;
    Ok(s.end("an attestation under a corrected verifier; the frozen one never comes back"))
}

/// What the generated verifier says of a book that does not balance.
const FORGED: &str = "Unbalanced";

/// What a registry says of a submission in which what is owed is lowered by one unit, sent by whoever
/// has the publisher's account; `None` if it would be taken. Nothing is sent.
fn forged(world: &mut World, proved: &Proved) -> Result<Option<String>> {
    let attestation = proved.attestation();
    let (venue, verifier) = (world.venue, world.verifier);
    let rounds = rounds::find(&mut world.chain, &world.system, venue, &attestation.prices)?;
    let sent = submission::submission(venue, verifier, attestation, &proved.program, rounds)?;
    let owed = proved.verified.compiled.find("equity:mark").context("mark is closed by equity")?;
    let mut less = attestation.volumes[0].clone();
    let owed = &mut less.quantities[owed.row()];
    *owed = owed.checked_sub(1).context("the sample owes something")?;
    let totals = submission::totals_of(&less)?;
    let volumes = [Volume { totals, proof: less.proof.clone().into() }];
    let data = registry::calldata(&sent, &volumes, &[]);
    let publisher = world.parties.publisher.address();
    let registry = world.system.registry;
    match world.chain.evm.view(publisher, registry, data) {
        Ok(_) => Ok(None),
        Err(revert) => match ChainError::from(revert) {
            ChainError::Refused(data) => Ok(Some(errors::explain(&data))),
            error => Err(error.into()),
        },
    }
}

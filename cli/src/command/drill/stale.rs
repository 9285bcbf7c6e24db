//! The prover is dead: the attestation expires by itself, and the next one heals.

use anyhow::Result;
use pacioli_verifier_contract::bindings::{SolvencyRegistry as R, State};

use super::{
    Stage,
    acting::Pen,
    contracts::PEG,
    parties::Role,
    script::{Played, Script},
    world::{DAY, EXPIRED_AFTER, HOUR, MAX_AGE, MINUTE, PROVING},
};

/// The bit of what was not marked near the snapshot.
const UNMARKED: u16 = 2;

pub fn play(stage: &Stage<'_>) -> Result<Played> {
    let world = stage.world()?;
    let mut s = Script::new(world, ("stale", "the prover is dead"), stage.show)?;
    let (fund, last) = (s.world.fund.to_string(), s.world.day_0 + 2 * DAY);
    let submit = |day: &'static str| {
        ["submit", "--attestation", day, "--setup", "k18.setup", "--signature", "publisher.json"]
    };

    s.world.until(last + DAY + PROVING)?;
    s.alert(
        "no attestation comes at the hour of every day",
        "the registry does not warn of age: it is healthy to the last second; a watch warns before",
        State::Healthy,
        &[
            (
                Role::Publisher,
                &submit("day-3/attestation.json"),
                "from any machine: nothing else heals",
            ),
            (Role::Guardian, &["venue", "pause", "--reason", "no proof"], "not needed: age shuts"),
        ],
    )?;
    s.world.until(last + MAX_AGE)?;
    s.event("the last second of 25 hours", "still healthy", State::Healthy)?;
    s.world.pass(1);
    s.event("a second later", "expired, and nobody had to act", State::Expired)?;
    let report = ["fund", "report", "--fund", &fund];
    let what = "reports to the fund: too old is no breach for claims yet";
    s.refused(Role::Anyone, what, &report, "NotInBreach", State::Expired)?;

    s.world.until(last + EXPIRED_AFTER)?;
    let came =
        "3 days after it expired: the grace of 3 days begins, and an attestation still cancels";
    s.command(Role::Anyone, "reports to the fund", &report, came, State::Expired)?;

    let back = last + 5 * DAY;
    s.world.until(back)?;
    let unmarked = stage.prove(back, "1", &stage.history[2])?;
    s.world.answer(PEG, back - 10 * MINUTE);
    // Nobody marked within ten minutes of the snapshot.
    s.world.until(back + PROVING + 2 * MINUTE)?;
    s.world.mark()?;
    s.world.pass(6 * MINUTE);
    let gas = s.world.submit(&unmarked, Pen::Publisher)?;
    let words = submit("day-7/attestation.json");
    let came = "it holds, but reserves were not marked near the snapshot: a warning";
    let what = "a machine in reserve proves, and the first attestation is sent";
    s.done(Role::Publisher, what, (&[&words], gas), came, State::Warning)?;
    let venue = s.world.venue;
    let faults = s.ask(&R::latestCall { venue })?.faults;
    s.ensure(faults == UNMARKED, "the fault is `unmarked` alone", &faults.to_string())?;
    let cancel = ["fund", "cancel", "--fund", &fund];
    let what = "cancels the report by it: what was not marked heals no claims";
    s.refused(Role::Anyone, what, &cancel, "NotHealthy", State::Warning)?;

    let next = back + 2 * HOUR;
    s.world.until(next)?;
    let marked = stage.prove(next, "1", &unmarked)?;
    let gas = s.world.attest_as_ever(&marked)?;
    let mark = ["venue", "mark"];
    let words = submit("day-7b/attestation.json");
    let came = "healthy";
    let what = "marks at the snapshot, proves, and sends";
    s.done(Role::Publisher, what, (&[&mark, &words], gas), came, State::Healthy)?;
    s.world.pass(5 * MINUTE);
    let came = "the fund waits again, and nothing before can be reported any more";
    s.command(Role::Anyone, "cancels the report", &cancel, came, State::Healthy)?;
    Ok(s.end("an attestation with a mark heals; the report to the fund is cancelled"))
}

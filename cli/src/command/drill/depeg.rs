//! An oracle leaves its band: a price that is not the oracle's shuts the gates, a true one opens them.

use alloy_primitives::keccak256;
use anyhow::Result;
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, State, Venues as V},
    chain::Chain,
};

use super::{
    Stage,
    acting::Pen,
    parties::Role,
    script::{Played, Script},
    world::{DAY, DELAY, HOUR, MINUTE},
};

/// The bits of `Fault`: a price against its feed, and something that left its band.
const PRICES: u16 = 1;
const BAND: u16 = 8;
/// The oracle's answer after the fall.
const FALLEN: u64 = 95_000_000;

pub fn play(stage: &Stage<'_>) -> Result<Played> {
    let world = stage.world()?;
    let mut s = Script::new(world, ("depeg", "USDC loses its peg"), stage.show)?;
    let last = s.world.day_0 + 2 * DAY;
    let submit = |day: &'static str| {
        ["submit", "--attestation", day, "--setup", "k18.setup", "--signature", "publisher.json"]
    };
    let pause = ["venue", "pause", "--only", "USDC", "--reason", "USDC below 0.97"];

    s.world.until(last + 14 * HOUR)?;
    s.world.answer(FALLEN, last + 14 * HOUR);
    s.alert(
        "the oracle of USDC says 0.95",
        "nothing on chain moves: prices are compared when an attestation is sent",
        State::Healthy,
        &[
            (Role::Guardian, &pause, "one asset alone, seven days; the owner may, too"),
            (
                Role::Publisher,
                &submit("now/attestation.json"),
                "an hour after the last, at the earliest",
            ),
            (
                Role::Observers,
                &["observer", "sign-alarm", "--reason", "USDC below 0.97", "--out", "a.json"],
                "the whole venue, 24 hours at most",
            ),
        ],
    )?;
    s.world.pass(10 * MINUTE);
    let came = "pools of USDC stop (`stateFor`), all others go on";
    s.command(Role::Guardian, "pauses USDC alone", &pause, came, State::Healthy)?;
    s.state_for("USDC", State::Paused)?;
    s.state_for("BTC", State::Healthy)?;

    let day_3 = last + DAY;
    s.world.until(day_3)?;
    s.world.answer(FALLEN, day_3 - 10 * MINUTE);
    let wrong = stage.prove(day_3, "1", &stage.history[2])?;
    let gas = s.world.attest(&wrong, Pen::Publisher)?;
    let words = submit("day-3/attestation.json");
    let came = "appended, with the failing bit `prices`: a breach from the first second";
    let what = "attests with a source of prices that still says 1";
    s.done(Role::Publisher, what, (&[&words], gas), came, State::Breach)?;
    let venue = s.world.venue;
    let faults = s.ask(&R::latestCall { venue })?.faults;
    s.ensure(faults == PRICES, "the fault is `prices` alone", &faults.to_string())?;

    let mended = day_3 + HOUR + 30 * MINUTE;
    s.world.until(mended)?;
    s.world.answer(FALLEN, mended - 10 * MINUTE);
    let right = stage.prove(mended, "0.95", &wrong)?;
    let gas = s.world.attest(&right, Pen::Publisher)?;
    let words = submit("day-3b/attestation.json");
    let came = "within the feed's band; but the price left the venue's own: a warning for 2 days";
    let what = "attests with the market's price";
    s.done(Role::Publisher, what, (&[&words], gas), came, State::Warning)?;
    let faults = s.ask(&R::latestCall { venue })?.faults;
    s.ensure(faults == BAND, "the fault is `band` alone", &faults.to_string())?;
    let until = s.ask(&R::bandUntilCall { venue })?;
    let now = s.world.now();
    s.ensure(until == now + DELAY, "the warning lasts for the delay", &until.to_string())?;

    s.world.pass(20 * MINUTE);
    let gas = s.world.confirm()?;
    let sign =
        ["observer", "sign-confirmation", "--compared", "prices,balances", "--out", "a.json"];
    let send = ["observer", "confirm", "--signature", "a.json"];
    let came = "they know why the price moved: healthy at once";
    s.done(Role::Observers, "confirm", (&[&sign, &send], gas), came, State::Healthy)?;

    s.world.pass(10 * MINUTE);
    let unpause = ["venue", "unpause", "--only", "USDC"];
    let came = "what opens waits for the delay: pools of USDC go on in 2 days";
    s.command(Role::Owner, "ends the pause of USDC", &unpause, came, State::Healthy)?;
    let (subject, venues, now) = (keccak256("USDC"), s.world.system.venues, s.world.now());
    let until = s.world.chain.ask(venues, &V::pausedUntilCall { venue, subject })?;
    s.ensure(until == now + DELAY, "a pause ends after the delay", &until.to_string())?;
    s.state_for("USDC", State::Paused)?;
    Ok(s.end("a true price opens all but USDC's pools, which open after the delay"))
}

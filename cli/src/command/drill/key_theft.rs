//! The carrier's key is stolen, which is harmless; then the publisher's, which signs a false book.

use anyhow::Result;
use pacioli_verifier_contract::bindings::{SolvencyRegistry as R, State};

use super::{
    Stage,
    acting::{Pen, refusal},
    contracts::PEG,
    parties::Role,
    script::{Played, Script},
    world::{DAY, DELAY, HOUR, MINUTE},
};

/// The bit of what left its band.
const BAND: u16 = 8;

pub fn play(stage: &Stage<'_>) -> Result<Played> {
    let world = stage.world()?;
    let mut s = Script::new(world, ("key-theft", "the publisher's key is stolen"), stage.show)?;
    let fund = s.world.fund.to_string();
    let (own, venue) = (&stage.history[2], s.world.venue);
    let submit = |day: &'static str| {
        ["submit", "--attestation", day, "--setup", "k18.setup", "--signature", "publisher.json"]
    };

    // The carrier's key first.
    let begin = s.world.day_0 + 2 * DAY + 8 * HOUR;
    s.world.until(begin)?;
    let false_book = stage.prove_friends(begin, own)?;
    s.world.mark()?;
    s.world.pass(10 * MINUTE);
    let reason = refusal(s.world.submit(&false_book, Pen::Carrier))?;
    let what = "has the carrier's key, and sends a false book under it";
    let refused = (reason.as_str(), "NotSignedByPublisher");
    s.failed(Role::Thief, what, refused, State::Healthy)?;

    // Then the publisher's.
    let gas = s.world.submit(&false_book, Pen::Publisher)?;
    let revoke = ["venue", "revoke", "--round", "4", "--reason", "a stolen key"];
    let none = ["venue", "publisher", "--publisher", "0x0000000000000000000000000000000000000000"];
    let alarm =
        ["observer", "sign-alarm", "--reason", "a stolen key", "--lasts", "24h", "--out", "a.json"];
    s.alert(
        "a book with one small account appears, signed by the publisher's stolen key",
        "every clause holds on paper; what is owed left its band: a warning, and who accepts one is open",
        State::Warning,
        &[
            (Role::Observers, &alarm, "as many as the threshold: the pause of a day"),
            (Role::Guardian, &none, "nobody can attest"),
            (Role::Guardian, &revoke, "a breach at once, and for good"),
            (Role::Guardian, &["venue", "pause", "--reason", "a stolen key"], "seven days"),
        ],
    )?;
    let latest = s.ask(&R::latestCall { venue })?;
    let on_paper = latest.failing.is_zero() && latest.faults == BAND;
    s.ensure(on_paper, "all clauses hold, outside of a band", &latest.faults.to_string())?;
    s.ensure(gas > 0, "it was appended", "nothing")?;

    s.world.pass(20 * MINUTE);
    let lapses = s.world.now() + DAY;
    let gas = s.world.alarm("a stolen key", lapses)?;
    let same = ["observer", "sign-alarm", "--same-as", "a.json", "--out", "b.json"];
    let send = ["observer", "alarm", "--signature", "a.json", "--signature", "b.json"];
    let came = "paused for 24 hours, without owner or guardian";
    let what = "two observers sign an alarm, and anyone sends it";
    s.done(Role::Observers, what, (&[&alarm, &same, &send], gas), came, State::Paused)?;

    s.world.pass(10 * MINUTE);
    let came = "at once: nobody can attest until the owner names another";
    s.command(Role::Guardian, "takes the publisher away", &none, came, State::Paused)?;
    s.world.pass(2 * MINUTE);
    let came = "for good: once the alarm has lapsed it is a breach";
    s.command(Role::Guardian, "revokes the false attestation", &revoke, came, State::Paused)?;
    s.world.pass(MINUTE);
    let reason = refusal(s.world.submit(&false_book, Pen::Publisher))?;
    s.failed(Role::Thief, "tries again", (&reason, "NoPublisher"), State::Paused)?;

    s.world.pass(30 * MINUTE);
    let next = s.world.parties.next_publisher.address().to_string();
    let publisher = ["venue", "publisher", "--publisher", &next];
    let counts = s.world.now() + DELAY;
    let came = "in 2 days: until then nobody attests, and the venue says so";
    s.command(Role::Owner, "names another publisher", &publisher, came, State::Paused)?;
    let (sequence, digest) = own.link();
    let (sequence, digest) = ((sequence + 1).to_string(), digest.to_string());
    let relink = ["venue", "relink", "--sequence", &sequence, "--digest", &digest];
    let came = "the venue's own chain goes on from its last true attestation";
    s.command(Role::Owner, "takes the thief's number back", &relink, came, State::Paused)?;

    s.world.until(lapses)?;
    let came = "what was revoked stays a breach";
    s.event("the alarm lapses", came, State::Breach)?;
    let report = ["fund", "report", "--fund", &fund];
    let what = "reports to the fund: what was revoked starts no clock of claims";
    s.refused(Role::Anyone, what, &report, "NotInBreach", State::Breach)?;

    let again = counts + MINUTE;
    s.world.until(again)?;
    s.world.answer(PEG, again - 10 * MINUTE);
    let true_book = stage.prove(again, "1", own)?;
    let gas = s.world.attest(&true_book, Pen::NextPublisher)?;
    let words = submit("day-4/attestation.json");
    let came = "it holds; it is far from the thief's figures, so a band holds a warning";
    s.done(Role::Publisher, "attests with the new key", (&[&words], gas), came, State::Warning)?;
    s.world.pass(20 * MINUTE);
    let gas = s.world.confirm()?;
    let sign = ["observer", "sign-confirmation", "--compared", "balances", "--out", "a.json"];
    let send = ["observer", "confirm", "--signature", "a.json"];
    let came = "healthy at once, not only after another delay";
    s.done(Role::Observers, "confirm", (&[&sign, &send], gas), came, State::Healthy)?;

    s.world.pass(10 * MINUTE);
    let threshold = ["venue", "threshold", "--sign", "1"];
    let came = "at once: from now on no stolen key attests alone";
    s.command(Role::Owner, "asks for an observer's signature", &threshold, came, State::Healthy)?;
    Ok(s.end("the venue's own book is back, under another key and an observer's eye"))
}

//! The reserves are drained: rechecks find it, gates shut, and the fund pays.

use alloy_primitives::U256;
use anyhow::Result;
use pacioli_verifier_contract::{
    bindings::{Compensation as F, SolvencyRegistry as R, State, StatementVerifier as S},
    chain::Chain,
};

use super::{
    Stage,
    parties::Role,
    script::{Played, Script, but_live},
    world::{CHALLENGE_FOR, CLAIMS_FOR, DAY, GRACE, HOUR, MINUTE},
};

pub fn play(stage: &Stage<'_>) -> Result<Played> {
    let world = stage.world()?;
    let mut s = Script::new(world, ("breach", "the reserves are drained"), stage.show)?;
    let fund = s.world.fund.to_string();
    let drained = but_live(State::Healthy, State::Breach);

    s.world.until(s.world.day_0 + 2 * DAY + 6 * HOUR)?;
    let (bitcoins, custodian) = (s.world.token("BTC")?, s.world.parties.custodian);
    s.world.set_balance(bitcoins, custodian, U256::ZERO)?;
    let (token, holder) = (bitcoins.to_string(), custodian.to_string());
    let remove = ["venue", "remove-reserve", "--token", &token, "--custodian", &holder];
    s.alert(
        "the custodian's bitcoins are moved away",
        "what is stored says healthy until somebody rechecks; what reads balances sees it at once",
        drained,
        &[
            (Role::Anyone, &["venue", "recheck"], "twice, five minutes apart: a breach"),
            (Role::Owner, &remove, "a breach at once; the custodian may, too"),
            (Role::Guardian, &["venue", "pause", "--reason", "reserves moved"], "seven days"),
            (
                Role::Observers,
                &["observer", "sign-alarm", "--reason", "reserves moved", "--out", "a.json"],
                "24 hours at most",
            ),
        ],
    )?;

    let recheck = ["venue", "recheck"];
    s.world.pass(5 * MINUTE);
    let first = "a first finding beyond the tolerance: a warning, and a second one counts";
    let warned = but_live(State::Warning, State::Breach);
    s.command(Role::Anyone, "rechecks", &recheck, first, warned)?;
    s.world.pass(MINUTE);
    let again = "rechecks again, too soon";
    s.refused(Role::Anyone, again, &recheck, "RecheckTooSoon", warned)?;
    s.world.pass(4 * MINUTE);
    let second = "a breach, and its time is kept for claims";
    s.command(Role::Anyone, "rechecks a second time", &recheck, second, State::Breach)?;
    let (venue, now) = (s.world.venue, s.world.now());
    let breached = s.ask(&R::breachedAtCall { venue, round: 3 })?;
    s.ensure(breached == now, "the second recheck's time is kept", &breached.to_string())?;

    s.world.pass(5 * MINUTE);
    let report = ["fund", "report", "--fund", &fund];
    let grace = "the grace begins: 3 days, in which an attestation that holds cancels";
    s.command(Role::Anyone, "reports the breach to the fund", &report, grace, State::Breach)?;
    let opens = s.world.now() + GRACE;
    s.world.pass(5 * MINUTE);
    let young = ["fund", "nominate", "--fund", &fund, "--round", "2"];
    let what = "nominates the attestation of day 1";
    s.refused(Role::Anyone, what, &young, "TooYoung", State::Breach)?;
    let nominate = ["fund", "nominate", "--fund", &fund, "--round", "1"];
    let came = "two days old as the breach came: what it owes is paid on";
    s.command(Role::Anyone, "nominates that of day 0", &nominate, came, State::Breach)?;
    let open = ["fund", "open", "--fund", &fund];
    s.refused(Role::Anyone, "opens the fund, too early", &open, "TooEarly", State::Breach)?;
    s.world.until(opens)?;
    let came = "claims are taken for 30 days; nothing changes any more which book is paid on";
    s.command(Role::Anyone, "opens the fund", &open, came, State::Breach)?;

    s.world.pass(DAY);
    let gas = s.world.claim(&stage.history[0])?;
    let claim = ["claim", "--statement", "mine.json", "--attestation", "day-0/attestation.json"];
    let claim = [&claim[..], &["--setup", "k18.setup", "--fund", &fund]].concat();
    let came = "what the account was worth at mark on day 0 is claimed";
    s.done(Role::Holder, "claims by statement", (&[&claim], gas), came, State::Breach)?;

    s.world.until(opens + CLAIMS_FOR + CHALLENGE_FOR)?;
    let fix = ["fund", "fix-shares", "--fund", &fund];
    let came = "each claim gets the same part of what it is owed";
    s.command(Role::Anyone, "fixes the shares", &fix, came, State::Breach)?;
    let (usdc, payee) = (s.world.usdc, s.world.parties.holder);
    let before = s.world.balance(usdc, payee)?;
    let pay = ["fund", "pay", "--fund", &fund, "--account", &stage.holder];
    let came = "the holder has their share of the insurance fund";
    s.command(Role::Anyone, "pays the claim", &pay, came, State::Breach)?;
    let paid = s.world.balance(usdc, payee)? - before;
    let (at, statements) = (s.world.fund, s.world.statements);
    let chain = &mut s.world.chain;
    let owner = chain.ask(statements, &S::ownerOfCall { id: stage.holder.clone() })?;
    let share = chain.ask(at, &F::shareOfCall { owner, payout: U256::ZERO })?;
    let is_it = paid == share && paid > U256::ZERO;
    s.ensure(is_it, &format!("the share, {share}, is paid"), &paid.to_string())?;
    Ok(s.end("claims are paid out of the fund; deposits stay shut, withdrawals were never shut"))
}

//! `pacioli venue`: what owner, guardian, custodians and observers do about a venue.

use alloy_primitives::{Address, B256, U256, keccak256};
use anyhow::{Context, Result};
use pacioli_attestation::Attestation;
use pacioli_verifier_contract::{
    bindings::{
        Elsewhere as E, Feeds as F, Limits, NewFeed, NewReserve, Observers as O, Purpose,
        Reserves as S, SolvencyRegistry as R, Venues as V,
    },
    chain::Chain,
    registry::Latest,
    submission,
    system::{self, System},
};
use serde_json::json;

use super::{
    act::{Acting, Said},
    contract, files,
    known_code::{Code, Known},
    planned::Planned,
    signature,
    transaction::Connected,
};
use crate::{
    args::{ActArgs, FeedArgs, LimitsArgs, ReserveArg, VenueCommand},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(command: &VenueCommand, progress: &Shown) -> Result<Report> {
    if let VenueCommand::Sign(args) = command {
        return signature::run(args, progress);
    }
    let act = act(command)?;
    let mut acting = Acting::on(act)?;
    let said = match command {
        VenueCommand::AnnounceVerifier { verifier, code, .. } => {
            said_of(Known::from(code).verifier(acting.connected.node.as_mut(), *verifier)?)
        }
        _ => Said::nothing(),
    };
    let Acting { system, venue, .. } = acting;
    let planned = planned(command, &mut acting.connected, &system, venue)?;
    let planned = acting.connected.without_made(planned)?;
    acting.run(act, &planned, &said)
}

/// How the code of a verifier is known.
fn said_of(code: Code) -> Said {
    let text = match code {
        Code::AsGenerated => "the verifier's code is as generated\n",
        Code::Unknown => {
            "THE VERIFIER'S CODE WAS COMPARED WITH NOTHING, and decides which proofs hold\n"
        }
    };
    Said { text: text.to_owned(), json: json!({ "code": code.json() }) }
}

/// The transactions of a command.
pub(crate) fn planned(
    command: &VenueCommand,
    connected: &mut Connected,
    system: &System,
    venue: B256,
) -> Result<Vec<Planned>> {
    let System { venues, observers, elsewhere, reserves, feeds, registry, .. } = *system;
    let subject = |only: &Option<String>| only.as_ref().map_or(B256::ZERO, keccak256);
    use VenueCommand as C;
    let one = match command {
        C::Sign(_) => anyhow::bail!("signing sends nothing"),
        C::Settle { .. } => Planned::call("settle", venues, &V::settleCall { venue }),
        C::AnnounceRules { rules, .. } => {
            return announce_rules(&contract::registered(rules)?, venues, venue);
        }
        C::AnnounceVerifier { verifier, .. } => announce_verifier(*verifier, venues, venue),
        C::AnnounceReserve { reserve, .. } => announce_reserve(reserve, reserves, venue),
        C::AnnounceRemote { on, reserve, .. } => {
            let ReserveArg { asset, token, custodian, .. } = reserve.clone();
            let call = E::announceCall { venue, asset, chainId: *on, token, custodian };
            Planned::call("announce a reserve elsewhere", elsewhere, &call)
        }
        C::AnnounceFeed { feed, .. } => {
            let call = F::announceFeedCall { venue, listed: new_feed(feed)? };
            Planned::call("announce a feed", feeds, &call)
        }
        C::AnnounceObserver { observer, .. } => {
            let call = O::announceObserverCall { venue, observer: *observer };
            Planned::call("announce an observer", observers, &call)
        }
        C::Accept { token, custodian, .. } => {
            let custodian = custodian.or(connected.account).context("give --custodian")?;
            let call = S::acceptCall { venue, token: *token, custodian };
            Planned::call("accept", reserves, &call)
        }
        C::RemoveReserve { token, custodian, .. } => {
            let call = S::removeCall { venue, token: *token, custodian: *custodian };
            Planned::call("remove a reserve", reserves, &call)
        }
        C::RemoveRemote { on, token, custodian, .. } => {
            let (token, custodian) = (*token, *custodian);
            let call = E::removeCall { venue, chainId: *on, token, custodian };
            Planned::call("remove a reserve elsewhere", elsewhere, &call)
        }
        C::RemoveFeed { feed, .. } => {
            let call = F::removeFeedCall { venue, feed: U256::from(*feed) };
            Planned::call("remove a feed", feeds, &call)
        }
        C::RemoveObserver { observer, .. } => {
            let call = O::removeObserverCall { venue, observer: *observer };
            Planned::call("remove an observer", observers, &call)
        }
        C::Threshold { sign, alarm, .. } => {
            let sign = sign.map(|threshold| {
                let call = O::setThresholdCall { venue, threshold };
                Planned::call("set the threshold", observers, &call)
            });
            let alarm = alarm.map(|threshold| {
                let call = O::setAlarmThresholdCall { venue, threshold };
                Planned::call("set the threshold of alarms", observers, &call)
            });
            return Ok(sign.into_iter().chain(alarm).collect());
        }
        C::Retire { rules, .. } => {
            Planned::call("retire rules", venues, &V::retireRulesCall { venue, rules: *rules })
        }
        C::Freeze { verifier, .. } => {
            let call = V::freezeVerifierCall { venue, verifier: *verifier };
            Planned::call("freeze a verifier", venues, &call)
        }
        C::Pause { only, reason, .. } => {
            let call = V::pauseCall { venue, subject: subject(only), reason: reason.clone() };
            Planned::call("pause", venues, &call)
        }
        C::Unpause { only, .. } => {
            let call = V::unpauseCall { venue, subject: subject(only) };
            Planned::call("end a pause", venues, &call)
        }
        C::Revoke { round, reason, .. } => {
            let call = R::revokeCall { venue, round: *round, reason: reason.clone() };
            Planned::call(format!("revoke attestation {round}"), registry, &call)
        }
        C::Publisher { publisher, .. } => {
            let call = V::setPublisherCall { venue, publisher: *publisher };
            Planned::call("set the publisher", venues, &call)
        }
        C::Guardian { guardian, .. } => {
            let call = V::setGuardianCall { venue, guardian: *guardian };
            Planned::call("set the guardian", venues, &call)
        }
        C::Limits { limits: args, .. } => {
            let call = V::setLimitsCall { venue, limits: limits(args)? };
            Planned::call("set the limits", venues, &call)
        }
        C::Delay { delay, .. } => {
            let call = V::setDelayCall { venue, delay: delay.0 };
            Planned::call("set the delay", venues, &call)
        }
        C::Offer { next, .. } => {
            let call = V::offerOwnershipCall { venue, nextOwner: *next };
            Planned::call("offer the venue", venues, &call)
        }
        C::TakeOver { .. } => Planned::call("take over", venues, &V::acceptOwnershipCall { venue }),
        C::Relink { previous, sequence, digest, .. } => {
            let (next, digest) = match (previous, sequence, digest) {
                (Some(path), ..) => {
                    let attestation = Attestation::parse(&files::read(path)?)
                        .with_context(|| path.display().to_string())?;
                    let next = attestation.header.sequence.checked_add(1);
                    (next.context("no number follows")?, B256::from(attestation.digest().0))
                }
                (None, Some(sequence), Some(digest)) => (*sequence, *digest),
                _ => anyhow::bail!("give --previous, or --sequence with --digest"),
            };
            let call = R::relinkCall { venue, nextSequence: next, previous: digest };
            Planned::call("relink", registry, &call)
        }
        C::Mark { .. } => Planned::call("mark reserves", reserves, &S::markCall { venue }),
        C::Recheck { .. } => {
            let node = connected.node()?;
            let round = node.ask(registry, &R::latestCall { venue })?.round;
            let latest = Latest::of(node, registry, venue, round)?;
            let latest =
                latest.context("the venue has no attestation, or the node lacks its events")?;
            let call = R::recheckCall { venue, record: latest.record, needs: latest.needs };
            Planned::call("recheck reserves", registry, &call)
        }
    };
    Ok(vec![one])
}

/// Storing a program, and announcing its rules.
pub fn announce_rules(
    registered: &contract::Registered,
    venues: Address,
    venue: B256,
) -> Result<Vec<Planned>> {
    let pieces = submission::code(&registered.names, registered.program.to_bytes())?;
    let count = pieces.len();
    let (mut planned, mut chunks) = (Vec::new(), Vec::new());
    for (number, piece) in pieces.iter().enumerate() {
        let part = system::part("a program", submission::creation_code(piece));
        chunks.push(part.at);
        let what = format!("store the program, part {} of {count}", number + 1);
        planned.push(Planned::make(what, &part));
    }
    let rules = B256::from(registered.digest.0);
    let program = registered.program.hash().0.into();
    let call = V::announceRulesCall { venue, rules, program, chunks };
    planned.push(Planned::call("announce the rules", venues, &call));
    Ok(planned)
}

/// Announcing a verifier.
pub fn announce_verifier(verifier: Address, venues: Address, venue: B256) -> Planned {
    let call = V::announceVerifierCall { venue, verifier };
    Planned::call("announce the verifier", venues, &call)
}

/// Listing a reserve.
pub fn announce_reserve(reserve: &ReserveArg, reserves: Address, venue: B256) -> Planned {
    let ReserveArg { asset, token, custodian, insurance } = reserve.clone();
    let what = format!("announce a reserve of {}", asset.escape_debug());
    let purpose = if insurance { Purpose::Insurance } else { Purpose::Customers };
    let reserve = NewReserve { asset, token, custodian, purpose };
    Planned::call(what, reserves, &S::announceCall { venue, reserve })
}

/// Limits as a contract takes them.
pub fn limits(args: &LimitsArgs) -> Result<Limits> {
    let seconds = |name: &str, seconds: crate::args::Seconds| {
        u32::try_from(seconds.0).with_context(|| format!("--{name} is too long"))
    };
    Ok(Limits {
        maxAge: seconds("max-age", args.max_age)?,
        minDistance: seconds("min-distance", args.min_distance)?,
        markWithin: seconds("mark-within", args.mark_within)?,
        toleranceBps: args.tolerance.0,
        owedBandBps: args.band_owed.0,
        depositsBandBps: args.band_deposits.0,
        interestBandBps: args.band_interest.0,
        pricesBandBps: args.band_prices.0,
        elsewhereBps: args.elsewhere.0,
    })
}

fn new_feed(args: &FeedArgs) -> Result<NewFeed> {
    let seconds = |name: &str, seconds: u64| {
        u32::try_from(seconds).with_context(|| format!("--{name} is too long"))
    };
    Ok(NewFeed {
        name: args.name.clone(),
        feed: args.feed,
        heartbeat: seconds("heartbeat", args.heartbeat.0)?,
        bandBps: args.band.0,
        sequencer: args.sequencer.unwrap_or_default(),
        grace: seconds("grace", args.grace.map_or(0, |grace| grace.0))?,
        least: args.least,
        most: args.most,
    })
}

/// The venue of a command, and how it is sent.
fn act(command: &VenueCommand) -> Result<&ActArgs> {
    use VenueCommand as C;
    Ok(match command {
        C::Sign(_) => anyhow::bail!("signing sends nothing"),
        C::Settle { act }
        | C::AnnounceRules { act, .. }
        | C::AnnounceVerifier { act, .. }
        | C::AnnounceReserve { act, .. }
        | C::AnnounceRemote { act, .. }
        | C::AnnounceFeed { act, .. }
        | C::AnnounceObserver { act, .. }
        | C::Accept { act, .. }
        | C::RemoveReserve { act, .. }
        | C::RemoveRemote { act, .. }
        | C::RemoveFeed { act, .. }
        | C::RemoveObserver { act, .. }
        | C::Threshold { act, .. }
        | C::Retire { act, .. }
        | C::Freeze { act, .. }
        | C::Pause { act, .. }
        | C::Unpause { act, .. }
        | C::Revoke { act, .. }
        | C::Publisher { act, .. }
        | C::Guardian { act, .. }
        | C::Limits { act, .. }
        | C::Delay { act, .. }
        | C::Offer { act, .. }
        | C::TakeOver { act }
        | C::Relink { act, .. }
        | C::Mark { act }
        | C::Recheck { act } => act,
    })
}

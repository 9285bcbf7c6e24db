//! Confirmations of an attestation that left its band.

use alloy_primitives::{B256, U256, keccak256};
use alloy_sol_types::{SolEvent, SolValue};
use anyhow::{Context, Result, ensure};
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, Venues as V},
    chain::Chain,
    registry::Latest,
    signing::{Confirm, MAX_VALIDITY},
    stored::Stored,
};
use serde_json::{Value, json};

use super::{
    super::{
        act::{Acting, Said},
        planned::Planned,
        signed::{self, Signed, SignedConfirmation},
        signer::{self, Signer},
    },
    ensure_here,
};
use crate::{
    args::{ActArgs, SignConfirmationArgs, SignatureArgs},
    outcome::Refused,
    output::Report,
};

/// The bit of `Fault` that says that something left its band.
const BAND: u16 = 8;

/// `pacioli observer sign-confirmation`.
pub fn sign(args: &SignConfirmationArgs) -> Result<Report> {
    let mut by = Signer::connect(&args.signer)?;
    let (registry, venue) = (by.registry, by.venue);
    let verdict = by.node.ask(registry, &R::latestCall { venue })?;
    if verdict.faults & BAND == 0 {
        let text = "the latest attestation is within its bands: there is nothing to confirm";
        return Err(Refused(text.to_owned()).into());
    }
    let latest = latest(&mut by.node, registry, venue, verdict.round)?;
    let moved = moved(&mut by, &latest, verdict.round)?;
    // `Latest` has the hash that the registry keeps.
    let record = keccak256(latest.record.abi_encode());
    let message = Confirm {
        signer: by.address,
        venue,
        record,
        signedAt: by.time,
        deadline: by.time + MAX_VALIDITY,
        carrier: args.carrier,
        compared: signer::bits(&args.compared),
    };
    let (digest, signature) = by.sign(&message, registry)?;
    let file = SignedConfirmation {
        chain_id: by.chain_id,
        registry,
        venue,
        round: verdict.round,
        record,
        signer: message.signer,
        signed_at: message.signedAt,
        deadline: message.deadline,
        carrier: args.carrier,
        compared: message.compared,
        signature,
    };
    let out = &args.signer.out;
    signed::write(out, &Signed::Confirmation(file))?;
    let mut text = format!(
        "{}\n  signer   {}\n  confirms round {}, sequence number {}\n  digest   {digest}\n  can be sent \
         until {}\n{}\nwhat left its band\n",
        out.display(),
        message.signer,
        verdict.round,
        verdict.sequence,
        signer::at(message.deadline)?,
        by.left()
    );
    for one in &moved {
        text += &format!("  {}\n", one.text());
    }
    let json = json!({
        "file": out.display().to_string(),
        "signer": message.signer,
        "round": verdict.round,
        "record": record,
        "digest": digest,
        "deadline": message.deadline,
        "moved": moved.iter().map(Moved::json).collect::<Vec<_>>(),
    });
    Ok(Report { text, json, holds: true })
}

/// `pacioli observer confirm`.
pub fn send(act: &ActArgs, args: &SignatureArgs) -> Result<Report> {
    let mut files = signed::read_all(&args.files, "a confirmation", |signed| match signed {
        Signed::Confirmation(one) => Some(one),
        _ => None,
    })?;
    signed::each_once(files.iter().map(|file| file.signer))?;
    files.sort_by_key(|file| file.signer);
    let mut acting = Acting::on(act)?;
    let (registry, venue) = (acting.registry, acting.venue);
    for file in &files {
        ensure_here(&acting, registry, (file.chain_id, file.registry, file.venue))?;
    }
    let node = acting.connected.node()?;
    let round = node.ask(registry, &R::latestCall { venue })?.round;
    let latest = latest(node, registry, venue, round)?;
    let record = keccak256(latest.record.abi_encode());
    let other = files.iter().find(|file| file.record != record);
    if let Some(other) = other {
        let signer = other.signer;
        let text = format!(
            "{signer} confirms another attestation, round {}: the latest is round {round}",
            other.round
        );
        return Err(Refused(text).into());
    }
    let signatures = files.iter().map(SignedConfirmation::by).collect();
    let call = R::confirmCall { venue, record: latest.record, signatures };
    let planned = [Planned::call("confirm the latest attestation", registry, &call)];
    let signers: Vec<_> = files.iter().map(|file| file.signer).collect();
    let mut text = format!("round {round}, confirmed by\n");
    for file in &files {
        text += &format!("  {}, who compared {}\n", file.signer, signer::words(file.compared));
    }
    let json = json!({ "round": round, "record": record, "signers": signers });
    acting.run(act, &planned, &Said { text: text + "\n", json })
}

fn latest(
    chain: &mut impl Chain,
    registry: alloy_primitives::Address,
    venue: B256,
    round: u64,
) -> Result<Latest> {
    ensure!(round != 0, "the venue has no attestation");
    let latest = Latest::of(chain, registry, venue, round)?;
    latest.context("the node no longer has the latest attestation's events")
}

/// Something that left its band.
struct Moved {
    what: String,
    least: U256,
    greatest: U256,
    now: U256,
}

impl Moved {
    fn text(&self) -> String {
        let Self { what, least, greatest, now } = self;
        match greatest.is_zero() {
            true => format!("{what}: {now}, and nothing to compare it with"),
            false => format!("{what}: {now}, before from {least} to {greatest}"),
        }
    }

    fn json(&self) -> Value {
        json!({
            "what": self.what,
            "least": self.least.to_string(),
            "greatest": self.greatest.to_string(),
            "now": self.now.to_string(),
        })
    }
}

/// What left its band, by the registry's events, in the registry's own units.
fn moved(by: &mut Signer, latest: &Latest, round: u64) -> Result<Vec<Moved>> {
    let call = V::rulesOfCall { venue: by.venue, rules: latest.record.rules };
    let rules = by.node.ask(by.system.venues, &call)?;
    let stored = Stored::find(&mut by.node, &rules.chunks, rules.program)?;
    let logs = by.node.logs(by.registry, &[R::BandLeft::SIGNATURE_HASH], by.venue)?;
    let events = logs.iter().filter_map(|log| R::BandLeft::decode_log_data(&log.data).ok());
    let of_round = events.filter(|event| event.round == round);
    Ok(of_round
        .map(|event| Moved {
            what: subject(event.subject, stored.as_ref()),
            least: event.least,
            greatest: event.greatest,
            now: event.now_,
        })
        .collect())
}

/// What a band is of: owed, the deposits of each asset, the open interest of each market, the prices.
fn subject(number: U256, stored: Option<&Stored>) -> String {
    let Some(stored) = stored else { return format!("figure {number}") };
    let number: usize = number.try_into().unwrap_or(usize::MAX);
    let (assets, markets) = (stored.assets.len(), stored.markets.len());
    let name = |list: &[B256], at: usize| list.get(at).map(B256::to_string).unwrap_or_default();
    match number {
        0 => "owed".to_owned(),
        at if at <= assets => format!("deposits of the asset {}", name(&stored.assets, at - 1)),
        at if at <= assets + markets => {
            let at = at - assets - 1;
            format!("open interest of the market {}", name(&stored.markets, at))
        }
        at => format!("price {}", at - assets - markets),
    }
}

//! `pacioli draw`, and the files that times are drawn from.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Day, Draw, Drawn, encoding::parse_hex, first_round};
use pacioli_chain::header_rlp;
use pacioli_rules::DrawSource;
use serde_json::{Value, json};

use super::files;
use crate::{args::DrawArgs, output::Report};

/// A server of drand.
const SERVER: &str = "https://api.drand.sh";
/// The hash by which servers know drand's `quicknet`.
pub const QUICKNET_CHAIN: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// Runs the command.
pub fn run(args: &DrawArgs) -> Result<Report> {
    let Some(path) = &args.drawn_from else { return to_fetch(args.day, args.from) };
    let (_, draw) = read(path)?;
    let path = path.display();
    let Draw { source, day, second, seen } = draw;
    ensure!(source == args.from, "{path}: this draws from {source}, and not from {}", args.from);
    ensure!(day == args.day, "{path}: this draws a second of {day}, and not of {}", args.day);
    let text = format!("{second}\n  of {day}, drawn from {source}, {seen}\n");
    let json =
        json!({ "second": second.to_string(), "day": day, "from": source.name(), "seen": seen });
    Ok(Report { text, json, holds: true })
}

/// What a day is drawn from.
fn to_fetch(day: Day, from: DrawSource) -> Result<Report> {
    let end = Timestamp::from_second(day.end().try_into()?)?;
    let (text, json) = match from {
        DrawSource::Quicknet => {
            let round = first_round(day)?;
            let url = format!("{SERVER}/{QUICKNET_CHAIN}/public/{round}");
            let text = format!(
                "{day} is drawn from round {round} of {from}, published at {end} or up to 3 s later\n  \
                 {url}\n"
            );
            (text, json!({ "round": round, "url": url }))
        }
        DrawSource::Ethereum => {
            let text = format!(
                "{day} is drawn from the first block of {from} whose timestamp is at least {} ({end})\n  \
                 once it is final; the header of the block before it is needed as well\n",
                day.end()
            );
            (text, json!({ "timestamp": day.end() }))
        }
    };
    let json =
        json!({ "day": day, "from": from.name(), "first_at": end.to_string(), "fetch": json });
    Ok(Report { text, json, holds: true })
}

/// Reads what a time is drawn from, and draws it: a round as drand's API returns it, or
/// `{"parent": ..., "block": ...}` with two headers.
pub fn read(path: &Path) -> Result<(Drawn, Draw)> {
    let file = || path.display().to_string();
    let document: Value = serde_json::from_slice(&files::read(path)?).with_context(file)?;
    let drawn = of_document(&document).with_context(file)?;
    let draw = drawn.recompute().with_context(file)?;
    Ok((drawn, draw))
}

/// What a server of drand answers for a round.
pub fn of_answer(answer: &[u8]) -> Result<Drawn> {
    of_document(&serde_json::from_slice(answer)?)
}

fn of_document(document: &Value) -> Result<Drawn> {
    match (document.get("round"), document.get("parent"), document.get("block")) {
        (Some(round), None, None) => {
            let round = round.as_u64().context("round: not a whole number")?;
            let signature = document.get("signature").and_then(Value::as_str);
            let signature = signature.context("signature: is missing, or not a text")?;
            // drand writes its digits without `0x`.
            let digits = signature.strip_prefix("0x").unwrap_or(signature);
            let signature = parse_hex(&format!("0x{digits}"));
            let signature = signature.context("signature: not lower-case hexadecimal digits")?;
            Ok(Drawn::of_round(round, signature)?)
        }
        (None, Some(parent), Some(block)) => {
            let parent = header(parent).context("parent")?;
            Ok(Drawn::of_block(parent, header(block).context("block")?)?)
        }
        _ => bail!(
            "expected a round of drand with `round` and `signature`, or the headers of two blocks as \
             `parent` and `block`"
        ),
    }
}

/// A header: its RLP in hexadecimal digits, a block as a node returns it, or a node's whole answer.
fn header(value: &Value) -> Result<Vec<u8>> {
    match (value, value.get("result")) {
        (Value::String(digits), _) => {
            parse_hex(digits).context("not `0x` and lower-case hexadecimal digits")
        }
        (_, Some(result @ (Value::String(_) | Value::Object(_)))) => header(result),
        _ => Ok(header_rlp(value)?),
    }
}

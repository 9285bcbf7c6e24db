//! Rounds of Chainlink aggregators, as `latestRoundData` and `getRoundData` give them, in a list.
//!
//! ```json
//! [{ "aggregator": "0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c", "decimals": 8,
//!    "description": "BTC / USD", "roundId": "110680464442257320164", "answer": "9125050000000",
//!    "startedAt": "1767225590", "updatedAt": "1767225590",
//!    "answeredInRound": "110680464442257320164" }]
//! ```
//!
//! The price is `answer / 10^decimals`, its time `updatedAt`. A round's id has the phase of its
//! aggregator above 2^64 and a number from 1 below; ids go up with time, from phase to phase as well.
//! Integers are JSON numbers or texts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_rules::Decimal;
use serde::Deserialize;

use super::{FeedError, Quote, Read, Refuse, exact::Exact, symbols::Symbols};
use crate::cells;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Round {
    aggregator: String,
    decimals: Exact,
    description: String,
    round_id: Exact,
    answer: Exact,
    started_at: Exact,
    updated_at: Exact,
    answered_in_round: Option<Exact>,
}

/// What is known of a round once it was read: its place, time and quote.
struct Told {
    index: usize,
    time: Timestamp,
    quote: Quote,
    symbol: String,
}

/// Reads a feed.
pub(super) fn read(bytes: &[u8], refuse: &Refuse<'_>, symbols: &Symbols) -> Read {
    let rounds: Vec<Round> = serde_json::from_slice(bytes).map_err(|error| refuse.json(error))?;
    // By aggregator and id.
    let mut told: BTreeMap<(String, u128), Told> = BTreeMap::new();
    let mut sizes: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for (index, round) in rounds.iter().enumerate() {
        let label = format!("[{index}]");
        let read = one(round, &label, refuse, symbols)?;
        let at = |text: String| refuse.at(&label, &text);
        let said = (read.decimals, round.description.clone());
        let first = sizes.entry(read.aggregator.clone()).or_insert_with(|| said.clone());
        if *first != said {
            return Err(at(
                "the aggregator has other decimals or another description above".to_owned()
            ));
        }
        let key = (read.aggregator.clone(), read.id);
        if let Some(first) = told.get(&key) {
            let id = read.id;
            return Err(at(format!(
                "duplicate round {id}: also at {}[{}]",
                refuse.file, first.index
            )));
        }
        let Read1 { time, quote, symbol, .. } = read;
        told.insert(key, Told { index, time, quote, symbol });
    }
    let mut kept: Vec<Told> = Vec::new();
    let mut before: Option<(String, u128)> = None;
    for ((aggregator, id), told) in told {
        let last = before.as_ref().filter(|(other, _)| *other == aggregator);
        if let (Some((_, last)), Some(earlier)) = (last, kept.last()) {
            if told.time < earlier.time {
                let text = format!("round {id} is of an earlier time than round {last} before it");
                return Err(refuse.at(&format!("[{}]", told.index), &text));
            }
            // Two in one second: the later round is the price from then on.
            if told.time == earlier.time {
                kept.pop();
            }
        }
        before = Some((aggregator, id));
        kept.push(told);
    }
    kept.sort_by_key(|told| told.index);
    let quotes =
        kept.into_iter().map(|told| (told.quote, format!("[{}]", told.index), told.symbol));
    Ok(quotes.collect())
}

/// One round as read.
struct Read1 {
    aggregator: String,
    id: u128,
    decimals: u32,
    time: Timestamp,
    quote: Quote,
    symbol: String,
}

fn one(
    round: &Round,
    label: &str,
    refuse: &Refuse<'_>,
    symbols: &Symbols,
) -> Result<Read1, FeedError> {
    let at = |text: &str| refuse.at(label, &text);
    let digits = round.aggregator.strip_prefix("0x").unwrap_or_default();
    if digits.len() != 40 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(at("aggregator: is not an address, 0x and 40 hexadecimal digits"));
    }
    let whole = |name: &str, number: &Exact| {
        number
            .whole()
            .ok_or_else(|| at(&format!("{name}: `{}` is not a whole number", number.text())))
    };
    let id = whole("roundId", &round.round_id)?;
    if id >= 1 << 80 || id & u128::from(u64::MAX) == 0 {
        return Err(at("roundId: is not a phase times 2^64 and a number from 1, below 2^80"));
    }
    let (started, updated) =
        (whole("startedAt", &round.started_at)?, whole("updatedAt", &round.updated_at)?);
    if updated == 0 {
        return Err(at("updatedAt: is 0: the round is not complete"));
    }
    if started > updated {
        return Err(at("startedAt: is after updatedAt"));
    }
    if let Some(answered) = &round.answered_in_round {
        let answered = whole("answeredInRound", answered)?;
        if answered < id {
            return Err(at("answeredInRound: is before roundId: the answer was carried over"));
        }
    }
    let time = i64::try_from(updated).ok().and_then(|time| Timestamp::from_second(time).ok());
    let time = time.ok_or_else(|| at("updatedAt: is not a time in seconds"))?;
    let decimals = whole("decimals", &round.decimals)?;
    let decimals = u32::try_from(decimals).ok().filter(|&decimals| decimals <= 38);
    let decimals = decimals.ok_or_else(|| at("decimals: are more than 38"))?;
    let answer = round.answer.text();
    let is_whole = answer.strip_prefix('-').unwrap_or(answer).bytes().all(|b| b.is_ascii_digit());
    let price = answer.parse::<Decimal>().ok().filter(|_| is_whole);
    let price = price.ok_or_else(|| at(&format!("answer: `{answer}` is not a whole number")))?;
    let price = cells::above_zero("answer", Decimal::new(price.mantissa(), decimals));
    let price = price.map_err(|fault| refuse.at(label, &fault))?;
    // As pairs are written elsewhere.
    let symbol = round.description.replace(" / ", "/");
    let asset = symbols.of(&symbol).ok_or_else(|| refuse.unnamed(label, &symbol))?;
    let asset = cells::asset(&asset).map_err(|fault| refuse.at(label, &fault))?;
    let aggregator = round.aggregator.to_lowercase();
    let source = format!("chainlink {aggregator}");
    Ok(Read1 {
        id,
        decimals,
        time,
        quote: Quote { source, asset, time, price },
        symbol,
        aggregator,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Feed, Symbols};

    const AGGREGATOR: &str = "0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c";

    /// A round of a phase, with its number, answer and time.
    fn round(phase: u128, number: u128, answer: &str, time: u64) -> String {
        let id = (phase << 64) + number;
        format!(
            r#"{{ "aggregator": "{AGGREGATOR}", "decimals": 8, "description": "BTC / USD",
                "roundId": "{id}", "answer": {answer}, "startedAt": {time}, "updatedAt": "{time}",
                "answeredInRound": "{id}" }}"#
        )
    }

    fn read(rounds: &[String]) -> Result<Feed, String> {
        let symbols = Symbols { quote: Some("USD".to_owned()), ..Symbols::default() };
        let text = format!("[{}]", rounds.join(", "));
        Feed::read(text.as_bytes(), "f.json", &symbols).map_err(|error| error.to_string())
    }

    #[test]
    fn a_round_is_its_answer_at_its_time() {
        // Phases follow each other, in any order of the list; of two in one second the later counts.
        let rounds = [
            round(6, 1, "9125150000001", 1_767_225_600),
            round(5, 900, "9125050000000", 1_767_225_590),
            round(6, 2, "9125250000000", 1_767_225_600),
        ];
        let feed = read(&rounds).unwrap();
        let said = feed.quotes.iter().enumerate().map(|(index, quote)| {
            format!("{} {} {} {}", feed.place(index), quote.asset, quote.time, quote.price)
        });
        assert_eq!(
            said.collect::<Vec<_>>(),
            [
                "f.json[1] BTC 2025-12-31T23:59:50Z 91250.50000000",
                "f.json[2] BTC 2026-01-01T00:00:00Z 91252.50000000",
            ]
        );
        let source = format!("chainlink {}", AGGREGATOR.to_lowercase());
        assert!(feed.quotes.iter().all(|quote| quote.source == source));
    }

    #[test]
    fn each_malformed_round_has_its_own_error_and_place() {
        let good = || round(5, 1, "100", 1_767_225_590);
        let refused = |from: &str, to: &str, expected: &str| {
            let wrong = good().replace(from, to);
            assert_ne!(wrong, good(), "{from}");
            let error = read(&[round(4, 9, "100", 1_767_225_000), wrong]).unwrap_err();
            assert!(error.starts_with(&format!("f.json[1]: {expected}")), "{error}");
        };
        refused(": 100", ": 0", "answer: 0.00000000 is not above zero");
        refused(": 100", ": -5", "answer: -0.00000005 is not above zero");
        refused(": 100", ": 1.5", "answer: `1.5` is not a whole number");
        refused("\"1767225590\"", "0", "updatedAt: is 0: the round is not complete");
        refused("\"1767225590\"", "1767225589", "startedAt: is after updatedAt");
        refused("\"1767225590\"", "\"99999999999999999\"", "updatedAt: is not a time in seconds");
        let id = (5u128 << 64) + 1;
        let (own, before) = (format!("InRound\": \"{id}\""), format!("InRound\": \"{}\"", id - 1));
        refused(&own, &before, "answeredInRound: is before roundId");
        refused(
            &format!("\"{id}\""),
            &format!("\"{}\"", 5u128 << 64),
            "roundId: is not a phase times",
        );
        refused(
            &format!("\"{id}\""),
            &format!("\"{}\"", 1u128 << 80),
            "roundId: is not a phase times",
        );
        refused(AGGREGATOR, "0x12", "aggregator: is not an address");
        refused("BTC / USD", "BTC / ETH", "say which asset `BTC/ETH` is");
        refused("\"decimals\": 8", "\"decimals\": 39", "decimals: are more than 38");
        refused("\"decimals\": 8", "\"decimals\": 9", "the aggregator has other decimals");
        let twice = read(&[good(), good()]).unwrap_err();
        assert_eq!(twice, format!("f.json[1]: duplicate round {id}: also at f.json[0]"));
        let back = [good(), round(5, 2, "100", 1_767_225_000)];
        let error = read(&back).unwrap_err();
        assert!(
            error.starts_with("f.json[1]: round 92233720368547758082 is of an earlier time"),
            "{error}"
        );
        let error = read(&[good().replace("\"answer\"", "\"price\"")]).unwrap_err();
        assert!(error.contains("missing field `answer`"), "{error}");
    }
}

//! Clauses of a program as text.

use pacioli_attestation::program::Clause;
use pacioli_circuits::ScenarioId;
use pacioli_rules::Amount;
use pacioli_verifier_contract::stored::Stored;

use super::unit::{Names, Unit};

/// The demand of a clause. `scenario` gives the name of one.
pub fn words(
    clause: &Clause,
    sent: &Stored,
    names: &Names,
    unit: &Unit,
    scenario: impl Fn(ScenarioId) -> String,
) -> String {
    let Clause { kind, subject, mantissa, scale } = *clause;
    let number = usize::from(subject);
    let of = scenario(ScenarioId::new(subject));
    let group = |list: &[alloy_primitives::B256], what: &str| match list.get(number) {
        Some(&hash) => names.of(hash),
        None => format!("{what} {number}"),
    };
    match kind {
        0 => format!("coverage at {of} at least {}", Amount::new(mantissa, scale.into())),
        1 => format!("reserves of {} at least its deposits", group(&sent.assets, "asset")),
        2 => format!("bad debt at {of} at most {} {}", unit.amount(mantissa), unit.name()),
        3 => format!("all reserves at {of} at least what all but the insurance fund are owed"),
        4 => format!(
            "longs equal shorts in market {number}, priced as {}",
            group(&sent.markets, "market")
        ),
        5 => format!("prices at most {mantissa} s from the snapshot"),
        6 => format!("reserves read at most {mantissa} s after the snapshot"),
        7 => format!("at most {mantissa} accounts left out"),
        8 => "no asset left out".to_owned(),
        9 => {
            let source = if subject == 0 { "drand:quicknet" } else { "eip155:1" };
            format!("a time drawn from {source}, with at most {mantissa} days missed")
        }
        10 => "reserves marked before the end of the drawn day".to_owned(),
        11 => format!(
            "volatilities of followed asset {number} at most {mantissa} s from the snapshot"
        ),
        12 => {
            let least = mantissa & u128::from(u64::MAX);
            format!("volatilities of followed asset {number} from at least {least} sources")
        }
        13 => {
            let band = Amount::new(mantissa & u128::from(u64::MAX), 18);
            format!(
                "volatilities of followed asset {number} no more than {band} of it below another's"
            )
        }
        _ => format!("a clause of the kind {kind}, which this release does not know"),
    }
}

/// The name of a scenario if no rules are given.
pub fn scenario(sent: &Stored, id: ScenarioId) -> String {
    let own = usize::from(sent.scenarios) - sent.twins.len() - usize::from(sent.has_cover);
    match id.index().checked_sub(own).and_then(|twin| sent.twins.get(twin)) {
        Some(of) => format!("scenario {of} without the fund"),
        None if id == ScenarioId::MARK => "mark".to_owned(),
        None => format!("scenario {id}"),
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{B256, keccak256};

    use super::*;

    #[test]
    fn every_kind_has_words() {
        let sent = Stored {
            value_decimals: 2,
            quote: keccak256("USD"),
            scenarios: 4,
            twins: vec![2],
            has_cover: false,
            clauses: Vec::new(),
            assets: vec![keccak256("BTC"), B256::ZERO],
            markets: vec![keccak256("ETH")],
        };
        let (names, unit) = (Names::with([]), Unit::given(2, "USD"));
        let said = |kind, subject, mantissa, scale| {
            let clause = Clause { kind, subject, mantissa, scale };
            words(&clause, &sent, &names, &unit, |id| scenario(&sent, id))
        };
        for (got, expected) in [
            (said(0, 0, 105, 2), "coverage at mark at least 1.05"),
            (said(0, 2, 1, 0), "coverage at scenario 2 at least 1"),
            (said(1, 0, 0, 0), "reserves of BTC at least its deposits"),
            (said(1, 1, 0, 0), "reserves of 0x00000000.. at least its deposits"),
            (said(2, 2, 500_000, 0), "bad debt at scenario 2 at most 5,000 USD"),
            (
                said(3, 2, 0, 0),
                "all reserves at scenario 2 at least what all but the insurance fund are owed",
            ),
            (said(4, 0, 0, 0), "longs equal shorts in market 0, priced as ETH"),
            (said(5, 0, 60, 0), "prices at most 60 s from the snapshot"),
            (said(6, 0, 60, 0), "reserves read at most 60 s after the snapshot"),
            (said(7, 0, 0, 0), "at most 0 accounts left out"),
            (said(8, 0, 0, 0), "no asset left out"),
            (said(9, 0, 2, 0), "a time drawn from drand:quicknet, with at most 2 days missed"),
            (said(10, 0, 0, 0), "reserves marked before the end of the drawn day"),
            (
                said(11, 1, 3_600, 0),
                "volatilities of followed asset 1 at most 3600 s from the snapshot",
            ),
            (
                said(12, 0, 60 << 64 | 2, 0),
                "volatilities of followed asset 0 from at least 2 sources",
            ),
        ] {
            assert_eq!(got, expected);
        }
        assert_eq!(scenario(&sent, ScenarioId::new(3)), "scenario 2 without the fund");
    }
}

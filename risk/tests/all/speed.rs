//! How fast a crash is, computed by hand.

use pacioli_attestation::Reserves;
use pacioli_prover::{Strictness, snapshot::read_csv};
use pacioli_risk::stress::{Lead, Moment, Speed, SpeedLimits, StressBook};
use pacioli_rules::{
    Prices, Rules,
    testing::{PRICES, RULES},
};

const HOUR: u64 = 3_600;

/// BTC is at 20,000: bob has 50,000 left, and is short by 11,000 once it has fallen by 30.5 %.
const BOOK: &str = "account,instrument,quantity\nbob,deposit BTC,10\nbob,borrow USDC,150000\n";

fn book(fund: u32) -> StressBook {
    let reserves = format!(
        r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [
            {{ "asset": "USDC", "amount": "{fund}", "chain": "bank", "address": "a",
               "evidence": "b", "purpose": "insurance" }},
            {{ "asset": "BTC", "amount": "10", "chain": "bitcoin", "address": "c",
               "evidence": "b", "purpose": "customers" }} ] }}"#
    );
    StressBook::new(
        &Rules::parse(RULES).unwrap(),
        Prices::parse(PRICES).unwrap(),
        Some(Reserves::parse(&reserves).unwrap()),
        read_csv(BOOK.as_bytes(), "").unwrap(),
        &Strictness::default(),
    )
    .unwrap()
}

fn black_thursday(fund: u32, limits: SpeedLimits) -> Speed {
    let mut speeds = book(fund).speeds(limits, &()).unwrap();
    assert_eq!(speeds.len(), 10);
    speeds.remove(0)
}

fn limits(max_age: u64, owed_band_bps: u16, prices_band_bps: u16) -> SpeedLimits {
    SpeedLimits { max_age: max_age * HOUR, owed_band_bps, prices_band_bps }
}

fn hours(least: u64, most: u64) -> Option<Lead> {
    Some(Lead { least: least * HOUR, most: most * HOUR })
}

#[test]
fn each_state_is_so_long_before_bad_debt_beyond_the_fund() {
    // The lows of BTC every four hours: 0, 0, 0, -5.3 %, -8 %, -30.5 % and then more.
    let speed = black_thursday(10_999, limits(12, 5_000, 500));
    assert_eq!((speed.scenario.as_str(), speed.length), ("black-thursday-2020", 40 * HOUR));
    let beyond = speed.beyond.as_ref().unwrap();
    assert_eq!(beyond.when, Moment { from: 20 * HOUR, to: 24 * HOUR });
    assert_eq!(beyond.bad_debt.to_string(), "11000");
    let btc = &beyond.moves[0];
    assert_eq!((btc.0.as_str(), btc.1.to_string().as_str()), ("BTC", "-0.305"));
    assert_eq!(speed.lead(Some(Moment { from: 0, to: 0 })), hours(20, 24));
    // ETH has a price too, and leaves a band of 5 % in the second candle, at -8.4 %.
    assert_eq!(speed.warning, Some(Moment { from: 4 * HOUR, to: 8 * HOUR }));
    assert_eq!(speed.lead(speed.warning), hours(12, 20));
    // Nothing else is a breach before: 10 bitcoins are more than bob is owed.
    assert_eq!(speed.lead(speed.breach), hours(0, 4));
    assert_eq!(speed.lead(Some(speed.expired)), hours(8, 12));
}

#[test]
fn a_fund_of_just_the_bad_debt_holds_out_for_longer() {
    // At -44.7 % he is short by 39,400, in the ninth candle.
    let speed = black_thursday(11_000, limits(25, 5_000, 0));
    assert_eq!(speed.beyond.as_ref().unwrap().when.from, 32 * HOUR);
    assert_eq!(speed.lead(Some(speed.expired)), hours(7, 11));
    // What is owed is down to nothing, and a half of it was the band, at 12.5 %.
    assert_eq!(speed.warning.unwrap().from, 20 * HOUR);
    let never = black_thursday(100_000, limits(25, 0, 0));
    assert_eq!((never.beyond.clone(), never.warning), (None, None));
    assert_eq!(never.lead(Some(never.expired)), None);
}

#[test]
fn an_attestation_that_is_good_for_longer_than_the_crash_never_expires_in_time() {
    let speed = black_thursday(10_999, limits(24, 0, 0));
    assert_eq!(speed.lead(Some(speed.expired)), None);
    let speed = black_thursday(10_999, limits(23, 0, 0));
    assert_eq!(speed.lead(Some(speed.expired)), hours(0, 1));
}

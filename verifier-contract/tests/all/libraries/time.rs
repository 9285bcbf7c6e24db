//! `Iso8601.sol` against jiff.

use alloy_primitives::U256;
use alloy_sol_types::SolValue;
use jiff::Timestamp;

use crate::libraries::chain::{Chain, named};

const DAY: u64 = 86_400;
/// 9999-12-31T23:59:59Z
const LAST: u64 = 253_402_300_799;

fn text(chain: &mut Chain, seconds: u64) -> String {
    let output = chain.call("time", U256::from(seconds).abi_encode()).unwrap();
    String::abi_decode(&output.bytes).unwrap()
}

#[test]
fn times_are_written_as_jiff_writes_them() {
    let mut chain = Chain::new();
    let noted = [
        "1970-01-01T00:00:00Z",
        "1972-02-29T23:59:59Z",
        "1999-12-31T23:59:59Z",
        "2000-02-28T12:34:56Z",
        "2000-02-29T00:00:00Z",
        "2000-03-01T00:00:00Z",
        "2026-01-01T00:00:00Z",
        "2038-01-19T03:14:08Z",
        "2100-02-28T23:59:59Z",
        "2100-03-01T00:00:00Z",
        "2400-02-29T09:08:07Z",
        "9999-12-30T22:00:00Z",
    ];
    for expected in noted {
        let time: Timestamp = expected.parse().unwrap();
        assert_eq!(text(&mut chain, time.as_second() as u64), expected);
    }
    // Every 1,009th day to the last that jiff knows, at another time of the day each.
    let most = Timestamp::MAX.as_second() as u64;
    let steps = (0..).map(|step: u64| step * 1_009 * DAY + step * 7_919 % DAY);
    for seconds in steps.take_while(|&seconds| seconds < most) {
        let expected = Timestamp::from_second(seconds as i64).unwrap().to_string();
        assert_eq!(text(&mut chain, seconds), expected);
    }
}

#[test]
fn leap_years_end_as_jiff_has_them() {
    // A year of each kind: the days around each February and each year's end.
    let mut chain = Chain::new();
    for year in [1970, 1972, 1999, 2000, 2001, 2096, 2100, 2104, 2400, 9996] {
        for day in ["02-28", "03-01", "12-31"] {
            let noon: Timestamp = format!("{year}-{day}T12:00:00Z").parse().unwrap();
            for seconds in [noon.as_second() as u64, noon.as_second() as u64 + DAY] {
                let expected = Timestamp::from_second(seconds as i64).unwrap().to_string();
                assert_eq!(text(&mut chain, seconds), expected);
            }
        }
    }
}

#[test]
fn the_year_10000_is_refused() {
    let mut chain = Chain::new();
    assert_eq!(text(&mut chain, LAST), "9999-12-31T23:59:59Z");
    let revert = chain.call("time", U256::from(LAST + 1).abi_encode()).unwrap_err();
    assert_eq!(named(&revert), format!("TimeOutOfRange({})", LAST + 1));
    let revert = chain.call("time", U256::MAX.abi_encode()).unwrap_err();
    assert_eq!(named(&revert), format!("TimeOutOfRange({})", U256::MAX));
}

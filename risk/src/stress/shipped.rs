//! The scenario sets that come with the project, built in.

use super::scenarios::ScenarioSet;

/// Every set by name, in the order in which all of them are evaluated.
pub const SETS: [(&str, &str); 7] = [
    ("historical", include_str!("../../../scenarios/historical.toml")),
    ("squeezes", include_str!("../../../scenarios/squeezes.toml")),
    ("depegs", include_str!("../../../scenarios/depegs.toml")),
    ("stale-oracle", include_str!("../../../scenarios/stale-oracle.toml")),
    ("flat", include_str!("../../../scenarios/flat.toml")),
    ("near", include_str!("../../../scenarios/near.toml")),
    ("volatility", include_str!("../../../scenarios/volatility.toml")),
];

/// The shipped set with this name, or `None` if there is none.
pub fn shipped(name: &str) -> Option<ScenarioSet> {
    let (_, toml) = SETS.iter().find(|(own, _)| *own == name)?;
    Some(ScenarioSet::parse(toml).expect("the shipped sets are tested to be well formed"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn set(name: &str) -> ScenarioSet {
        shipped(name).unwrap()
    }

    /// The moves of a scenario that its source lists, as percentages.
    #[track_caller]
    fn moves(set: &str, name: &str, percent: &[(&str, &str)]) {
        let scenarios = self::set(set).scenarios;
        let scenario = scenarios.iter().find(|scenario| scenario.name == name).unwrap();
        for (asset, expected) in percent {
            let expected: pacioli_rules::Decimal = expected.parse().unwrap();
            let got = scenario.moves[*asset].floor_units(9).0;
            assert_eq!(got * 100, expected.floor_units(9).0, "{asset} in {name}");
        }
    }

    #[test]
    fn every_set_is_well_formed_and_no_two_scenarios_bear_one_name() {
        let mut names = BTreeSet::new();
        for (name, _) in SETS {
            let set = set(name);
            assert_eq!(set.name, name);
            for scenario in set.scenarios {
                assert!(names.insert(scenario.name.clone()), "duplicate {}", scenario.name);
            }
        }
        assert_eq!(shipped("none"), None);
    }

    #[test]
    fn the_ten_crashes_fell_as_far_as_the_candles_say() {
        let h = "historical";
        moves(h, "black-thursday-2020", &[("BTC", "-52.6"), ("ETH", "-56.7"), ("LINK", "-65.5")]);
        moves(h, "may-19-2021", &[("BTC", "-34.5"), ("ETH", "-47.1"), ("MATIC", "-64.7")]);
        moves(h, "dec-4-2021", &[("BTC", "-27.1"), ("ETH", "-24.7"), ("SOL", "-30.7")]);
        moves(h, "luna-2022-05", &[("LUNA", "-99.999"), ("UST", "-77.5"), ("AVAX", "-66.2")]);
        moves(h, "june-2022", &[("BTC", "-42"), ("ETH", "-51.1"), ("AAVE", "-53")]);
        moves(h, "ftx-2022-11", &[("FTT", "-91.6"), ("SOL", "-62.7"), ("BTC", "-26")]);
        moves(h, "usdc-depeg-2023-03", &[("USDC", "-12.3"), ("DAI", "-12"), ("ETH", "-11.5")]);
        moves(h, "yen-carry-2024-08-05", &[("BTC", "-19.8"), ("PEPE", "-33.4")]);
        moves(h, "tariff-2025-02-03", &[("ETH", "-38.2"), ("UNI", "-46.4")]);
        moves(h, "oct-10-2025", &[("BTC", "-16.8"), ("WIF", "-91.7"), ("SUI", "-83.9")]);
        moves(h, "oct-10-2025-index", &[("BTC", "-13"), ("ETH", "-19"), ("SOL", "-22")]);
        assert_eq!(set(h).scenarios.len(), 11, "the ten, and a softer reading of the last");
        let listed: usize = set(h).scenarios.iter().map(|scenario| scenario.moves.len()).sum();
        assert_eq!(listed, 148);
    }

    #[test]
    fn the_squeezes_rose_and_the_pegs_broke_as_far_as_their_sources_say() {
        moves("squeezes", "squeeze-btc-2019-10-25", &[("BTC", "40.9")]);
        moves("squeezes", "squeeze-eth-2021-05-24", &[("ETH", "34.7")]);
        moves("squeezes", "squeeze-xrp-2023-07-13", &[("XRP", "75.6")]);
        moves("squeezes", "squeeze-doge-2021-01-29", &[("DOGE", "940.7")]);
        assert!(set("squeezes").scenarios.iter().all(|up| !up.default_move.is_negative()));
        moves("depegs", "ust-2022-05", &[("UST", "-77.5")]);
        moves("depegs", "usdc-dai-2023-03", &[("USDC", "-12.3"), ("DAI", "-12")]);
        moves("depegs", "all-stables-10", &[("USDT", "-10"), ("USDC", "-10")]);
        let broken = [("WBTC", "-71.4"), ("wBETH", "-88"), ("USDe", "-35")];
        moves("depegs", "wrapped-oct-10-2025", &broken);
        assert!(set("depegs").scenarios.iter().all(|peg| peg.default_move.mantissa() == 0));
    }

    #[test]
    fn near_mark_every_fall_has_its_rise() {
        moves("near", "near-alts-down-10", &[("BTC", "-4"), ("ETH", "-7")]);
        moves("near", "near-alts-up-5", &[("BTC", "2"), ("ETH", "3.5")]);
        let (falls, rises): (Vec<_>, Vec<_>) =
            set("near").scenarios.into_iter().partition(|one| one.default_move.is_negative());
        assert_eq!((falls.len(), rises.len()), (5, 5));
        for (fall, rise) in falls.iter().zip(&rises) {
            assert_eq!(fall.name.replace("down", "up"), rise.name);
            let opposite = |a: &pacioli_rules::Decimal, b: &pacioli_rules::Decimal| {
                assert_eq!((a.mantissa(), a.scale()), (-b.mantissa(), b.scale()), "{}", fall.name);
            };
            opposite(&fall.default_move, &rise.default_move);
            assert!(fall.moves.keys().eq(rise.moves.keys()));
            fall.moves.values().zip(rise.moves.values()).for_each(|(a, b)| opposite(a, b));
        }
    }

    #[test]
    fn stale_oracles_go_with_the_moves_of_the_crash_they_are_named_for() {
        let historical = set("historical").scenarios;
        for stale in set("stale-oracle").scenarios {
            let name = stale.name.strip_prefix("stale-").unwrap();
            let crash = historical.iter().find(|crash| crash.name == name).unwrap();
            assert!(stale.stale_oracle && !crash.stale_oracle);
            let facts = |one: &super::super::StressScenario| {
                (one.date.clone(), one.until.clone(), one.default_move, one.moves.clone())
            };
            assert_eq!(facts(&stale), facts(crash));
        }
    }
}

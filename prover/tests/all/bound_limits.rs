//! Bounds at the limits: options that expire, the largest numbers and tables, twins among other
//! scenarios.

use std::fmt::Write;

use pacioli_attestation::bound::{RepriceError, Repricing};
use pacioli_circuits::{Total, Totals};
use pacioli_rules::{Decimal, Prices, Rules, compile};

/// A call at 90 USD that expired where BTC stood at 100: its holder is owed 10 a unit, whatever BTC is
/// worth by now.
#[test]
fn an_option_that_has_expired_has_no_value_at_later_prices() {
    const RULES: &str = include_str!("../../../rules/tests/books/options/rules.toml");
    const PRICES: &str = include_str!("../../../rules/tests/books/options/prices.json");
    let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(PRICES).unwrap());
    let table = compile(&rules, &prices).unwrap();
    let mut totals = Totals(vec![Total::default(); table.rows.len()]);
    let mut there = prices.clone();
    there.as_of = "2026-01-03T00:00:00Z".parse().unwrap();
    there.prices.insert("BTC".to_owned(), "80".parse().unwrap());
    // Nobody holds it.
    Repricing::of(&table, &totals, &rules, &there, None).unwrap();
    let call = table.find("long BTC-OLD-90-C").unwrap().row();
    totals.0[call] = Total { count: 1, quantity: 100 };
    let refused = Repricing::of(&table, &totals, &rules, &there, None);
    assert!(matches!(refused, Err(RepriceError::Expired(name)) if name == "BTC-OLD-90-C"));
}

fn many(assets: usize, stresses: usize) -> (Rules, Prices) {
    let mut rules = "name = \"many\"\nsource = \"made up\"\ndate = \"2026-01-01\"\n\
                     exactness = \"exact\"\ncover = false\nquote = \"USD\"\nvalue_decimals = 12\n\
                     [[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n"
        .to_owned();
    for number in 0..stresses {
        let by = Decimal::new(-(number as i128) - 1, 4);
        write!(
            rules,
            "[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"{by}\"\n"
        )
        .unwrap();
    }
    rules += "[asset_default]\ndecimals = 2\n[policy]\nmin_coverage = \"1\"\n";
    let prices: Vec<_> =
        (0..assets).map(|number| format!("\"A{number}\": \"1{number}\"")).collect();
    let prices = format!(
        "{{\"as_of\": \"2026-01-01T00:00:00Z\", \"quote\": \"USD\", \"method\": \"x\", \"prices\": \
         {{{}}}}}",
        prices.join(", ")
    );
    (Rules::parse(&rules).unwrap(), Prices::parse(&prices).unwrap())
}

/// Twins keep their stresses when margins, credit and constraints go.
#[test]
fn twins_stay_with_their_stresses() {
    let stress = |name: &str, by: &str| {
        format!("[[scenarios]]\nname = \"{name}\"\nkind = \"stress\"\ndefault_move = \"{by}\"\n")
    };
    let margin = |name: &str| {
        format!("[[scenarios]]\nname = \"{name}\"\nkind = \"margin\"\nmargin = \"maintenance\"\n")
    };
    let credit =
        "[[scenarios]]\nname = \"cr\"\nkind = \"credit\"\nmargin = \"maintenance\"\n".to_owned();
    let scenarios = [
        margin("m1"),
        stress("a.b", "-0.1"),
        margin("m2"),
        stress("coverage", "-0.2"),
        credit,
        stress("c", "-0.3"),
        stress("d.e.f", "-0.4"),
    ];
    let rules = format!(
        "name = \"t\"\nsource = \"made up\"\ndate = \"2026-01-01\"\nexactness = \"exact\"\nquote = \
         \"USD\"\n[[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n{}[assets.BTC]\ndecimals = 3\n\
         maintenance = \"0.9\"\n[classes.insurance]\n[classes.house]\n[classes.pool]\n[policy]\n\
         min_coverage = \"1\"\nbad_debt = {{ \"a.b\" = \"insurance\", c = \"insurance\", \"d.e.f\" = \
         \"insurance\" }}\ncoverage = {{ \"a.b\" = \"1\", coverage = \"1\" }}\n",
        scenarios.concat()
    );
    let prices = "{\"as_of\": \"2026-01-01T00:00:00Z\", \"quote\": \"USD\", \"method\": \"x\", \
                  \"prices\": {\"BTC\": \"100\"}}";
    let (rules, prices) = (Rules::parse(&rules).unwrap(), Prices::parse(prices).unwrap());
    let table = compile(&rules, &prices).unwrap();
    let totals = Totals(vec![Total { count: 1, quantity: 1000 }; table.rows.len()]);
    let mut there = prices.clone();
    there.prices.insert("BTC".to_owned(), "90".parse().unwrap());
    let repricing = Repricing::of(&table, &totals, &rules, &there, None).unwrap();
    let now = repricing.now();
    let names: Vec<_> = now.scenarios.iter().map(|one| one.name.as_str()).collect();
    let own = ["mark", "a.b", "coverage", "c", "d.e.f"];
    assert_eq!(names, [&own[..], &["a.b~insurance", "c~insurance", "d.e.f~insurance"]].concat());
    for (id, scenario) in now.scenarios_by_id() {
        let twin = now.twin(id).map(|twin| now.scenario(twin).name.clone());
        let has = ["a.b", "c", "d.e.f"].contains(&scenario.name.as_str());
        assert_eq!(twin, has.then(|| format!("{}~insurance", scenario.name)));
    }
}

/// The largest values, multipliers, totals and numbers of scenarios overflow nothing.
#[test]
fn the_largest_numbers_overflow_nothing() {
    let (rules, mut prices) = many(2, 1000);
    let (largest, zero): (Decimal, Decimal) = ("1844674407".parse().unwrap(), 0.into());
    prices.prices.values_mut().for_each(|price| *price = largest);
    let mut none = prices.clone();
    none.prices.values_mut().for_each(|price| *price = zero);
    let mut one = none.clone();
    one.prices.insert("A0".to_owned(), largest);
    let all = [prices, none, one];
    for own in &all {
        let table = compile(&rules, own).unwrap();
        let names = table.scenarios.iter().map(|one| format!("\"{}\": \"1000000\"", one.name));
        let certificate = format!("{{{}}}", names.collect::<Vec<_>>().join(","));
        let certificate = serde_json::from_str(&certificate).unwrap();
        for quantity in [1, (1 << 114) - 1] {
            let totals = Totals(vec![Total { count: 1, quantity }; table.rows.len()]);
            for there in &all {
                let repricing = Repricing::of(&table, &totals, &rules, there, None).unwrap();
                for (id, _) in repricing.now().scenarios_by_id().take(2) {
                    let poor = repricing.check(id, &certificate).unwrap();
                    let (_, found) = repricing.find(id);
                    assert!(found.bad_debt_at_most.units <= poor.bad_debt_at_most.units);
                    assert!(found.owed_at_least.units <= found.owed_at_most.units);
                }
            }
        }
    }
}

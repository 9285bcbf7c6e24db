//! Random rules with everything that forms meet: tiers, stresses, margins, contingencies, credit, a
//! twin and an option.

use pacioli_rules::{Compiled, Prices, Rules, compile};
use proptest::prelude::*;

/// What the random rules have.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub contingencies: bool,
    pub credit: bool,
    pub twin: bool,
    pub option: bool,
    /// The price of BTC, and that of ETH.
    prices: [u64; 2],
    /// Thousandths: of a weight, of a stress, and of a constraint.
    parts: [u32; 3],
    /// How many times a contingency counts, in hundredths.
    times: u32,
}

pub fn kinds() -> impl Strategy<Value = Kind> {
    // Values of options take a while.
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), proptest::bool::weighted(0.1));
    let parts = [1..1000u32, 1..900, 1..500];
    (flags, [20..100_000u64, 20..5_000], parts, 1..300u32).prop_map(
        |((contingencies, credit, twin, option), [btc, eth], parts, times)| {
            // The value of an option must not be coarse.
            let prices = [if option { btc + 10_000 } else { btc }, eth];
            Kind { contingencies, credit, twin, option, prices, parts, times }
        },
    )
}

impl Kind {
    /// The table with forms, or that in which every account is closed.
    pub fn compile(&self, cover: bool) -> Compiled {
        compile(&Rules::parse(&self.rules(cover)).unwrap(), &self.all_prices()).unwrap()
    }

    /// The rules, with forms.
    pub fn rules_with_cover(&self) -> Rules {
        Rules::parse(&self.rules(true)).unwrap()
    }

    /// The same at other prices.
    pub fn at(self, prices: [u64; 2]) -> Self {
        Self { prices, ..self }
    }

    /// The same with a stress of whole tenths, whose prices have few digits.
    pub fn in_tenths(mut self) -> Self {
        self.parts[1] = 100 * (1 + self.parts[1] % 9);
        self
    }

    /// The prices of BTC and ETH, without their cents.
    pub fn marks(&self) -> [u64; 2] {
        self.prices
    }

    /// The prices of all.
    pub fn all_prices(&self) -> Prices {
        Prices::parse(&self.prices()).unwrap()
    }

    /// The prices of all in the stress `drop`, where that is of whole tenths.
    pub fn prices_in_drop(&self) -> Prices {
        let [btc, eth] = self.prices;
        let left = u64::from(1000 - self.parts[1]);
        let moved = |hundredths: u64| {
            let thousandths = hundredths * left / 100;
            format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
        };
        let mut prices = self.prices();
        for (before, after) in [
            (format!("\"{btc}.01\""), moved(100 * btc + 1)),
            (format!("\"{eth}.03\""), moved(100 * eth + 3)),
        ] {
            prices = prices.replace(&before, &format!("\"{after}\""));
        }
        Prices::parse(&prices).unwrap()
    }

    fn prices(&self) -> String {
        let [btc, eth] = self.prices;
        let vols = match self.option {
            true => {
                r#", "vols": { "BTC": { "expiries": { "2027-01-01T00:00:00Z":
                    { "strikes": { "9000": "0.5", "20000": "0.6", "90000": "0.7" } } } } }"#
            }
            false => "",
        };
        format!(
            r#"{{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "generated",
                "prices": {{ "BTC": "{btc}.01", "ETH": "{eth}.03", "USDC": "0.9987" }}{vols} }}"#
        )
    }

    fn rules(&self, cover: bool) -> String {
        let [weight, drop, fall] = self.parts;
        let when = |flag: bool, text: String| if flag { text } else { String::new() };
        let times = format!("{}.{:02}", self.times / 100, self.times % 100);
        let only = r#"only = ["BTC", "BTC-PERP", "ETH-PERP"]"#;
        let down = format!(
            r#"
            {{ name = "down", kind = "constraint", contingency = "scan",
               default_move = "-0.{fall:03}", {only} }},
            {{ name = "up", kind = "constraint", contingency = "scan",
               default_move = "0.{fall:03}", weight = "0.7", {only} }},
            {{ name = "net", kind = "constraint", contingency = "naked",
               rates = {{ "long ETH-PERP" = "0.{fall:03}", "short ETH-PERP" = "-0.{fall:03}" }} }},
            "#
        );
        let credit = r#"{ name = "credit", kind = "credit", margin = "maintenance" },"#.to_owned();
        let scan = format!(
            "[contingencies.scan]\nmaintenance = \"{times}\"\ninitial = \"1.25\"\n\
             [contingencies.naked]\ninitial = \"{times}\"\nmaintenance = \"0\"\n"
        );
        let option = r#"
            [options.BTC-C]
            underlying = "BTC"
            strike = "20000"
            expiry = "2027-01-01T00:00:00Z"
            side = "call"
            decimals = 2
            [option_margins.BTC.initial]
            long = "0"
            call = { base = "0.2", floor = "0.1" }
            put = { base = "0.2", floor = "0.1" }
            [option_margins.BTC.maintenance]
            long = "0.5"
            call = { base = "0.15", floor = "0.1" }
            put = { base = "0.15", floor = "0.1" }
            "#;
        let (classes, insured) = match self.twin {
            true => ("[classes.insurance]", "bad_debt = { drop = \"insurance\" }"),
            false => ("", ""),
        };
        format!(
            r#"
            name = "random"
            source = "generated"
            date = "2026-01-01"
            exactness = "exact"
            cover = {cover}
            quote = "USD"
            value_decimals = 6
            scenarios = [
                {{ name = "mark", kind = "mark" }},
                {{ name = "maintenance", kind = "margin", margin = "maintenance" }},
                {{ name = "initial", kind = "margin", margin = "initial" }},
                {credit}
                {{ name = "drop", kind = "stress", default_move = "-0.{drop:03}" }},
                {{ name = "rise", kind = "stress", default_move = "1.{drop:03}" }},
                {constraints}
            ]
            [assets.BTC]
            decimals = 3
            borrow_initial = "1.1"
            tiers = [
                {{ up_to = "2", maintenance = "0.9{weight:03}", initial = "0.9" }},
                {{ up_to = "2.005", maintenance = "0.7{weight:03}", initial = "0.6" }},
                {{ maintenance = "0.1{weight:03}", initial = "0" }},
            ]
            [assets.USDC]
            decimals = 2
            shocked = false
            maintenance = "1"
            initial = "0.999"
            [markets.ETH-PERP]
            underlying = "ETH"
            decimals = 2
            tiers = [
                {{ up_to = "1", maintenance = "0.0{weight:03}", initial = "0.1" }},
                {{ maintenance = "0.1{weight:03}", initial = "0.3" }},
            ]
            [markets.BTC-PERP]
            underlying = "BTC"
            decimals = 3
            tiers = [{{ maintenance = "0.01", initial = "0.02" }}]
            {option}
            {classes}
            {scan}
            [policy]
            min_coverage = "1"
            {insured}
            "#,
            credit = when(self.credit, credit),
            constraints = when(self.contingencies, down),
            scan = when(self.contingencies, scan),
            option = when(self.option, option.to_owned()),
        )
    }
}

//! Rules and prices: the stored ones, and made-up ones of every form.

use std::fmt::Write;

use pacioli_attestation::program::Program;
use pacioli_rules::{Compiled, Prices, Problem, Rules, RulesError, compile};

/// Rules, prices and what they come to.
pub struct Case {
    pub rules: Rules,
    pub prices: Prices,
    pub compiled: Compiled,
}

impl Case {
    pub fn new(rules: &str, prices: &str) -> Self {
        Self::compiled(rules, prices).unwrap()
    }

    fn compiled(rules: &str, prices: &str) -> Result<Self, RulesError> {
        let rules = Rules::parse(rules).unwrap_or_else(|error| panic!("{error}\n{rules}"));
        let prices = Prices::parse(prices).unwrap();
        let compiled = compile(&rules, &prices)?;
        Ok(Self { rules, prices, compiled })
    }

    pub fn program(&self) -> Program {
        Program::of(&self.rules, &self.compiled, &self.prices).unwrap()
    }
}

pub const SMALL_RULES: &str = include_str!("../../../../rules/tests/books/small_book/rules.toml");
pub const SMALL_PRICES: &str = include_str!("../../../../rules/tests/books/small_book/prices.json");

/// The small book: three scenarios, 21 rows, six clauses.
pub fn small() -> Case {
    Case::new(SMALL_RULES, SMALL_PRICES)
}

const PORTFOLIO_RULES: &str =
    include_str!("../../../../rules/tests/books/portfolio_margin/rules.toml");
const PORTFOLIO_PRICES: &str =
    include_str!("../../../../rules/tests/books/portfolio_margin/prices.json");
/// An insurance fund that holds one asset, and a pool that holds everything.
const CLASSES: &str =
    "[classes.insurance]\nassets = [\"USDC\"]\nmarkets = []\n[classes.pool]\n[policy]";

/// Portfolio margin: two contingencies and three constraints.
pub fn portfolio() -> Case {
    Case::new(PORTFOLIO_RULES, PORTFOLIO_PRICES)
}

/// Portfolio margin, and accounts of two classes beside customers'.
pub fn portfolio_with_classes() -> Case {
    let rules = PORTFOLIO_RULES.replacen("[policy]", CLASSES, 1);
    let rules = rules.replacen("mark = \"0\",", "mark = \"0\", crash = \"insurance\",", 1);
    Case::new(&rules, PORTFOLIO_PRICES)
}

/// The same rules with plain and covered rows.
pub fn with_cover(rules: &str) -> String {
    assert!(rules.contains("cover = false"));
    rules.replacen("cover = false", "cover = true", 1)
}

/// The small book, and the forms of its holdings.
pub fn small_with_forms() -> Case {
    Case::new(&with_cover(SMALL_RULES), SMALL_PRICES)
}

/// Portfolio margin, accounts of two classes, a twin, and the forms of customers' holdings.
pub fn portfolio_with_forms() -> Case {
    let rules = PORTFOLIO_RULES.replacen("[policy]", CLASSES, 1);
    let rules = rules.replacen("mark = \"0\",", "mark = \"0\", crash = \"insurance\",", 1);
    Case::new(&with_cover(&rules), PORTFOLIO_PRICES)
}

/// The small book, and accounts of two classes beside customers'.
pub fn small_with_classes() -> Case {
    Case::new(&small_rules_with_classes(), SMALL_PRICES)
}

/// Its rules: the fund of the class is to meet the bad debt of the crash.
pub fn small_rules_with_classes() -> String {
    let rules = SMALL_RULES.replacen("[policy]", CLASSES, 1);
    let (from, to) = ("mark = \"insurance\", crash = \"5000\"", "crash = \"insurance\"");
    assert!(rules.contains(from));
    rules.replacen(from, to, 1)
}

/// The same in so many scenarios before the twins, the last of which is a stress that has one.
pub fn small_with_scenarios(scenarios: usize) -> Case {
    let mut stresses = String::new();
    for number in 3..scenarios {
        let name = format!("name = \"s{number}\"\nkind = \"stress\"");
        writeln!(stresses, "[[scenarios]]\n{name}\ndefault_move = \"-0.{number:04}\"").unwrap();
    }
    let rules = small_rules_with_classes().replacen("[classes", &(stresses + "[classes"), 1);
    let (from, last) = ("crash = \"insurance\"", scenarios - 1);
    assert!(rules.contains(from));
    let rules = rules.replacen(from, &format!("{from}, s{last} = \"insurance\""), 1);
    Case::new(&rules, SMALL_PRICES)
}

/// The small book with every kind of clause.
pub fn every_clause() -> Case {
    let more = "[policy]\ncoverage = { crash = \"0.9\" }\nleft_out = { accounts = 1, assets = {} }\n\
                max_distance = { prices = \"1h\", reserves = \"1h\" }";
    Case::new(&SMALL_RULES.replacen("[policy]", more, 1), SMALL_PRICES)
}

/// Rules with options.
pub fn options() -> Case {
    let rules = include_str!("../../../../rules/tests/books/options/rules.toml");
    Case::new(rules, include_str!("../../../../rules/tests/books/options/prices.json"))
}

/// The demo's venue.
pub fn sample() -> Case {
    let rules = include_str!("../../../../cli/sample/rules.toml");
    Case::new(rules, include_str!("../../../../cli/sample/prices.json"))
}

/// 200 instruments in four scenarios, most of them with tiers.
pub fn large() -> Case {
    let case = large_of(false);
    assert_eq!((case.compiled.rows.len(), case.compiled.scenarios.len()), (200, 4));
    case
}

/// The same, and the forms of its holdings.
pub fn large_with_forms() -> Case {
    let case = large_of(true);
    assert_eq!((case.compiled.rows.len(), case.compiled.scenarios.len()), (316, 5));
    case
}

fn large_of(cover: bool) -> Case {
    let mut rules = format!("cover = {cover}\n");
    rules.push_str(
        "name = \"large\"\nsource = \"made up\"\ndate = \"2026-01-01\"\nexactness = \"exact\"\n\
         quote = \"USD\"\npolicy = { min_coverage = \"1\", open_interest_matched = true }\n\
         scenarios = [{ name = \"mark\", kind = \"mark\" },\n\
         { name = \"maintenance\", kind = \"margin\", margin = \"maintenance\" },\n\
         { name = \"down\", kind = \"stress\", default_move = \"-0.6\", moves = { A0 = \"-0.526\" } },\n\
         { name = \"up\", kind = \"stress\", default_move = \"0.4\", moves = { A0 = \"0.25\" } }]\n\
         [assets.EUR]\ndecimals = 6\nmaintenance = \"1\"\nborrow = false\n\
         [assets.GBP]\ndecimals = 6\nmaintenance = \"1\"\n",
    );
    let mut prices = String::from("\"EUR\": \"1.08\", \"GBP\": \"1.27\"");
    for asset in 0..27 {
        let tiers = "[{ up_to = \"5\", maintenance = \"0.95\" }, { maintenance = \"0.85\" }]";
        writeln!(rules, "[assets.A{asset}]\ndecimals = 8\ntiers = {tiers}").unwrap();
        write!(prices, ", \"A{asset}\": \"{}.25\"", 3 + asset * 977).unwrap();
    }
    for market in 0..13 {
        let tiers = "[{ up_to = \"10\", maintenance = \"0.0125\" }, { maintenance = \"0.025\" }]";
        let head = format!("[markets.M{market}]\nunderlying = \"A{market}\"\ndecimals = 6");
        writeln!(rules, "{head}\ntiers = {tiers}").unwrap();
    }
    Case::new(&rules, &price_file(&prices))
}

/// A prices file.
pub fn price_file(prices: &str) -> String {
    let head = r#""as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up""#;
    format!("{{ {head}, \"prices\": {{ {prices} }} }}")
}

/// Made-up rules and prices. Few values are out of bounds, and none of the rules is unsound. Where a
/// price is too small for a stress that the fund is to meet, another seed makes others.
pub fn made_up(seed: u64) -> Case {
    let mut seeds = (0..).map(|more: u64| made_up_of(seed.wrapping_add(more)));
    let is_coarse = |made: &Result<Case, RulesError>| match made {
        Err(RulesError::At { problem, .. }) => matches!(**problem, Problem::Coarse { .. }),
        _ => false,
    };
    seeds.find(|made| !is_coarse(made)).expect("there is a seed").unwrap()
}

fn made_up_of(seed: u64) -> Result<Case, RulesError> {
    let mut dice = Dice(seed);
    let value_decimals = 8 + dice.roll(8);
    let cover = dice.roll(2) == 0;
    let mut rules = format!(
        "cover = {cover}\nname = \"made up\"\nsource = \"a seed\"\ndate = \"2026-01-01\"\nexactness = \"exact\"\n\
         quote = \"USD\"\nvalue_decimals = {value_decimals}\n\
         quote_decimals = {}\n",
        dice.roll(value_decimals + 1)
    );
    rules += "[[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n";
    let mut has_margin = false;
    for margin in ["maintenance", "initial"] {
        if dice.roll(4) > 0 {
            has_margin = true;
            writeln!(
                rules,
                "[[scenarios]]\nname = \"{margin}\"\nkind = \"margin\"\nmargin = \"{margin}\""
            )
            .unwrap();
        }
    }
    let assets = 1 + dice.roll(4);
    let stresses = dice.roll(7);
    for stress in 0..stresses {
        let moves = format!("{{ A0 = \"{}\" }}", dice.signed());
        writeln!(
            rules,
            "[[scenarios]]\nname = \"s{stress}\"\nkind = \"stress\"\ndefault_move = \"{}\"\nmoves = {moves}",
            dice.signed()
        )
        .unwrap();
    }
    for contingency in 0..if has_margin { dice.roll(3) } else { 0 } {
        let [maintenance, initial] = [decimal(dice.roll(300), 2), decimal(dice.roll(3), 0)];
        let rates = format!("maintenance = \"{maintenance}1\"\ninitial = \"{initial}.5\"");
        writeln!(rules, "[contingencies.c{contingency}]\n{rates}").unwrap();
        for constraint in 0..1 + dice.roll(2) {
            let name = format!("name = \"k{contingency}{constraint}\"\nkind = \"constraint\"");
            let of =
                format!("contingency = \"c{contingency}\"\nweight = \"0.{}\"", 1 + dice.roll(9));
            let default_move = dice.signed();
            writeln!(rules, "[[scenarios]]\n{name}\n{of}\ndefault_move = \"{default_move}\"")
                .unwrap();
        }
    }
    // The quote currency may be an asset, and may have its price in the list.
    let mut names: Vec<String> = (0..assets).map(|asset| format!("A{asset}")).collect();
    if dice.roll(2) == 0 {
        names.push("USD".to_owned());
    }
    let listed = if dice.roll(2) == 0 { "\"USD\": \"1.00\", " } else { "" };
    let (mut prices, mut digits) = (Vec::new(), Vec::new());
    for name in &names {
        let decimals = dice.roll(5);
        digits.push(decimals);
        writeln!(rules, "[assets.{name}]\ndecimals = {decimals}\nborrow = {}", dice.roll(3) > 0)
            .unwrap();
        writeln!(rules, "tiers = {}", dice.tiers(9, false)).unwrap();
        if name != "USD" {
            let scale = dice.roll(value_decimals - decimals + 1);
            let tens = 10u64.pow(scale as u32);
            let mantissa = dice.roll(1_000) * tens / (1 + dice.roll(9)) + dice.roll(tens);
            prices.push(format!("\"{name}\": \"{}\"", decimal(mantissa, scale)));
        }
    }
    let markets = dice.roll(4);
    for market in 0..markets {
        // Its price may be the underlying's, and as fine as that asset's decimals allow.
        let underlying = dice.roll(assets);
        let decimals = dice.roll(digits[underlying as usize] + 1);
        let head = format!("[markets.M{market}]\nunderlying = \"A{underlying}\"");
        writeln!(rules, "{head}\ndecimals = {decimals}").unwrap();
        writeln!(rules, "tiers = {}", dice.tiers(0, true)).unwrap();
        if dice.roll(3) == 0 {
            prices.push(format!("\"M{market}\": \"{}.5\"", dice.roll(1_000)));
        }
    }
    let has_fund = dice.roll(2) == 0;
    if has_fund {
        rules += "[classes.house]\n[classes.insurance]\nassets = [\"A0\"]\nmarkets = []\n";
    }
    rules += "[policy]\nmin_coverage = \"1.050\"\nper_asset = \"all\"\n";
    if markets > 0 {
        rules += "open_interest_matched = true\n";
    }
    let limit = format!("\"{}\"", decimal(dice.roll(1_000_000), 3));
    let (fund, limit) = ("\"insurance\"", limit.as_str());
    // A fund of accounts is judged in stresses, whose twins are scenarios of their own.
    let (mark, other) = if has_fund { (limit, fund) } else { (fund, limit) };
    write!(rules, "bad_debt = {{ mark = {mark}").unwrap();
    for stress in 0..stresses.min(2) {
        write!(rules, ", s{stress} = {other}").unwrap();
    }
    rules += " }\n";
    Case::compiled(&rules, &price_file(&(listed.to_owned() + &prices.join(", "))))
}

/// Numbers that look thrown: Knuth's MMIX generator.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * u128::from(sides)) >> 64) as u64
    }

    /// A move between -1 and 1, of up to nine digits.
    fn signed(&mut self) -> String {
        let scale = self.roll(10);
        let size = decimal(self.roll(10u64.pow(scale as u32) + 1), scale);
        let is_zero = size.bytes().all(|b| !(b'1'..=b'9').contains(&b));
        if !is_zero && self.roll(3) > 0 { format!("-{size}") } else { size }
    }

    /// One to three tiers with rates that fall or rise from `tenths` tenths.
    fn tiers(&mut self, mut tenths: u64, rise: bool) -> String {
        let count = 1 + self.roll(3);
        let tiers = (1..=count).map(|tier| {
            let (maintenance, initial) = (self.roll(100), self.roll(100));
            let end = if tier == count { String::new() } else { format!("up_to = \"{tier}\", ") };
            let rates = format!(
                "maintenance = \"0.{tenths}{maintenance:02}\", initial = \"0.{tenths}{initial:02}\""
            );
            tenths = if rise { tenths + 1 } else { tenths - 1 };
            format!("{{ {end}{rates} }}")
        });
        format!("[{}]", tiers.collect::<Vec<_>>().join(", "))
    }
}

/// `number / 10^scale`, with so many digits behind the point.
fn decimal(number: u64, scale: u64) -> String {
    if scale == 0 {
        return number.to_string();
    }
    let unit = 10u64.pow(scale as u32);
    format!("{}.{:0width$}", number / unit, number % unit, width = scale as usize)
}

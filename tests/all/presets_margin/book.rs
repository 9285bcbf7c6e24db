//! Markets to value a preset at, random portfolios, and what the ledger makes of them.

use num_bigint::BigInt;
use num_rational::BigRational;
use pacioli_circuits::Account;
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{Closing, Compiled, Prices, Rules, compile};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::black::{Right, Terms};

pub const AS_OF: &str = "2026-11-25T08:00:00Z";
/// Portfolios of each market: 1,000 with four of them.
pub const PORTFOLIOS: usize = 250;
/// Digits of a quantity: options, perpetuals and base assets, money.
pub const OPTION_DECIMALS: u32 = 2;
pub const SPOT_DECIMALS: u32 = 4;
pub const MONEY_DECIMALS: u32 = 6;
/// Digits of value in every preset here.
pub const VALUE_DECIMALS: u32 = 14;

/// A decimal.
pub fn number(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    BigRational::new(digits, BigInt::from(10).pow(fraction.len() as u32))
}

pub fn zero() -> BigRational {
    BigRational::default()
}

/// So many units, signed, as a whole quantity.
pub fn amount(units: i128, decimals: u32) -> BigRational {
    BigRational::new(units.into(), BigInt::from(10).pow(decimals))
}

/// 18 digits, as numbers of the day are written: away from 0, or towards it.
pub fn digits(x: &BigRational, away: bool) -> String {
    let units = absolute(x.clone()) * BigInt::from(10).pow(18);
    let units = if away { units.ceil() } else { units.floor() }.to_integer().to_string();
    let (digits, sign) = (format!("{units:0>19}"), if *x < zero() { "-" } else { "" });
    let (whole, fraction) = digits.split_at(digits.len() - 18);
    let text = format!("{sign}{whole}.{fraction}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub fn absolute(x: BigRational) -> BigRational {
    if x < zero() { -x } else { x }
}

/// The state of one market, and how it is quoted.
#[derive(Clone)]
pub struct Market {
    pub underlying: &'static str,
    pub spot: &'static str,
    /// The prices of what else there is.
    pub others: Vec<(&'static str, &'static str)>,
    pub rate: &'static str,
    /// Expiry as options are named by it, its time, its days from [`AS_OF`], and the forward.
    pub expiries: Vec<(&'static str, &'static str, u32, &'static str)>,
    /// Strikes with their volatility.
    pub smile: Vec<(&'static str, &'static str)>,
}

/// One option of a market.
pub struct Listed {
    pub name: String,
    pub right: Right,
    pub terms: Terms,
}

impl Listed {
    /// What one option is quoted at with the forward and the volatility multiplied.
    pub fn mark(&self, forward: &BigRational, vol: &BigRational) -> BigRational {
        let mut terms = self.terms.clone();
        terms.forward *= forward;
        terms.vol *= vol;
        let unit = BigInt::from(10).pow(VALUE_DECIMALS - OPTION_DECIMALS);
        BigRational::new((terms.value(self.right) * &unit).floor().to_integer(), unit)
    }
}

impl Market {
    pub fn prices(&self) -> Prices {
        let mut listed = vec![format!("\"{}\": \"{}\"", self.underlying, self.spot)];
        listed.extend(self.others.iter().map(|(name, price)| format!("\"{name}\": \"{price}\"")));
        let strikes: Vec<_> = self.smile.iter().map(|(k, v)| format!("\"{k}\": \"{v}\"")).collect();
        let smiles = self.expiries.iter().map(|(_, time, _, forward)| {
            format!(
                "\"{time}\": {{ \"forward\": \"{forward}\", \"strikes\": {{ {} }} }}",
                strikes.join(", ")
            )
        });
        let text = format!(
            "{{ \"as_of\": \"{AS_OF}\", \"quote\": \"USD\", \"method\": \"made up\",
                \"prices\": {{ \"USDC\": \"1\", {} }},
                \"vols\": {{ \"{}\": {{ \"rate\": \"{}\", \"expiries\": {{ {} }} }} }} }}",
            listed.join(", "),
            self.underlying,
            self.rate,
            smiles.collect::<Vec<_>>().join(", ")
        );
        Prices::parse(&text).unwrap()
    }

    pub fn price(&self, name: &str) -> BigRational {
        number(self.others.iter().find(|other| other.0 == name).unwrap().1)
    }

    /// Every option of every expiry and strike, a call and then a put.
    pub fn options(&self) -> Vec<Listed> {
        let mut options = Vec::new();
        for (code, _, days, forward) in &self.expiries {
            for (strike, vol) in &self.smile {
                for (right, letter) in [(Right::Call, 'C'), (Right::Put, 'P')] {
                    let terms = Terms {
                        forward: number(forward),
                        strike: number(strike),
                        vol: number(vol),
                        years: BigRational::new((*days).into(), 365.into()),
                        rate: number(self.rate),
                    };
                    let name = format!("{}-{code}-{strike}-{letter}", self.underlying);
                    options.push(Listed { name, right, terms });
                }
            }
        }
        options
    }
}

/// What one account holds, in units; negative for a short.
#[derive(Clone, Debug)]
pub struct Portfolio {
    pub cash: i128,
    pub base: i128,
    pub perpetual: i128,
    pub entry: i128,
    pub options: Vec<i128>,
}

impl Portfolio {
    /// Holdings of options, each with its option.
    pub fn held<'a>(
        &self,
        options: &'a [Listed],
    ) -> impl Iterator<Item = (&'a Listed, BigRational)> {
        options.iter().zip(self.options.clone()).map(|(o, n)| (o, amount(n, OPTION_DECIMALS)))
    }

    /// Everything held of the underlying, of either sign.
    pub fn gross(&self) -> BigRational {
        let options = self.options.iter().map(|n| n.abs()).sum();
        amount(options, OPTION_DECIMALS) + amount(self.perpetual.abs() + self.base, SPOT_DECIMALS)
    }

    /// The most that rounding can cost: one unit of value for each unit of quantity.
    pub fn rounding(&self) -> BigRational {
        let units = self.options.iter().map(|n| n.abs()).sum::<i128>();
        amount(units + self.perpetual.abs() + self.base, VALUE_DECIMALS)
    }
}

/// Seeded portfolios for so many options: empty ones, single positions, spreads, full books and, where
/// there is a perpetual, conversions and straddles hedged with it; of quantities from one unit to the
/// largest that fit the price.
pub fn portfolios(seed: u64, market: &Market, names: [&str; 2], options: usize) -> Vec<Portfolio> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // 10^11 USD of the underlying, or 10^7 of it: an account is worth less than 2^90 units.
    let price = number(market.spot).to_integer().max(10_000.into());
    let whole: i128 = (BigInt::from(10).pow(11) / price).try_into().unwrap();
    let quantity = |random: &mut ChaCha8Rng, decimals: u32| {
        let most = whole * 10i128.pow(decimals);
        match random.next_u32() % 16 {
            0 => 0,
            1 => 1,
            2 => most,
            3 => most - 1,
            _ => {
                let bits = random.next_u32() % 128;
                i128::from(random.next_u64() >> (bits % 48)) % most + 1
            }
        }
    };
    let signed =
        |random: &mut ChaCha8Rng, n: i128| if random.next_u32().is_multiple_of(2) { n } else { -n };
    let [perpetual, base] = names;
    (0..PORTFOLIOS)
        .map(|_| {
            let kind = random.next_u32() % if perpetual.is_empty() { 4 } else { 5 };
            // All of one size, so that the parts of a spread matter to each other.
            let size = quantity(&mut random, OPTION_DECIMALS).max(1);
            let leg = |random: &mut ChaCha8Rng| {
                let n = match kind {
                    0 => i128::from(random.next_u32().is_multiple_of(8)) * size,
                    1 => i128::from(random.next_u32() % 3) * size / 2,
                    _ => (i128::from(random.next_u32()) * size) >> 32,
                };
                signed(random, n)
            };
            let mut options: Vec<i128> = (0..options).map(|_| leg(&mut random)).collect();
            if kind == 4 {
                // With two expiries, each half is one.
                let half = options.len() / 2;
                let (near, far) = options.split_at_mut(half);
                for half in [near, far] {
                    pair(half, random.next_u32() % 4);
                }
            }
            let perpetual = match perpetual.is_empty() || random.next_u32().is_multiple_of(3) {
                true => 0,
                // A conversion has a delta of 1, a straddle at most.
                false if kind == 4 => options.chunks(2).map(|pair| 50 * (pair[1] - pair[0])).sum(),
                false => leg(&mut random) * 100 + i128::from(random.next_u32() % 3),
            };
            let base = match base.is_empty() || random.next_u32().is_multiple_of(2) {
                true => 0,
                false => leg(&mut random).abs() * 100,
            };
            let cash = quantity(&mut random, MONEY_DECIMALS);
            let entry = quantity(&mut random, MONEY_DECIMALS);
            let entry = signed(&mut random, entry);
            Portfolio { cash, base, perpetual, entry, options }
        })
        .collect()
}

/// Makes nothing, a straddle or a conversion, a call against a put, of each call.
fn pair(options: &mut [i128], kind: u32) {
    for pair in options.chunks_mut(2) {
        let n = pair[0];
        pair.copy_from_slice(&match kind {
            0 => [0, 0],
            1 => [n, n],
            _ => [n, -n],
        });
    }
}

/// What the preset says each portfolio has left in a scenario.
pub struct Valued {
    compiled: Compiled,
    accounts: Vec<Account>,
}

impl Valued {
    /// Compiles the rules at a market's prices and enters the portfolios. `names` are the perpetual
    /// and the base asset, empty where there is none.
    pub fn new(rules: &str, market: &Market, names: [&str; 2], held: &[Portfolio]) -> Self {
        // What a covered account has left says nothing of its contingencies.
        Self::of(&format!("cover = false\n{rules}"), market, names, held)
    }

    /// The same, with accounts held plain or covered if the rules let them.
    pub fn of(rules: &str, market: &Market, names: [&str; 2], held: &[Portfolio]) -> Self {
        let rules = Rules::parse(rules).unwrap();
        let compiled = compile(&rules, &market.prices()).unwrap();
        let mut csv = "account,instrument,quantity\n".to_owned();
        let side = |n: i128| if n < 0 { "short" } else { "long" };
        for (index, portfolio) in held.iter().enumerate() {
            let mut add = |name: String, units: i128, decimals: u32| {
                let unit = 10i128.pow(decimals);
                let (whole, rest) = (units.abs() / unit, units.abs() % unit);
                let places = decimals as usize;
                csv.push_str(&format!("{index},{name},{whole}.{rest:0places$}\n"));
            };
            add("deposit USDC".to_owned(), portfolio.cash, MONEY_DECIMALS);
            let quote = if portfolio.entry < 0 { "quote debit" } else { "quote credit" };
            add(quote.to_owned(), portfolio.entry, MONEY_DECIMALS);
            if !names[0].is_empty() {
                let name = format!("{} {}", side(portfolio.perpetual), names[0]);
                add(name, portfolio.perpetual, SPOT_DECIMALS);
            }
            if !names[1].is_empty() {
                add(format!("deposit {}", names[1]), portfolio.base, SPOT_DECIMALS);
            }
            for (option, &units) in market.options().iter().zip(&portfolio.options) {
                if units != 0 {
                    add(format!("{} {}", side(units), option.name), units, OPTION_DECIMALS);
                }
            }
        }
        let options = Strictness::default();
        let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
        let ledger = balance_accounts(snapshot, &compiled, &options, 256).unwrap();
        let accounts = ledger.accounts.into_iter().map(|(_, account)| account).collect();
        Self { compiled, accounts }
    }

    /// What rules and prices compile to.
    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The accounts, in the order of the portfolios.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Equity less shortfall.
    pub fn left(&self, account: usize, scenario: &str) -> BigRational {
        let scenario = self.compiled.scenarios.iter().find(|s| s.name == scenario).unwrap();
        let Closing::Balance { equity, shortfall } = scenario.closing else {
            panic!("{} is a constraint", scenario.name);
        };
        let units = |row| {
            let mut lines = self.accounts[account].lines.iter();
            lines
                .find(|line| line.instrument == row)
                .map_or(0, |line| line.quantity.units() as i128)
        };
        amount(units(equity) - units(shortfall), VALUE_DECIMALS)
    }
}

/// A preset's text with something in it changed.
pub fn changed(rules: &str, from: &str, to: &str) -> String {
    assert!(rules.contains(from), "{from}");
    rules.replace(from, to)
}

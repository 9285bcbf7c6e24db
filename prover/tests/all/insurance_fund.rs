//! An insurance fund made of nothing meets no clause, and an honest one does. Books are those of the
//! reviews that broke the class's own sum (S4) and a clause on the bad debt of the others (A), and
//! then any that a prover who mixes classes and invents accounts may put together.

use num_bigint::{BigInt, BigUint};
use pacioli_attestation::{Clause, Figures, Purpose, Reserves, backing, figures};
use pacioli_circuits::{Account, Line, Quantity, ScenarioId, reference};
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{
    Class, Closing, Compiled, Prices, Rules, compile,
    testing::{PRICES, RULES},
};
use proptest::prelude::*;

use crate::evidence;

/// The base book of S4: 3,000 of bad debt in the crash and no fund. 2,100 is owed at mark, and 5,100
/// in the crash.
const BASE: &str = "account,instrument,quantity,class
carol,deposit USDC,2000,customer
carol,long ETH-PERP,10,customer
carol,quote debit,10000,customer
olga,deposit USDC,100,customer
olga,short ETH-PERP,10,customer
olga,quote credit,10000,customer
";

/// As in S4, but for bad debt at mark: there `min_coverage` is enough.
const POLICY: &str = "min_coverage = \"1\"\nper_asset = \"all\"\nbad_debt = { crash = \"insurance\" }\n\
                      open_interest_matched = true";

/// The stress of the small book.
const STRESS: ScenarioId = ScenarioId::new(2);

/// Rules and prices of a book.
struct World {
    rules: Rules,
    compiled: Compiled,
}

impl World {
    fn new(rules: &str, prices: &str) -> Self {
        let rules = Rules::parse(rules).unwrap();
        let compiled = compile(&rules, &Prices::parse(prices).unwrap()).unwrap();
        Self { rules, compiled }
    }

    /// The small book's rules with all classes, and a policy.
    fn small(policy: &str) -> Self {
        let (head, _) = RULES.split_once("[policy]").unwrap();
        let classes = "[classes.house]\n[classes.insurance]\n[classes.pool]\n";
        Self::new(&format!("{head}{classes}[policy]\n{policy}"), PRICES)
    }

    /// Two people whose holdings differ by what one wins of the other, at a price of 4 that halves:
    /// the books of review A.
    fn toy(classes: &str) -> Self {
        let rules = format!(
            "name = \"toy\"\nsource = \"review\"\ndate = \"2026-01-01\"\nexactness = \"exact\"\n\
             quote = \"USD\"\nvalue_decimals = 4\nquote_decimals = 2\n\
             [[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n\
             [[scenarios]]\nname = \"crash\"\nkind = \"stress\"\ndefault_move = \"-0.5\"\n\
             [assets.USD]\ndecimals = 2\n[assets.BTC]\ndecimals = 2\n\
             [markets.BTC-PERP]\nunderlying = \"BTC\"\ndecimals = 2\ntiers = [{{}}]\n\
             {classes}[policy]\n{POLICY}\n"
        );
        let prices = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
                          "prices": { "BTC": "4" } }"#;
        Self::new(&rules, prices)
    }

    /// The accounts of a snapshot, as the ledger balances them.
    fn accounts(&self, csv: &str) -> Vec<Account> {
        let options = Strictness::default();
        let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
        let ledger = balance_accounts(snapshot, &self.compiled, &options, 64).unwrap();
        ledger.accounts.into_iter().map(|(_, account)| account).collect()
    }

    /// What lines are worth in a scenario.
    fn worth(&self, lines: &[Line], scenario: ScenarioId) -> BigInt {
        let rows = self.compiled.table.instruments();
        let line = |line: &Line| {
            BigInt::from(rows[line.instrument.row()].values[scenario].units())
                * line.quantity.units()
        };
        lines.iter().map(line).sum()
    }

    /// An account that nobody has: any lines that are in order, closed with so much more than needed
    /// on both sides.
    fn invented(&self, held: &[(usize, u128)], more: u128) -> Account {
        let mut lines: Vec<Line> = Vec::new();
        for &(row, units) in held {
            let line = |units| Line {
                instrument: pacioli_circuits::InstrumentId::new(row).unwrap(),
                quantity: Quantity::new(units).unwrap(),
            };
            match lines.iter_mut().find(|line| line.instrument.row() == row) {
                Some(same) => *same = line(same.quantity.units() + units),
                None => lines.push(line(units)),
            }
        }
        lines.sort_by_key(|line| line.instrument);
        let held = lines.len();
        for (id, scenario) in self.compiled.scenarios_by_id() {
            let worth = self.worth(&lines[..held], id);
            let Closing::Balance { equity, shortfall } = scenario.closing else { continue };
            let [up, down] =
                [worth.clone(), -worth].map(|side| side.to_biguint().unwrap_or_default());
            for (instrument, side) in [(equity, up), (shortfall, down)] {
                let units = u128::try_from(side + more).unwrap();
                if units > 0 {
                    lines.push(Line { instrument, quantity: Quantity::new(units).unwrap() });
                }
            }
        }
        Account { lines }
    }

    /// An invented account, by names and smallest units.
    fn forged(&self, held: &[(&str, u128)]) -> Account {
        let row = |name: &str| self.compiled.find(name).unwrap().row();
        let held: Vec<_> = held.iter().map(|&(name, units)| (row(name), units)).collect();
        self.invented(&held, 0)
    }

    fn figures(&self, accounts: &[Account]) -> Figures {
        for account in accounts {
            assert_eq!(reference::check_account(&self.compiled.table, account), Ok(()));
        }
        figures(&self.compiled, &reference::count_totals(&self.compiled.table, accounts)).unwrap()
    }

    fn clauses(&self, accounts: &[Account], reserves: &Reserves) -> Vec<Clause> {
        let figures = self.figures(accounts);
        evidence::clauses(self.rules.policy(), &self.compiled, &figures, Some(reserves))
    }

    /// The clauses that do not hold.
    fn failing(&self, accounts: &[Account], held: &[(&str, &str)]) -> Vec<String> {
        let clauses = self.clauses(accounts, &reserves(held));
        clauses.into_iter().filter(|one| !one.holds).map(|one| one.name).collect()
    }
}

/// Reserves for customers.
fn reserves(held: &[(&str, &str)]) -> Reserves {
    let held: Vec<_> =
        held.iter().map(|(asset, amount)| (*asset, *amount, Purpose::Customers)).collect();
    reserves_for(&held)
}

fn reserves_for(held: &[(&str, &str, Purpose)]) -> Reserves {
    let entry = |(asset, amount, purpose): &(&str, &str, Purpose)| {
        let purpose = purpose.name();
        format!(
            r#"{{ "asset": "{asset}", "amount": "{amount}", "chain": "{purpose}", "address": "a",
                  "evidence": "e", "purpose": "{purpose}" }}"#
        )
    };
    let entries: Vec<_> = held.iter().map(entry).collect();
    let entries = entries.join(", ");
    let text = format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{entries}] }}"#);
    Reserves::parse(&text).unwrap()
}

/// What the class is said to be worth in the crash: the sum that clauses rested on.
fn worth_of_class(figures: &Figures) -> String {
    figures.fund(Class::Insurance, "crash").unwrap().to_string()
}

const CRASH: [&str; 1] = ["bad_debt.crash"];

#[test]
fn a_book_without_a_fund_does_not_hold() {
    let world = World::small(POLICY);
    let book = world.accounts(BASE);
    assert_eq!(world.failing(&book, &[("USDC", "2100")]), CRASH);
    let clauses = world.clauses(&book, &reserves(&[("USDC", "2100")]));
    let detail = "all reserves are worth 2100 USD and all but the insurance fund are owed 5100 \
                  USD: 3000 USD is missing";
    assert_eq!(clauses.iter().find(|one| one.name == CRASH[0]).unwrap().detail, detail);
}

/// S4 (a): a borrow against a credit, which gains whatever the borrow's asset loses.
#[test]
fn a_fund_of_a_loan_and_a_credit_in_one_account_does_not_hold() {
    let world = World::small(POLICY);
    let fund = "fund,borrow BTC,1000,insurance\nfund,quote credit,20000000,insurance\n";
    let book = world.accounts(&format!("{BASE}{fund}"));
    let figures = world.figures(&book);
    assert_eq!(worth_of_class(&figures), "8000000", "and nothing at mark");
    assert_eq!(figures.scenarios[0].owed.to_string(), "2100");
    assert_eq!(figures.scenarios[2].owed.to_string(), "8005100");
    assert_eq!(figures.funds[0].owed_to_others.to_string(), "5100");
    assert_eq!(world.failing(&book, &[("USDC", "2100")]), CRASH);
}

/// S4 (a), likewise by a short against a credit where open interest need not match.
#[test]
fn a_fund_of_a_short_and_a_credit_in_one_account_does_not_hold() {
    let world = World::small(&POLICY.replace("open_interest_matched = true", ""));
    let fund = "fund,short ETH-PERP,10000,insurance\nfund,quote credit,10000000,insurance\n";
    let book = world.accounts(&format!("{BASE}{fund}"));
    assert_eq!(worth_of_class(&world.figures(&book)), "5000000");
    assert_eq!(world.failing(&book, &[("USDC", "2100")]), CRASH);
}

/// S4 (b): an invented account owes as a customer what it is owed as the fund.
#[test]
fn a_fund_of_two_classes_quote_in_one_account_does_not_hold() {
    let world = World::small(POLICY);
    let million = 1_000_000_000_000;
    let forged = world.forged(&[("quote debit", million), ("insurance quote credit", million)]);
    let rows = forged.lines.iter().map(|line| &world.compiled.rows[line.instrument.row()].name);
    let rows: Vec<_> = rows.map(String::as_str).collect();
    let seen = ["quote debit", "insurance quote credit", "shortfall:crash~insurance"];
    assert_eq!(rows, seen, "worth nothing but in the twin");
    let book = [world.accounts(BASE), vec![forged]].concat();
    assert_eq!(worth_of_class(&world.figures(&book)), "1000000");
    assert_eq!(world.failing(&book, &[("USDC", "2100")]), CRASH);
}

/// S4 (b), `f2-markets`: the fund's long is a customer's short of the same account.
#[test]
fn a_fund_of_two_classes_positions_in_one_account_does_not_hold() {
    let world = World::small(POLICY);
    let forged = [("short ETH-PERP tier 2", 1_000), ("insurance long ETH-PERP tier 2", 1_000)];
    let book = [world.accounts(BASE), vec![world.forged(&forged)]].concat();
    let figures = world.figures(&book);
    assert_eq!(worth_of_class(&figures), "5000");
    assert_eq!(figures.markets[0].long, figures.markets[0].short, "still matched");
    assert_eq!(world.failing(&book, &[("USDC", "2100")]), CRASH);
}

/// S4 (b), `f2-quiet`: a fund worth exactly the bad debt, and nothing at mark, whose class table no
/// reader can tell from an honest book's.
#[test]
fn a_quiet_fund_does_not_hold() {
    let world = World::small(POLICY);
    let forged = world.forged(&[
        ("long ETH-PERP tier 2", 600),
        ("quote debit", 6_000_000_000),
        ("insurance short ETH-PERP tier 2", 600),
        ("insurance quote credit", 6_000_000_000),
    ]);
    let book = [world.accounts(BASE), vec![forged]].concat();
    let figures = world.figures(&book);
    assert_eq!(worth_of_class(&figures), "3000");
    assert_eq!(figures.scenarios[2].bad_debt.to_string(), "3000");
    let customers = &figures.classes[0];
    let worth: Vec<_> = customers.worth.iter().map(|one| one.worth.to_string()).collect();
    assert_eq!(worth, ["2100", "-900"]);
    assert_eq!(world.failing(&book, &[("USDC", "2100")]), CRASH);
}

#[test]
fn an_honest_fund_of_accounts_counts() {
    let world = World::small(POLICY);
    let fund = |btc: &str| format!("{BASE}fund,deposit BTC,{btc},insurance\n");
    // A quarter of a coin is worth the 3,000 in the crash, and 5,000 at mark.
    let book = world.accounts(&fund("0.25"));
    assert_eq!(world.failing(&book, &[("USDC", "2100"), ("BTC", "0.25")]), [""; 0]);
    let less = world.accounts(&fund("0.249"));
    assert_eq!(world.failing(&less, &[("USDC", "2100"), ("BTC", "0.249")]), CRASH);
    // Reserves beyond what anyone is owed are as good as the fund.
    let excess = [("USDC", "2112"), ("BTC", "0.249")];
    assert_eq!(world.failing(&less, &excess), [""; 0]);
    assert_eq!(world.failing(&less, &[("USDC", "2111.99"), ("BTC", "0.249")]), CRASH);
    let figures = world.figures(&book);
    let behind =
        backing(&world.compiled, &figures, Some(&reserves(&[("USDC", "2100"), ("BTC", "0.25")])));
    assert_eq!(behind[0].owed_to_others, None, "no twin of mark: `owed` holds the fund's");
    let crash = &behind[1];
    let fund = crash.fund.as_ref().unwrap().to_string();
    assert_eq!((crash.owed.to_string(), fund), ("8100".to_owned(), "0".to_owned()));
}

#[test]
fn reserves_of_the_purpose_insurance_count_beside_the_class_and_once() {
    let world = World::small(POLICY);
    let book = world.accounts(BASE);
    let failing = |insurance| {
        let held = [("USDC", "2100", Purpose::Customers), ("USDC", insurance, Purpose::Insurance)];
        let clauses = world.clauses(&book, &reserves_for(&held)).into_iter();
        clauses.filter(|one| !one.holds).map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(failing("3000"), [""; 0]);
    assert_eq!(failing("2999.99"), CRASH);
}

/// A fund that is short against customers' longs has what they lose.
#[test]
fn a_fund_on_the_other_side_of_customers_counts() {
    let world = World::toy("[classes.insurance]\n");
    let book = world.accounts(
        "account,instrument,quantity,class\nlong,deposit USD,5,customer\n\
         long,long BTC-PERP,3,customer\nlong,quote debit,12,customer\n\
         saver,deposit USD,6,customer\nfund,short BTC-PERP,3,insurance\n\
         fund,quote credit,12,insurance\n",
    );
    assert_eq!(world.failing(&book, &[("USD", "11")]), [""; 0]);
    assert_eq!(world.figures(&book).funds[0].owed_to_others.to_string(), "6");
}

/// The winner is owed 8 in the crash and the loser is 3 short there.
const GAME: &str = "account,instrument,quantity,class
winner,deposit USD,4,customer
winner,short BTC-PERP,2,customer
winner,quote credit,8,customer
loser,deposit USD,1,customer
loser,long BTC-PERP,2,customer
loser,quote debit,8,customer
";

/// A1: what is invented for the fund is covered at mark, by reserves that are worth less in the
/// crash.
#[test]
fn reserves_that_fall_in_the_stress_do_not_pay_its_bad_debt() {
    let world = World::toy("[classes.insurance]\n");
    let forged = world.forged(&[("insurance quote credit", 300)]);
    let book = [world.accounts(GAME), vec![forged]].concat();
    assert_eq!(worth_of_class(&world.figures(&book)), "3");
    // 9 at mark, where 8 is owed; 7 in the crash, where customers are owed 8.
    assert_eq!(world.failing(&book, &[("USD", "5"), ("BTC", "1")]), CRASH);
    assert_eq!(world.failing(&book, &[("USD", "6"), ("BTC", "1")]), [""; 0]);
}

/// A1b: a fund of a coin is too small; the same with a borrow and a credit beside it was not.
#[test]
fn a_hedge_that_nobody_has_does_not_make_a_fund_larger() {
    let world = World::toy("[classes.insurance]\n");
    let own = format!("{GAME}fund,deposit BTC,1,insurance\n");
    let hedged = format!("{own}fund,borrow BTC,1,insurance\nfund,quote credit,4,insurance\n");
    for (csv, worth) in [(&own, "2"), (&hedged, "4")] {
        let book = world.accounts(csv);
        assert_eq!(worth_of_class(&world.figures(&book)), worth);
        assert_eq!(world.failing(&book, &[("USD", "5"), ("BTC", "1")]), CRASH);
    }
}

/// A2: in a book whose reserves are all that it holds, no more, the fund meets bad debt at mark too.
/// `min_coverage` still asks for reserves of everything that is owed at mark, the fund's part
/// included, so an account under water there has to be paid off by the fund, not only met by it.
#[test]
fn the_clauses_ask_for_the_bad_debt_at_mark_once_more() {
    let world = World::toy("[classes.insurance]\n");
    let head = "account,instrument,quantity,class\nsaver,deposit USD,4,customer\n";
    let open = world
        .accounts(&format!("{head}broke,borrow USD,2,customer\nfund,deposit USD,3,insurance\n"));
    // 5 is there, and 4 is owed to all but the fund.
    assert_eq!(world.failing(&open, &[("USD", "5")]), ["min_coverage", "per_asset.USD"]);
    let paid = world.accounts(&format!("{head}fund,deposit USD,1,insurance\n"));
    assert_eq!(world.failing(&paid, &[("USD", "5")]), [""; 0]);
}

/// A5: why a limit on bad debt alone says nothing. Leaving the bankrupt out, or giving it a credit
/// that nobody checks, makes bad debt vanish; what others are owed stays.
#[test]
fn bad_debt_alone_can_be_made_to_vanish_and_what_is_owed_cannot() {
    let rules = |policy| World::small(&format!("min_coverage = \"1\"\n{policy}"));
    let limit = rules("bad_debt = { crash = \"0\" }");
    let (head, olga) = BASE.split_once("olga").unwrap();
    let without = |world: &World| world.accounts(&format!("{}olga{olga}", &head[..38]));
    assert_eq!(limit.failing(&limit.accounts(BASE), &[("USDC", "2100")]), CRASH);
    assert_eq!(limit.failing(&without(&limit), &[("USDC", "2100")]), [""; 0]);
    let fund = rules("bad_debt = { crash = \"insurance\" }");
    assert_eq!(fund.failing(&without(&fund), &[("USDC", "2100")]), CRASH);
    let coverage = rules("coverage = { crash = \"1\" }");
    assert_eq!(coverage.failing(&without(&coverage), &[("USDC", "2100")]), ["coverage.crash"]);
}

/// A holding of some account: which of the small book's rows, how much of it.
type Held = Vec<(usize, u128)>;

/// Rows of one class that an account may hold in any amount, or of all classes where none is named.
fn rows_of(compiled: &Compiled, class: Option<Class>) -> Vec<usize> {
    let rows = compiled.rows.iter().zip(compiled.table.instruments()).enumerate();
    let free = rows.filter(|(_, (row, instrument))| {
        let is_held = !row.name.is_empty() && !row.role.is_shared();
        let is_headroom = row.name.contains("headroom");
        is_held
            && !is_headroom
            && instrument.cap.is_none()
            && class.is_none_or(|own| own == row.class)
    });
    free.map(|(row, _)| row).collect()
}

fn held(rows: Vec<usize>) -> impl Strategy<Value = Held> {
    let units = prop_oneof![0u128..4, 0u128..5_000_000, 0u128..20_000_000_000];
    prop::collection::vec((prop::sample::select(rows), units), 1..6)
}

/// A book: who checks, by class; who is made up; and by how much reserves are more than needed.
#[derive(Debug)]
struct Book {
    honest: Vec<(Class, Held)>,
    invented: Vec<(Held, u128)>,
    btc: u128,
    more: i64,
}

fn book(compiled: &Compiled) -> impl Strategy<Value = Book> {
    let honest = Class::ALL.map(|class| {
        held(rows_of(compiled, Some(class))).prop_map(move |held| (class, held)).boxed()
    });
    let honest = prop::collection::vec(prop::strategy::Union::new(honest), 0..6);
    let more = prop_oneof![Just(0u128), 0u128..10_000_000_000];
    let invented = prop::collection::vec((held(rows_of(compiled, None)), more), 0..5);
    let beyond = prop_oneof![-2i64..3, -10_000_000_000i64..10_000_000_000];
    (honest, invented, 0u128..3_000, beyond).prop_map(|(honest, invented, btc, more)| Book {
        honest,
        invented,
        btc,
        more,
    })
}

/// Reserves of so much BTC and as much of the quote currency as the clauses need, and some more or
/// less.
fn reserves_near(world: &World, figures: &Figures, book: &Book) -> Reserves {
    let btc = world.compiled.assets["BTC"].deposits.last().unwrap().row();
    let values = &world.compiled.table.instruments()[btc].values;
    let missing = |owed: &BigUint, scenario: ScenarioId| {
        BigInt::from(owed.clone()) - BigInt::from(values[scenario].units()) * book.btc
    };
    let needed = missing(&figures.scenarios[0].owed.units, ScenarioId::MARK)
        .max(missing(&figures.funds[0].owed_to_others.units, STRESS));
    let quote = (needed + book.more).to_biguint().unwrap_or_default();
    let decimals = |units: String, digits: usize| {
        let units = format!("{units:0>width$}", width = digits + 1);
        let (whole, part) = units.split_at(units.len() - digits);
        format!("{whole}.{part}")
    };
    reserves(&[
        ("BTC", &decimals(book.btc.to_string(), 3)),
        ("USD", &decimals(quote.to_string(), 6)),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Whoever checks finds the own account in the book, whole and of the right class. All other
    /// accounts may be invented, mix classes and close with more than they need.
    #[test]
    fn where_the_clauses_hold_reserves_cover_whoever_checks(
        book in book(&World::small("min_coverage = \"1\"\nbad_debt = { crash = \"insurance\" }").compiled),
    ) {
        let world = World::small("min_coverage = \"1\"\nbad_debt = { crash = \"insurance\" }");
        let honest: Vec<_> =
            book.honest.iter().map(|(class, held)| (*class, world.invented(held, 0))).collect();
        let mut accounts: Vec<_> = honest.iter().map(|(_, account)| account.clone()).collect();
        accounts.extend(book.invented.iter().map(|(held, more)| world.invented(held, *more)));
        let figures = world.figures(&accounts);
        let reserves = reserves_near(&world, &figures, &book);
        let holds = world.clauses(&accounts, &reserves).iter().all(|clause| clause.holds);
        prop_assert!(holds || book.more < 0, "reserves are what is needed, or more");
        if holds {
            let covers = |scenario: ScenarioId, counts: &dyn Fn(Class) -> bool| {
                let owed: BigInt = honest
                    .iter()
                    .filter(|(class, _)| counts(*class))
                    .map(|(_, account)| {
                        let held: Vec<_> = account
                            .lines
                            .iter()
                            .filter(|line| !world.compiled.rows[line.instrument.row()].role.is_shared())
                            .copied()
                            .collect();
                        world.worth(&held, scenario).max(BigInt::ZERO)
                    })
                    .sum();
                let held = reserves.worth(&world.compiled, Purpose::Customers, scenario);
                BigInt::from(held.units) >= owed
            };
            prop_assert!(covers(ScenarioId::MARK, &|_| true), "at mark");
            prop_assert!(covers(STRESS, &|class| class != Class::Insurance), "in the crash");
        }
    }
}

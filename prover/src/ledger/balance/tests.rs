use pacioli_rules::{Prices, Rules, compile};

use super::*;
use crate::snapshot::{Holding, Place};

const STRICT: Strictness = Strictness { round: false, leave_out: Vec::new() };
const PAGE_SIZE: usize = 64;

const RULES: &str = include_str!("../../../../rules/tests/books/small_book/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/small_book/prices.json");

fn compiled() -> Compiled {
    compile(&Rules::parse(RULES).unwrap(), &Prices::parse(PRICES).unwrap()).unwrap()
}

/// A snapshot with one holding per line, accounts numbered from 0.
fn snapshot(accounts: &[&[(&str, &str)]]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    let mut line = 1;
    for (index, holdings) in accounts.iter().enumerate() {
        let mut held = Vec::new();
        for (name, quantity) in *holdings {
            line += 1;
            snapshot.instruments.push((*name).to_owned());
            held.push(Holding {
                instrument: snapshot.instruments.len() as u32 - 1,
                quantity: quantity.parse().unwrap(),
                place: Place { line, column: 3 },
            });
        }
        snapshot.accounts.push(&index.to_string(), held);
    }
    snapshot
}

fn ledger(accounts: &[&[(&str, &str)]], options: &Strictness) -> Result<Ledger, LedgerError> {
    balance_accounts(snapshot(accounts), &compiled(), options, PAGE_SIZE)
}

#[track_caller]
fn refuses(holdings: &[(&str, &str)], options: &Strictness, expected: &str) {
    let error = ledger(&[holdings], options).unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
}

/// One account's lines as `name quantity`, closing lines left out.
fn held(holdings: &[(&str, &str)], options: &Strictness) -> Vec<String> {
    let (compiled, ledger) = (compiled(), ledger(&[holdings], options).unwrap());
    let lines = ledger.accounts.lines().map(|line| {
        let name = &compiled.rows[line.instrument.row()].name;
        format!("{name} {}", line.quantity.units())
    });
    lines.filter(|line| !line.contains(':')).collect()
}

#[test]
fn a_holding_fills_its_tiers_in_order() {
    let held = |quantity| held(&[("deposit BTC", quantity)], &STRICT).join(", ");
    let first = "deposit BTC tier 1";
    assert_eq!(held("0"), format!("{first} 0, headroom {first} 2000"));
    assert_eq!(held("0.001"), format!("{first} 1, headroom {first} 1999"));
    assert_eq!(held("2"), format!("{first} 2000, headroom {first} 0"));
    assert_eq!(held("2.001"), format!("{first} 2000, headroom {first} 0, deposit BTC tier 2 1"));
}

#[test]
fn what_the_rules_do_not_know_is_refused_where_it_stands() {
    let place = "line 2, column 3, account `0`: ";
    for name in ["deposit", "BTC", "deposit BTC tier 1", "long BTC", "equity:mark", "sell BTC"] {
        refuses(&[(name, "1")], &STRICT, &format!("{place}the rules have no instrument `{name}`"));
    }
    refuses(&[("deposit ETH", "1")], &STRICT, &format!("{place}`ETH` has a price but no rule"));
    let error =
        "no price for `DOGE` (line 2, column 3, account `0`): add prices, or --leave-out DOGE";
    refuses(&[("borrow DOGE", "1")], &STRICT, error);
    let names = ["DOGE", "ETH", "BTC"].map(str::to_owned);
    let exclude = Strictness { leave_out: names.to_vec(), ..STRICT };
    refuses(&[("deposit ETH", "1")], &exclude, &format!("{place}`ETH` has a price but no rule"));
    refuses(&[("long DOGE-PERP", "1")], &exclude, &format!("{place}the rules have no instrument"));
    refuses(&[("deposit BTC", "-1")], &STRICT, &format!("{place}-1 is negative"));
}

#[test]
fn all_that_is_refused_is_told_at_once() {
    let fine: &[(&str, &str)] = &[("deposit BTC", "1")];
    let two: &[(&str, &str)] = &[("long A", "1"), ("deposit BTC", "0.0001")];
    let accounts = [fine, two, fine, &[("deposit DOGE", "1")], &[("long ETH", "1")]];
    let error = ledger(&accounts, &STRICT).unwrap_err().to_string();
    let expected = [
        "refused in 4 places:",
        "no price for `DOGE` (line 6, column 3, account `3`): add prices, or --leave-out DOGE",
        "line 3, column 3, account `1`: the rules have no instrument `long A`",
        "line 4, column 3, account `1`: 0.0001 has more than the 3 decimals of `deposit BTC`; \
         see --round",
        "line 7, column 3, account `4`: the rules have no instrument `long ETH` (did you mean \
         `long ETH-PERP`?)",
    ];
    assert_eq!(error, expected.join("\n"));
    let one: &[(&str, &str)] = &[("long A", "1")];
    let many = vec![one; 3 * AT_ONCE];
    let error = ledger(&many, &STRICT).unwrap_err().to_string();
    assert!(error.starts_with("refused in 49152 places:\nline 2, column 3, "), "{error}");
    assert!(error.ends_with("\nand 49052 more"), "{error}");
}

#[test]
fn a_loan_of_what_nobody_may_borrow_is_called_one() {
    let rules = RULES.replace("borrow_maintenance = \"1.05\"", "");
    let rules = rules.replace("[assets.USDC]", "[assets.USDC]\nborrow = false");
    let compiled =
        compile(&Rules::parse(&rules).unwrap(), &Prices::parse(PRICES).unwrap()).unwrap();
    let dust = snapshot(&[&[("borrow USDC", "0.00000032")]]);
    let error = balance_accounts(dust, &compiled, &STRICT, PAGE_SIZE).unwrap_err().to_string();
    let expected = "line 2, column 3, account `0`: -0.00000032 USDC is a loan, and the rules let \
                    nobody borrow USDC (`borrow = false`)";
    assert_eq!(error, expected);
}

#[test]
fn the_quote_currency_without_a_rule_is_never_without_a_price() {
    let place = "line 2, column 3, account `0`: ";
    let error = "`USD` is the quote currency and has no rule: add `[assets.USD]` to the rules";
    refuses(&[("deposit USD", "1")], &STRICT, &format!("{place}{error}"));
}

#[test]
fn an_instrument_is_held_once() {
    let twice = [("deposit BTC", "1"), ("borrow USDC", "1"), ("deposit BTC", "2")];
    refuses(&twice, &STRICT, "line 4, column 3, account `0`: duplicate holding `deposit BTC`");
}

#[test]
fn quantities_and_closing_lines_stay_below_their_bound() {
    let most = "1237940039285380274899124.223";
    assert_eq!(held(&[("borrow BTC", "0")], &STRICT), ["borrow BTC 0"]);
    let place = "line 2, column 3, account `0`: ";
    for quantity in ["1237940039285380274899124.224", &"9".repeat(38)] {
        let error = format!("{place}{quantity} of `borrow BTC`, with 3 decimals, is not below");
        refuses(&[("borrow BTC", quantity)], &STRICT, &error);
    }
    let error = format!("{place}worth 2^90 units of value or more in scenario `mark`");
    refuses(&[("borrow BTC", most)], &STRICT, &error);
    // Each line is worth 2^114, together nothing.
    let both = [("deposit BTC", most), ("borrow BTC", most)];
    let error = format!("{place}worth 2^90 units of value or more in scenario `maintenance`");
    refuses(&both, &STRICT, &error);
}

#[test]
fn lines_past_an_i128_still_add_up_exactly() {
    let rules = RULES.replace("borrow_maintenance = \"1.05\"", "");
    let prices = PRICES.replace("\"USDC\": \"1\"", "\"USDC\": \"900000000000000\"");
    let compiled =
        compile(&Rules::parse(&rules).unwrap(), &Prices::parse(&prices).unwrap()).unwrap();
    // Each line is worth 9e18 * 1e27 units of value, and an i128 ends before 1.8e38.
    let most = "10000000000000000000000000";
    let both = snapshot(&[&[("deposit USDC", most), ("borrow USDC", most)]]);
    let ledger = balance_accounts(both, &compiled, &STRICT, PAGE_SIZE).unwrap();
    let (_, account) = ledger.accounts.get(0).unwrap();
    assert_eq!(account.lines.len(), 2, "no closing line");
}

#[test]
fn an_account_fits_its_page() {
    let holdings: &[(&str, &str)] = &[("deposit BTC", "3"), ("borrow USDC", "1")];
    // Two tiers, one headroom, one borrow and three closing lines.
    let on_page = |size| balance_accounts(snapshot(&[holdings]), &compiled(), &STRICT, size);
    assert!(on_page(7).is_ok());
    let error = "line 2, column 3, account `0`: 7 lines, closing lines included, do not fit";
    let refused = on_page(6).unwrap_err().to_string();
    assert!(refused.starts_with(error), "{refused}");
}

#[test]
fn nothing_is_rounded_unasked_and_a_position_never() {
    let place = "line 2, column 3, account `0`: ";
    let error = format!("{place}1.0001 has more than the 3 decimals of `deposit BTC`");
    refuses(&[("deposit BTC", "1.0001")], &STRICT, &error);
    let round = Strictness { round: true, ..STRICT };
    for name in ["long ETH-PERP", "short ETH-PERP"] {
        let error = format!("{place}1.001 has more than the 2 decimals of `{name}`; a position");
        refuses(&[(name, "1.001")], &round, &error);
    }
    assert!(ledger(&[&[("deposit BTC", "1.00000")]], &STRICT).is_ok());
}

#[test]
fn rounding_favours_the_customer_and_is_disclosed() {
    let round = Strictness { round: true, ..STRICT };
    let holdings = [
        ("deposit USDC", "1.001"),
        ("borrow USDC", "1.009"),
        ("quote credit", "0.0000001"),
        ("quote debit", "0.0000019"),
        ("deposit BTC", "0.5"),
    ];
    let lines = held(&holdings, &round);
    assert_eq!(
        lines[2..],
        ["deposit USDC 101", "borrow USDC 100", "quote credit 1", "quote debit 1"]
    );
    let accounts: [&[_]; 2] = [&holdings, &[("deposit BTC", "0.0001")]];
    let rounding = ledger(&accounts, &round).unwrap().disclosure.rounding;
    let instruments: Vec<_> = rounding
        .instruments
        .iter()
        .map(|i| format!("{} {} {}", i.instrument, i.lines, i.bound))
        .collect();
    assert_eq!(
        instruments,
        [
            "borrow USDC 1 0.01",
            "deposit BTC 1 0.001",
            "deposit USDC 1 0.01",
            "quote credit 1 0.000001",
            "quote debit 1 0.000001",
        ]
    );
    // 2 of 0.01 USD, 2 of 0.000001 USD and 0.001 BTC of 20 USD.
    assert_eq!((rounding.lines, rounding.bound.to_string()), (5, "20.020002".to_owned()));
}

#[test]
fn what_has_no_price_is_left_out_only_by_name_and_disclosed() {
    let names = ["SHIB", "DOGE", "DOGE"].map(str::to_owned);
    let exclude = Strictness { leave_out: names.to_vec(), ..STRICT };
    let accounts: [&[_]; 3] = [
        &[("deposit DOGE", "1.5"), ("deposit BTC", "1"), ("borrow DOGE", "0.25")],
        &[("deposit DOGE", "2"), ("deposit SHIB", "3")],
        &[("deposit SHIB", "4")],
    ];
    let found = ledger(&accounts, &exclude).unwrap();
    assert_eq!(found.accounts.len(), 1);
    assert_eq!(found.disclosure.accounts_left_out, ["1", "2"]);
    let left_out: Vec<_> = found
        .disclosure
        .left_out
        .iter()
        .map(|e| format!("{} {} {} {} {}", e.asset, e.lines, e.accounts, e.deposits, e.borrows))
        .collect();
    assert_eq!(left_out, ["DOGE 3 2 3.5 0.25", "SHIB 2 2 7 0"]);

    let error = ledger(&accounts, &STRICT).unwrap_err().to_string();
    let expected = "no price for `DOGE` (line 2, column 3, account `0`), `SHIB` (line 6, column \
                    3, account `1`): add prices, or --leave-out DOGE,SHIB";
    assert_eq!(error, expected, "all at once");
    let one = Strictness { leave_out: names[..1].to_vec(), ..STRICT };
    let error = ledger(&accounts, &one).unwrap_err().to_string();
    assert!(error.starts_with("no price for `DOGE` (line 2"), "{error}");
    let more = ["SHIB", "DOGE", "PEPE"].map(str::to_owned);
    let error = ledger(&accounts, &Strictness { leave_out: more.to_vec(), ..STRICT }).unwrap_err();
    let (name, closest) = ("PEPE".to_owned(), Closest::default());
    assert_eq!(error, LedgerError::NobodyHolds { name, closest });
    assert_eq!(error.to_string(), "nobody holds `PEPE`: nothing was left out");
    let slip = ["SHIB", "DOGE", "DOEG"].map(str::to_owned);
    let slip = Strictness { leave_out: slip.to_vec(), ..STRICT };
    let error = ledger(&accounts, &slip).unwrap_err().to_string();
    assert_eq!(error, "nobody holds `DOEG` (did you mean `DOGE`?): nothing was left out");
}

#[test]
fn what_may_not_be_left_out_is_not_offered_to_be() {
    let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(PRICES).unwrap());
    let error = ledger(&[&[("deposit btc", "1"), ("deposit DOGE", "1")]], &STRICT).unwrap_err();
    assert_eq!(
        error.under(&rules, &prices).to_string(),
        "no price for `btc` (line 2, column 3, account `0`) (did you mean `BTC`?), `DOGE` (line \
         3, column 3, account `0`): add prices, or --leave-out DOGE; `btc` cannot be left out: it \
         differs from `BTC` only by the case of its letters"
    );
    let error = ledger(&[&[("deposit btc", "1")]], &STRICT).unwrap_err();
    assert_eq!(
        error.under(&rules, &prices).to_string(),
        "no price for `btc` (line 2, column 3, account `0`) (did you mean `BTC`?); `btc` cannot \
         be left out: it differs from `BTC` only by the case of its letters"
    );
}

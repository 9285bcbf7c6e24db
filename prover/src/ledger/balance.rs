//! From the accounts of a snapshot to accounts that balance.

use std::collections::BTreeSet;

use pacioli_circuits::Account;
use pacioli_rules::{Class, Compiled};
use rayon::prelude::*;

use super::{
    bind::{Bound, bind},
    disclosure::{Disclosure, DisclosureCounts},
    entry::{Accountant, Entry},
    error::{LedgerError, Unpriced},
    form::FormCounts,
    strictness::Strictness,
};
use crate::snapshot::Snapshot;

/// The accounts of a book, each balanced in every scenario, and what is disclosed of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Every account with its id, in the order of the snapshot.
    pub accounts: Vec<(String, Account)>,
    /// How many of them took which form.
    pub forms: FormCounts,
    /// What was left out or rounded.
    pub disclosure: Disclosure,
}

/// Splits every holding over its tiers and closes every account in every scenario, or holds it plain
/// or covered where that has fewer lines. An account has at
/// most `page_size` lines, closing lines included: the slots of a page.
///
/// # Errors
/// If assets are held that have no price and are not to be left out: all of them. Otherwise, if an
/// account is refused: the first [`LedgerProblem`](super::LedgerProblem) in the order of the
/// snapshot. Otherwise, if nobody holds an asset to leave out.
pub fn balance_accounts(
    snapshot: Snapshot,
    compiled: &Compiled,
    strictness: &Strictness,
    page_size: usize,
) -> Result<Ledger, LedgerError> {
    let names = &snapshot.instruments;
    let bound = Class::ALL.map(|class| {
        names
            .iter()
            .map(|name| bind(name, class, compiled, &strictness.leave_out))
            .collect::<Vec<_>>()
    });
    check_priced(&snapshot, &bound)?;
    let accountant = Accountant {
        compiled,
        round: strictness.round,
        page_size,
        names,
        bound: &bound,
        classes: &snapshot.classes,
        files: &snapshot.files,
    };
    let entries: Vec<_> =
        snapshot.accounts.par_iter().map(|account| accountant.enter(account)).collect();
    // An asset is left out, or rounded by as much, in every class that may hold it.
    let [bound, ..] = bound;

    let (mut counts, mut forms) = (DisclosureCounts::default(), FormCounts::default());
    let mut accounts = Vec::with_capacity(entries.len());
    for (account, entry) in snapshot.accounts.into_iter().zip(entries) {
        let Entry { lines, form, saved, left_out, rounded } = entry?;
        counts.add(&left_out, &rounded, &bound);
        if lines.is_empty() {
            counts.accounts_left_out.push(account.id);
        } else {
            forms += (form, saved as u64);
            accounts.push((account.id, Account { lines }));
        }
    }
    let held = |name: &&String| counts.left_out.contains_key(*name);
    if let Some(name) = strictness.leave_out.iter().find(|name| !held(name)) {
        return Err(LedgerError::NobodyHolds(name.clone()));
    }
    Ok(Ledger { accounts, forms, disclosure: counts.finish(names, &bound, compiled) })
}

/// Fails if assets without a price are held: all of them, each with the place of its first holding.
fn check_priced(
    snapshot: &Snapshot,
    bound: &[Vec<Bound>; Class::ALL.len()],
) -> Result<(), LedgerError> {
    if !bound.iter().flatten().any(|one| matches!(one, Bound::Unpriced { .. })) {
        return Ok(());
    }
    let mut unpriced: Vec<Unpriced> = Vec::new();
    let mut known = BTreeSet::new();
    for account in &snapshot.accounts {
        let class = snapshot.classes.get(&account.id).copied().unwrap_or_default();
        for holding in &account.holdings {
            let bound = bound[class as usize].get(holding.instrument as usize);
            let Some(Bound::Unpriced { asset }) = bound else { continue };
            if known.insert(asset) {
                let (asset, account) = (asset.clone(), account.id.clone());
                let place = snapshot.files.spot(holding.place);
                unpriced.push(Unpriced { asset, place, account, not_left_out: None });
            }
        }
    }
    if unpriced.is_empty() { Ok(()) } else { Err(LedgerError::Unpriced(unpriced)) }
}

#[cfg(test)]
mod tests {
    use pacioli_rules::{Prices, Rules, compile};

    use super::*;
    use crate::snapshot::{Account, Holding, Place};

    const STRICT: Strictness = Strictness { round: false, leave_out: Vec::new() };
    const PAGE_SIZE: usize = 64;

    const RULES: &str = include_str!("../../../rules/tests/books/small_book/rules.toml");
    const PRICES: &str = include_str!("../../../rules/tests/books/small_book/prices.json");

    fn compiled() -> Compiled {
        compile(&Rules::parse(RULES).unwrap(), &Prices::parse(PRICES).unwrap()).unwrap()
    }

    /// A snapshot with one holding per line, accounts numbered from 0.
    fn snapshot(accounts: &[&[(&str, &str)]]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let mut line = 1;
        for (index, holdings) in accounts.iter().enumerate() {
            let mut holder = Account { id: index.to_string(), holdings: Vec::new() };
            for (name, quantity) in *holdings {
                line += 1;
                snapshot.instruments.push((*name).to_owned());
                holder.holdings.push(Holding {
                    instrument: snapshot.instruments.len() as u32 - 1,
                    quantity: quantity.parse().unwrap(),
                    place: Place { line, column: 3 },
                });
            }
            snapshot.accounts.push(holder);
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
        let lines = ledger.accounts[0].1.lines.iter().map(|line| {
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
        assert_eq!(
            held("2.001"),
            format!("{first} 2000, headroom {first} 0, deposit BTC tier 2 1")
        );
    }

    #[test]
    fn what_the_rules_do_not_know_is_refused_where_it_stands() {
        let place = "line 2, column 3, account `0`: ";
        for name in ["deposit", "BTC", "deposit BTC tier 1", "long BTC", "equity:mark", "sell BTC"]
        {
            refuses(
                &[(name, "1")],
                &STRICT,
                &format!("{place}the rules have no instrument `{name}`"),
            );
        }
        refuses(&[("deposit ETH", "1")], &STRICT, &format!("{place}`ETH` has a price but no rule"));
        let error =
            "no price for `DOGE` (line 2, column 3, account `0`): add prices, or --leave-out DOGE";
        refuses(&[("borrow DOGE", "1")], &STRICT, error);
        let names = ["DOGE", "ETH", "BTC"].map(str::to_owned);
        let exclude = Strictness { leave_out: names.to_vec(), ..STRICT };
        refuses(
            &[("deposit ETH", "1")],
            &exclude,
            &format!("{place}`ETH` has a price but no rule"),
        );
        refuses(
            &[("long DOGE-PERP", "1")],
            &exclude,
            &format!("{place}the rules have no instrument"),
        );
        refuses(&[("deposit BTC", "-1")], &STRICT, &format!("{place}-1 is negative"));
    }

    #[test]
    fn the_error_is_the_first_of_the_snapshot() {
        let fine: &[(&str, &str)] = &[("deposit BTC", "1")];
        let accounts = [fine, &[("long A", "1")], fine, &[("long B", "1")]];
        let error = ledger(&accounts, &STRICT).unwrap_err().to_string();
        assert!(error.starts_with("line 3, column 3, account `1`: "), "{error}");
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
        let account = &balance_accounts(both, &compiled, &STRICT, PAGE_SIZE).unwrap().accounts[0].1;
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
            let error =
                format!("{place}1.001 has more than the 2 decimals of `{name}`; a position");
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
        let error =
            ledger(&accounts, &Strictness { leave_out: more.to_vec(), ..STRICT }).unwrap_err();
        assert_eq!(error, LedgerError::NobodyHolds("PEPE".to_owned()));
        assert_eq!(error.to_string(), "nobody holds `PEPE`: nothing was left out");
    }

    #[test]
    fn what_may_not_be_left_out_is_not_offered_to_be() {
        let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(PRICES).unwrap());
        let error = ledger(&[&[("deposit btc", "1"), ("deposit DOGE", "1")]], &STRICT).unwrap_err();
        assert_eq!(
            error.under(&rules, &prices).to_string(),
            "no price for `btc` (line 2, column 3, account `0`), `DOGE` (line 3, column 3, account \
             `0`): add prices, or --leave-out DOGE; `btc` cannot be left out: it differs from `BTC` \
             only by the case of its letters"
        );
    }
}

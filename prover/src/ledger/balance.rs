//! From the accounts of a snapshot to accounts that balance.

use std::collections::BTreeSet;

use pacioli_rules::{Class, Closest, Compiled, Held};
use rayon::prelude::*;

use super::{
    accounts::{BalancedAccounts, PackedLines},
    bind::{Bound, bind},
    disclosure::{Disclosure, DisclosureCounts},
    entry::{Accountant, Entry},
    error::{LedgerError, Unpriced},
    form::FormCounts,
    strictness::Strictness,
};
use crate::{
    several::{MAX_SHOWN, Several},
    snapshot::Snapshot,
};

/// Accounts that are balanced at once: enough for every thread, few enough that what is refused of a
/// large book stays small.
const AT_ONCE: usize = 1 << 14;

/// The accounts of a book, each balanced in every scenario, and what is disclosed of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Every account with its id, in the order of the snapshot.
    pub accounts: BalancedAccounts,
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
/// If assets are held that have no price and are not to be left out, or accounts are refused: all of
/// the assets, and the [`LedgerProblem`](super::LedgerProblem)s in the order of the snapshot.
/// Otherwise, if nobody holds an asset to leave out.
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
    let mut refused = Several::default();
    let unpriced = unpriced(&snapshot, compiled, &bound);
    if !unpriced.is_empty() {
        refused.add(LedgerError::Unpriced(unpriced));
    }
    let accountant = Accountant {
        compiled,
        round: strictness.round,
        page_size,
        names,
        bound: &bound,
        classes: &snapshot.classes,
        files: &snapshot.files,
    };
    let (mut counts, mut forms) = (DisclosureCounts::default(), FormCounts::default());
    let (mut lines_of, mut left_out_accounts) = (PackedLines::default(), Vec::new());
    let all = &snapshot.accounts;
    for start in (0..all.len()).step_by(AT_ONCE) {
        let some = start..all.len().min(start + AT_ONCE);
        let enter = |account| all.get(account).map(|account| accountant.enter(&account));
        let entries: Vec<_> = some.clone().into_par_iter().filter_map(enter).collect();
        for (account, entry) in some.zip(entries) {
            let Entry { lines, form, saved, left_out, rounded, .. } = match entry {
                Ok(entry) => entry,
                Err(problems) => {
                    problems.into_iter().for_each(|problem| refused.add(problem));
                    continue;
                }
            };
            // An asset is left out, or rounded by as much, in every class that may hold it.
            counts.add(&left_out, &rounded, &bound[0]);
            if lines.is_empty() {
                left_out_accounts.push(account);
            } else if refused.is_empty() {
                forms += (form, saved as u64);
                lines_of.push(&lines);
            }
        }
    }
    refused.result(LedgerError::Several)?;
    let ids = left_out_accounts.iter().filter_map(|&account| snapshot.accounts.id(account));
    counts.accounts_left_out = ids.map(str::to_owned).collect();
    let held = |name: &&String| counts.left_out.contains_key(*name);
    if let Some(name) = strictness.leave_out.iter().find(|name| !held(name)) {
        let assets = names.iter().filter_map(|name| match Held::parse(name)? {
            Held::Deposit(asset) | Held::Borrow(asset) => Some(asset),
            _ => None,
        });
        let (name, closest) = (name.clone(), Closest::of(name, assets));
        return Err(LedgerError::NobodyHolds { name, closest });
    }
    let disclosure = counts.finish(names, &bound[0], compiled);
    let mut ids = snapshot.accounts.into_ids();
    ids.remove(&left_out_accounts);
    Ok(Ledger { accounts: BalancedAccounts::new(ids, lines_of), forms, disclosure })
}

/// The assets that are held without a price, each with the place of its first holding.
fn unpriced(
    snapshot: &Snapshot,
    compiled: &Compiled,
    bound: &[Vec<Bound>; Class::ALL.len()],
) -> Vec<Unpriced> {
    let mut unpriced: Vec<Unpriced> = Vec::new();
    if !bound.iter().flatten().any(|one| matches!(one, Bound::Unpriced { .. })) {
        return unpriced;
    }
    let mut known = BTreeSet::new();
    for account in snapshot.accounts.iter() {
        let class = snapshot.classes.get(account.id).copied().unwrap_or_default();
        for holding in &account.holdings {
            let bound = bound[class as usize].get(holding.instrument as usize);
            let Some(Bound::Unpriced { asset }) = bound else { continue };
            if known.insert(asset) {
                let (asset, account) = (asset.clone(), account.id.to_owned());
                let place = snapshot.files.spot(holding.place);
                // As many as are read: each is compared with every asset.
                let assets = compiled.assets.keys().filter(|_| unpriced.len() < MAX_SHOWN);
                let closest = Closest::of(&asset, assets.map(String::as_str));
                unpriced.push(Unpriced { asset, place, account, closest, not_left_out: None });
            }
        }
    }
    unpriced
}

#[cfg(test)]
mod tests;

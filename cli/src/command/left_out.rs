//! What was left out of a book, asset by asset.

use pacioli_attestation::AssetLeftOut;

use crate::{
    format::{grouped, plural},
    shown::shown,
};

/// The counts of what was left out: `1 account, 2 lines in 1 asset without a price`.
pub fn left_out_counts(accounts: impl ToString, left_out: &[AssetLeftOut]) -> String {
    let lines: u64 = left_out.iter().map(|one| one.lines).sum();
    let assets = plural(left_out.len(), "asset");
    format!(
        "{}, {} in {assets} without a price",
        plural(accounts, "account"),
        plural(lines, "line")
    )
}

/// A line for each asset, with its deposits and borrows.
pub fn left_out_amounts(left_out: &[AssetLeftOut]) -> String {
    let lines =
        left_out.iter().map(|AssetLeftOut { asset, accounts, deposits, borrows, .. }| {
            let (deposits, borrows) = (grouped(deposits), grouped(borrows));
            let asset = shown(asset);
            format!(
                "            {asset}: {deposits} deposited, {borrows} borrowed, in {}\n",
                plural(accounts, "account"),
            )
        });
    lines.collect()
}

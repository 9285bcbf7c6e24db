//! What was left out of a book, asset by asset.

use pacioli_attestation::AssetLeftOut;

use crate::{
    format::{grouped, plural},
    shown::shown,
};

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

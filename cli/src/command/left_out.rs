//! What was left out of a book, asset by asset.

use pacioli_attestation::AssetLeftOut;

use super::report::grouped;
use crate::shown::shown;

/// A line for each asset, with what was held and owed of it.
pub fn left_out_amounts(left_out: &[AssetLeftOut]) -> String {
    let lines = left_out.iter().map(|AssetLeftOut { asset, accounts, deposits, borrows, .. }| {
        let s = if *accounts == 1 { "" } else { "s" };
        let (deposits, borrows) = (grouped(deposits), grouped(borrows));
        let asset = shown(asset);
        format!(
            "            {asset}: {deposits} deposited, {borrows} borrowed, in {accounts} account{s}\n"
        )
    });
    lines.collect()
}

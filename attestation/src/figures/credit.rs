//! What of the borrows counts against deposits, where rules have a credit scenario.

use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Amount, Class, Role};

use super::{AssetCredit, AssetFigures, CreditFigures, sums::Book};

impl Book<'_> {
    /// What is taken off credited borrows.
    pub(super) fn credit(&self) -> Option<CreditFigures> {
        let scenario = self.compiled.scenario(self.compiled.credit_scenario()?);
        let [_, shortfall] = scenario.balance()?;
        let shortfalls = self.row(shortfall);
        let (rows, values) = (&self.compiled.rows, self.compiled.table.instruments());
        let held = self.totals.iter().enumerate();
        let held = held.map(|(row, total)| (self.compiled.worth_of(row), total));
        let claims = held.filter(|&(of, _)| {
            let is_position = matches!(rows[of].role, Role::Long { .. } | Role::Short { .. });
            is_position || matches!(rows[of].role, Role::QuoteCredit | Role::QuoteDebit)
        });
        let claims: BigInt = claims
            .map(|(of, total)| {
                BigInt::from(values[of].values[ScenarioId::MARK].units()) * total.quantity
            })
            .sum();
        let unmatched = claims.to_biguint().unwrap_or_default();
        let decimals = self.compiled.value_decimals;
        Some(CreditFigures {
            scenario: scenario.name.clone(),
            taken: Amount::new(&shortfalls.units + &unmatched, decimals),
            unmatched: Amount::new(unmatched, decimals),
            shortfalls,
        })
    }

    /// The totals of every asset, and what of its borrows is credited.
    pub(super) fn credited_assets(&self, credit: Option<&CreditFigures>) -> Vec<AssetFigures> {
        let mut assets = self.assets(&Class::ALL);
        let Some(CreditFigures { taken, .. }) = credit else { return assets };
        for asset in &mut assets {
            let held = Class::ALL.iter().filter_map(|class| self.compiled.rows_of(*class));
            let held: Vec<_> = held.filter_map(|rows| rows.assets.get(&asset.name)).collect();
            let decimals = asset.borrows.decimals;
            let credited = self.sum(held.iter().filter_map(|rows| rows.borrow), decimals);
            let uncredited = self.sum(held.iter().filter_map(|rows| rows.uncredited), decimals);
            let price = held.iter().find_map(|rows| rows.borrow).map_or(0, |row| {
                let mark = self.compiled.table.instruments()[row.row()].values[ScenarioId::MARK];
                mark.units().unsigned_abs()
            });
            // Of what is worth nothing, anyone can borrow any amount and stay solvent.
            let off = match price {
                0 => credited.units.clone(),
                _ => (&taken.units + price - 1u32) / price,
            };
            let off = off.min(credited.units.clone());
            let counted = Amount::new(&credited.units - off, decimals);
            asset.credit = Some(AssetCredit { credited, uncredited, counted });
        }
        assets
    }
}

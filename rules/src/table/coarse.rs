//! Stresses in which a unit of value is too much.

use std::collections::BTreeSet;

use pacioli_circuits::ScenarioId;

use super::{Compiled, ScenarioKind};

impl Compiled {
    /// The stresses in which units of value are so coarse that rounding may change what an asset or a
    /// market is worth by a thousandth or more; in a policy's own stresses rules refuse that.
    pub fn coarse_stresses(&self) -> BTreeSet<String> {
        let is_coarse = |id: ScenarioId| {
            let rows = self.rows.iter().zip(self.table.instruments());
            let mut rows = rows.filter(|(row, _)| row.worth.price.is_some());
            rows.any(|(row, instrument)| {
                let at_mark = instrument.values[ScenarioId::MARK].units().abs();
                !row.worth.factors[id.index()].is_fine(&at_mark.into())
            })
        };
        let stresses = self.scenarios_by_id().filter(|(_, one)| one.kind == ScenarioKind::Stress);
        let coarse = stresses.filter(|(id, _)| is_coarse(*id));
        coarse.map(|(_, one)| one.name.clone()).collect()
    }
}

//! The rows of a class: customers' rows over again, so that nothing of them is checked twice. In
//! twins those of the insurance fund are worth nothing.

use pacioli_circuits::{ScenarioId, Value};

use super::{
    evaluated::Row,
    fault::Fault,
    rows::{Classes, Rows},
};
use crate::program::layout::{INSURANCE, ROLE_BITS};

impl Rows<'_> {
    /// A row of a class, after all of customers' and before what accounts share.
    pub(super) fn repeat(&mut self, class: u8, index: usize) -> Result<(), Fault> {
        let fault = Err(Fault::RowClass(index, class));
        let first = Classes { customers: index, class, next: 1 };
        let classes = self.classes.get_or_insert(first);
        if class < classes.class || self.closings > 0 || self.contingencies > 0 {
            return fault;
        }
        if class > classes.class {
            (classes.class, classes.next) = (class, 1);
        }
        let repeats = |customers: &usize| {
            let (own, other) = (self.bytes[index], self.bytes[*customers]);
            own[0] == class << ROLE_BITS | other[0] && own[1..] == other[1..]
        };
        let Some(row) = (classes.next..classes.customers).find(repeats) else { return fault };
        classes.next = row + 1;
        let mut instrument = self.instruments[row].clone();
        if class == INSURANCE {
            let scenarios = ScenarioId::all(self.head.scenarios.into());
            for twin in scenarios.skip(self.head.own_scenarios()) {
                instrument.values[twin] = Value::ZERO;
            }
        }
        self.instruments.push(instrument);
        self.read.push(Row { class, ..self.read[row] });
        Ok(())
    }
}

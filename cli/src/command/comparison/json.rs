//! The comparison for programs.

use pacioli_record::Attested;
use serde_json::{Value, json};

use super::{
    super::{history::finding, report::Setup},
    Two,
};

impl Two {
    pub(super) fn json(&self) -> Value {
        let Self { before, after, comparison } = self;
        let one = |one: &Attested| {
            let mut value = json!(one.point);
            value["policy_holds"] = one.verified.holds().into();
            value["setup"] = Setup::of(&one.verified).json();
            value
        };
        json!({
            "holds": self.holds(),
            "verdict": self.verdict(),
            "before": one(before),
            "after": one(after),
            "chain": comparison.findings.iter().map(finding).collect::<Vec<_>>(),
            "scenarios": comparison.scenarios,
            "assets": comparison.assets,
            "markets": comparison.markets,
            "prices": comparison.prices,
            "reserves": comparison.holdings,
            "clauses": comparison.clauses,
            "changes": comparison.changes,
            "by": {
                "owed": "P", "bad_debt": "P", "deposits": "P", "borrows": "P", "markets": "P",
                "reserves": "W", "coverage": "W", "fund": "W", "prices": "W", "rest": "W",
            },
            "not_proved": super::text::NO_PROOF,
        })
    }
}

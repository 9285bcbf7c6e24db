//! Classes of the house, and what their accounts may hold.

use std::collections::BTreeSet;

use super::{Changes, Effect, keys};
use crate::{rules::Rules, schema::ClassRule};

impl Changes {
    /// Classes in their order.
    pub(super) fn classes(&mut self, before: &Rules, after: &Rules) {
        for class in keys(&before.classes, &after.classes) {
            let subject = format!("class {class}");
            match (before.classes.get(class), after.classes.get(class)) {
                (Some(from), Some(to)) => {
                    let ClassRule { assets, markets } = from;
                    self.held(&subject, "asset", assets.as_deref(), to.assets.as_deref());
                    self.held(&subject, "market", markets.as_deref(), to.markets.as_deref());
                }
                // Its accounts would else be customers', and are asked for no less.
                (None, _) => self.neither(&subject, "is new"),
                (_, None) => self.neither(&subject, "is gone"),
            }
        }
    }

    /// A list, or everything where there is none.
    fn held(
        &mut self,
        subject: &str,
        what: &str,
        before: Option<&[String]>,
        after: Option<&[String]>,
    ) {
        let [old, new] =
            [before, after].map(|names| names.map(|names| names.iter().collect::<BTreeSet<_>>()));
        let effect = match (&old, &new) {
            (None, None) => return,
            (None, Some(_)) => Effect::Stricter,
            (Some(_), None) => Effect::Looser,
            (Some(old), Some(new)) if old == new => return,
            (Some(old), Some(new)) if new.is_superset(old) => Effect::Looser,
            (Some(old), Some(new)) if old.is_superset(new) => Effect::Stricter,
            _ => Effect::Neither,
        };
        let said = |names: Option<BTreeSet<&String>>| match names {
            None => format!("every {what}"),
            Some(names) if names.is_empty() => format!("no {what}"),
            Some(names) => names.into_iter().cloned().collect::<Vec<_>>().join(", "),
        };
        let text = format!("may hold {} where it might hold {}", said(new), said(old));
        self.push(subject, text, effect);
    }
}

//! The clauses of the venue's own policy and of the reader's.

use pacioli_attestation::{By, Clause, unasked};

use super::Section;
use crate::{
    format::sentence,
    judgement::{counting, is_about_reserves},
    parts::{CO, Cell, Letter, Table},
    subject::Subject,
};

/// Clauses with how each holds: a clause about reserves is judged by what is known of them first.
pub(crate) fn clauses(caption: String, clauses: &[Clause], counting: &[Clause]) -> Table {
    let known = |index: usize| counting.get(index).is_some_and(|clause| clause.holds);
    let rows = clauses.iter().enumerate().map(|(index, clause)| {
        let Clause { name, holds, detail, by } = clause;
        let about = is_about_reserves(clause);
        let (state, tone, by) = match (holds, by) {
            (false, by) => ("DOES NOT HOLD", "bad", Some(Letter::from(*by))),
            (true, By::Publisher) if about && known(index) => {
                ("holds by what was read or signed", "good", CO)
            }
            (true, By::Publisher) => ("holds by the venue’s word alone", "warn", Some(Letter("W"))),
            (true, by) => ("holds", "good", Some(Letter::from(*by))),
        };
        vec![Cell::new(name), Cell::new(state).by(by).tone(tone), Cell::new(sentence(detail))]
    });
    Table::new(caption, &["clause", "state", "figures, with the venue’s word"], rows.collect())
}

/// The section.
pub(crate) fn policies(subject: &Subject<'_>) -> Section {
    let findings = subject.findings;
    let strict = counting(findings, subject.known().as_ref());
    let mut tables = vec![clauses("The venue’s own policy".to_owned(), &findings.clauses, &strict)];
    let mut notes = Vec::new();
    match &subject.asked {
        Some(asked) => {
            notes.push(format!("You asked: {}", crate::shown::shown(&asked.text)));
            let caption = "Your policy".to_owned();
            tables.push(clauses(caption, &asked.clauses, &asked.counting));
        }
        None => notes.push(
            "You asked for nothing of your own (--require): what holds is what the \
                            venue asks of itself."
                .to_owned(),
        ),
    }
    let unasked = unasked(findings.rules.policy(), &findings.compiled, &findings.figures);
    let mut list = Vec::new();
    if !unasked.is_empty() {
        list.push(format!("no clause of the venue’s asks about: {}", unasked.join("; ")));
    }
    Section {
        id: "policy",
        title: "Policies: theirs and yours".to_owned(),
        notes,
        tables,
        list,
        ..Section::default()
    }
}

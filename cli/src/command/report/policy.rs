//! The clauses of the venue's own policy, and of the reader's.

use std::fmt::Write;

use pacioli_attestation::Clause;

use crate::{format::sentence, shown::shown, table::paragraph};

/// Clauses with their letters, under a heading.
pub fn text(t: &mut String, heading: &str, clauses: &[Clause]) -> std::fmt::Result {
    writeln!(t, "\n{heading}")?;
    for Clause { name, holds, detail, by } in clauses {
        let holds = if *holds { "holds" } else { "DOES NOT HOLD" };
        let first = format!("  {by}  {holds:<13}  ");
        paragraph(t, &first, &format!("{}: {}", shown(name), sentence(&shown(detail))))?;
    }
    Ok(())
}

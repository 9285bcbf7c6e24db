//! What a reader asks for with `--require`.

use anyhow::{Context, Result};
use pacioli_attestation::Requirements;

/// What a reader asks for, where they ask for anything.
pub fn requirements(clauses: &[String]) -> Result<Option<Requirements>> {
    let required = (!clauses.is_empty()).then(|| clauses.join(","));
    required.map(|text| text.parse::<Requirements>()).transpose().context("--require")
}

//! The circuit as it is, in text and in digests. `PACIOLI_BLESS=1` writes them anew.

use std::{fmt::Write, path::Path};

use halo2_proofs::{plonk::Expression, poly::Rotation};
use pacioli_attestation::{VerifyingKey, proof_layout};
use pacioli_circuits::{Shape, testing::constraint_system};
use pacioli_rules::testing::bless;

/// Compares a text with the one committed as `path`.
#[track_caller]
fn pin(path: &str, text: &str) {
    bless(Path::new(env!("CARGO_MANIFEST_DIR")).join(path), text);
}

fn rotation(shape: &Shape, rotation: Rotation) -> &'static str {
    match rotation.0 {
        0 => "here",
        1 => "next row",
        by if by == shape.stride() as i32 => "next line",
        _ => "elsewhere",
    }
}

/// Everything about a shape's circuit that its size and its soundness hang on.
fn describe(shape: &Shape) -> Result<String, std::fmt::Error> {
    let (columns, system) = constraint_system(*shape);
    let mut text = String::new();
    let out = &mut text;
    writeln!(out, "shape: k {}, page {}", shape.k(), shape.page_size())?;
    writeln!(out, "limbs: {} of {} bits", shape.limbs(), shape.limb_bits())?;
    writeln!(out, "table: {} instruments, {} rows", shape.instruments(), shape.table_rows())?;
    writeln!(out, "pages: {} on, {} off", shape.pages(), shape.pages_off())?;
    writeln!(out, "proof: {} bytes", proof_layout(shape).length)?;

    let mut advice = vec![("last", columns.last), ("instrument", columns.instrument)];
    advice.extend(columns.limb.iter().map(|&limb| ("limb", limb)));
    advice.extend([("cap", columns.cap), ("worth", columns.worth)]);
    advice.extend([("seal", columns.seal), ("multiplicity", columns.multiplicity)]);
    advice.push(("balance", columns.balance));
    advice.extend(columns.limb_term.iter().map(|&term| ("limb_term", term)));
    advice.extend([("step_term", columns.step_term), ("table_term", columns.table_term)]);
    advice.push(("sum", columns.sum));
    assert_eq!(advice.len(), system.num_advice_columns());
    writeln!(out, "advice columns: {}", advice.len())?;
    for (name, column) in &advice {
        let phase = system.advice_column_phase()[column.index()] + 1;
        let queries = system.advice_queries().iter().filter(|(queried, _)| queried == column);
        let queries: Vec<_> = queries.map(|&(_, at)| rotation(shape, at)).collect();
        writeln!(out, "  {} {name}, phase {phase}, opened {}", column.index(), queries.join(", "))?;
    }
    let fixed = ["line_on", "row_on", "is_end", "table_entry", "is_instrument"];
    assert_eq!(fixed.len(), system.fixed_queries().len());
    writeln!(out, "fixed columns: {}", fixed.join(", "))?;
    writeln!(out, "instance columns: {}", system.num_instance_columns())?;
    writeln!(out, "challenges: {}", system.num_challenges())?;
    writeln!(out, "rows that hide: {}", system.blinding_factors() + 1)?;
    writeln!(out, "constraints: {}", system.gates().len())?;
    for gate in system.gates() {
        let degrees: Vec<_> = gate.polynomials().iter().map(Expression::degree).collect();
        writeln!(out, "  {}, degree {degrees:?}", gate.name())?;
    }
    Ok(text)
}

#[test]
fn the_circuits_are_those_of_shape_txt() {
    let shapes = [11, 16, 19].map(|k| Shape::new(k, 64).unwrap());
    let shapes = shapes.map(|shape| describe(&shape).unwrap());
    pin("circuits/shape.txt", &shapes.join("\n"));
}

#[test]
fn the_verifying_key_is_the_pinned_one() {
    let shape = Shape::new(11, 64).unwrap();
    let digest = VerifyingKey::insecure(shape).digest();
    pin("tests/fixtures/verifying_key_digest.txt", &format!("{digest}\n"));
}

#[test]
fn challenges_come_after_what_they_bind() {
    let shape = Shape::new(11, 64).unwrap();
    let (columns, system) = constraint_system(shape);
    let phases = system.advice_column_phase();
    let bound = [columns.last, columns.instrument, columns.cap, columns.seal, columns.multiplicity];
    for column in bound.iter().chain(&columns.limb).chain([&columns.worth]) {
        assert_eq!(phases[column.index()], 0);
    }
    for challenge in [columns.eta, columns.alpha, columns.beta] {
        assert_eq!(challenge.phase(), 0, "drawn right after the first phase");
    }
    assert!(system.lookups().is_empty());
    assert!(system.permutation().get_columns().is_empty());
}

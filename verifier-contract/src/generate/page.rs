//! The constraint system as data for the web page, written from the system's own polynomials.

use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{Circuit as _, ConstraintSystem, Expression},
    poly::Rotation,
};
use pacioli_circuits::{BookWitness, Circuit, Shape};

use super::{gates::element, layout::Names};

/// The most characters of a line.
const WIDTH: usize = 100;

/// The TypeScript file with the constraint system of each number of limbs.
pub fn page() -> String {
    let shapes = [11, 16, 19].map(|k| Shape::new(k, 64).expect("a shape that there is"));
    let systems = shapes.map(|shape| format!("  {}: {{\n{}  }},\n", shape.limbs(), system(&shape)));
    format!(
        "// Generated from the circuit's constraint system by verifier-contract/src/generate/page.rs.
// Never edited: a test generates it again and compares.

import type {{ ConstraintSystem }} from \"../system.ts\";

/** The circuit's constraint system, by the limbs of a quantity. */
export const CONSTRAINTS: Readonly<Record<number, ConstraintSystem>> = {{
{}}};
",
        systems.concat()
    )
}

/// The constraint system of a shape: the same for all shapes of as many limbs.
///
/// # Panics
/// If the circuit uses a feature that the web page does not support. There is one circuit, and a
/// test describes all of its shapes.
pub fn system(shape: &Shape) -> String {
    let mut system = ConstraintSystem::<Fr>::default();
    let columns = Circuit::<BookWitness>::configure_with_params(&mut system, Some(*shape));
    assert!(system.permutation().get_columns().is_empty() && system.lookups().is_empty());
    assert!(system.num_selectors() == 0 && system.degree() == 3);
    for challenge in [columns.eta, columns.alpha, columns.beta] {
        assert_eq!(challenge.phase(), 0, "drawn after the first phase");
    }
    let names = Names::of(shape);
    let phases = system.advice_column_phase();
    assert!(phases.is_sorted() && phases.iter().all(|phase| *phase < 2), "columns of two phases");
    let first = phases.iter().filter(|phase| **phase == 0).count();
    let (phase1, phase2) = names.advice.split_at(first);

    let lists = |lists: &[&[String]]| -> String {
        let lists = lists.iter().map(|names| list(names.iter().map(|name| quoted(name))));
        list(lists)
    };
    let asked = |columns: &[String], queries: Vec<(usize, Rotation)>| {
        list(queries.into_iter().map(|(index, at)| query(&names, &columns[index], at)))
    };
    let advice = system.advice_queries().iter().map(|(column, at)| (column.index(), *at));
    let fixed = system.fixed_queries().iter().map(|(column, at)| (column.index(), *at));
    let instance = system.instance_queries().iter().map(|(column, at)| (column.index(), *at));
    let mut out = String::new();
    let mut line = |indent: usize, text: String| out += &wrapped(indent, &text);
    line(4, format!("fixed: {},", list(names.fixed.iter().map(|name| quoted(name)))));
    line(4, format!("instance: {},", list(names.instance.iter().map(|name| quoted(name)))));
    line(4, format!("advice: {},", lists(&[phase1, phase2])));
    line(4, format!("challenges: {},", list(names.challenge.iter().map(|name| quoted(name)))));
    line(4, "queries: {".to_owned());
    line(6, format!("fixed: {},", asked(&names.fixed, fixed.collect())));
    line(6, format!("instance: {},", asked(&names.instance, instance.collect())));
    line(6, format!("advice: {},", asked(&names.advice, advice.collect())));
    line(4, "},".to_owned());
    line(4, "gates: [".to_owned());
    for gate in system.gates() {
        for polynomial in gate.polynomials() {
            line(6, format!("[\"{}\", {}],", gate.name(), term(polynomial, &names)));
        }
    }
    line(4, "],".to_owned());
    out
}

/// A polynomial in the page's form: its own tree, sum by sum.
fn term(polynomial: &Expression<Fr>, names: &Names) -> String {
    polynomial.evaluate(
        &|constant| format!("[\"constant\", \"{}\"]", element(&constant)),
        &|_| unreachable!("the circuit has no selector"),
        &|asked| query(names, &names.fixed[asked.column_index()], asked.rotation()),
        &|asked| query(names, &names.advice[asked.column_index()], asked.rotation()),
        &|asked| query(names, &names.instance[asked.column_index()], asked.rotation()),
        &|challenge| quoted(&names.challenge[challenge.index()]),
        &|a| format!("[\"-\", {a}]"),
        &|a, b| format!("[\"+\", {a}, {b}]"),
        &|a, b| format!("[\"*\", {a}, {b}]"),
        &|a, factor| format!("[\"scaled\", {a}, \"{}\"]", element(&factor)),
    )
}

/// A column as the page asks for it at a rotation.
fn query(names: &Names, column: &str, at: Rotation) -> String {
    let suffix = names.suffix(at).replacen('_', " ", 1);
    quoted(&format!("{column}{suffix}"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.to_lowercase())
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// The text in lines of at most [`WIDTH`] characters, broken behind commas.
fn wrapped(indent: usize, text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for part in text.split_inclusive(", ") {
        match lines.last_mut() {
            Some(line) if line.len() + part.trim_end().len() <= WIDTH => line.push_str(part),
            last => {
                let deeper = if last.is_some() { 2 } else { 0 };
                lines.push(format!("{:1$}{part}", "", indent + deeper));
            }
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

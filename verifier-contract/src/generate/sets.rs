//! The multi-opening: which commitments are opened at which points, in halo2's order.

use halo2_proofs::{halo2curves::bn256::Fr, plonk::ConstraintSystem, poly::Rotation};

use super::{gates::element, layout::Names};

/// What is opened, as the contract calls it.
#[derive(Clone, PartialEq, Eq)]
enum Commitment {
    /// In the proof.
    Proof(String),
    /// In the key: the number of the fixed column.
    Key(usize),
    Quotient,
}

/// Commitments that are opened at the same points.
struct Set {
    at: Vec<Rotation>,
    /// Each with the names of its evaluations, in the order of `at`.
    commitments: Vec<(Commitment, Vec<String>)>,
}

/// The sets and all points of a proof's multi-opening.
pub struct Opening {
    sets: Vec<Set>,
    points: Vec<Rotation>,
}

/// Names of the inverses the multi-opening needs, and the Yul that puts down what is inverted.
pub struct Denominators {
    pub names: Vec<String>,
    pub code: String,
}

impl Opening {
    /// In the order of `construct_intermediate_sets`: commitments as they are first asked for, sets
    /// by their first commitment.
    pub fn of(system: &ConstraintSystem<Fr>, names: &Names) -> Self {
        let value = |name: &str, at| format!("{name}{}", names.suffix(at));
        let mut queries = Vec::new();
        for &(column, at) in system.advice_queries() {
            let name = &names.advice[column.index()];
            queries.push((Commitment::Proof(format!("COMMIT_{name}")), at, value(name, at)));
        }
        for &(column, at) in system.fixed_queries() {
            let name = &names.fixed[column.index()];
            queries.push((Commitment::Key(column.index()), at, value(name, at)));
        }
        queries.push((Commitment::Quotient, Rotation::cur(), "QUOTIENT".to_owned()));
        let random = Commitment::Proof("COMMIT_RANDOM".to_owned());
        queries.push((random, Rotation::cur(), "RANDOM".to_owned()));

        let mut points: Vec<Rotation> = Vec::new();
        let mut opened: Vec<(Commitment, Vec<(Rotation, String)>)> = Vec::new();
        for (commitment, at, value) in queries {
            if !points.contains(&at) {
                points.push(at);
            }
            match opened.iter_mut().find(|(other, _)| *other == commitment) {
                Some((_, values)) => values.push((at, value)),
                None => opened.push((commitment, vec![(at, value)])),
            }
        }
        points.sort_by_key(|at| at.0);
        let mut sets: Vec<Set> = Vec::new();
        for (commitment, mut values) in opened {
            values.sort_by_key(|(at, _)| at.0);
            let (at, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
            match sets.iter_mut().find(|set| set.at == at) {
                Some(set) => set.commitments.push((commitment, values)),
                None => sets.push(Set { at, commitments: vec![(commitment, values)] }),
            }
        }
        for set in &sets {
            assert!(set.at.len() <= 2, "no column is opened at more than two points");
        }
        Self { sets, points }
    }

    /// Names of the points and of their differences from u, one word each.
    pub fn words(&self, names: &Names) -> Vec<String> {
        let points = self.points.iter().flat_map(|&at| [point(names, at), from_u(names, at)]);
        points.collect()
    }

    /// Yul for the points other than x, and for their differences from u.
    pub fn points(&self, names: &Names, omega: impl Fn(Rotation) -> Fr) -> String {
        let mut lines = Vec::new();
        for &at in &self.points {
            let (point, from_u) = (point(names, at), from_u(names, at));
            if at != Rotation::cur() {
                let omega = element(&omega(at));
                lines.push(format!("mstore({point}, mulmod(mload(X), {omega}, r))"));
            }
            lines.push(format!("mstore({from_u}, addmod(mload(U), sub(r, mload({point})), r))"));
        }
        indented(12, &lines)
    }

    /// What has to be inverted: where the first set is not opened, and the two points of each pair.
    pub fn denominators(&self, names: &Names) -> Denominators {
        let mut inverses = vec!["INVERSE_OF_FIRST".to_owned()];
        let first = self.missing(names, &self.sets[0]);
        let mut lines = vec![format!("mstore(INVERSE_OF_FIRST, {first})")];
        for set in self.sets.iter().filter(|set| set.at.len() == 2) {
            let [a, b] = [0, 1].map(|i| point(names, set.at[i]));
            let inverse = pair_inverse(names, set);
            lines.push(format!("mstore({inverse}, addmod(mload({a}), sub(r, mload({b})), r))"));
            inverses.push(inverse);
        }
        Denominators { names: inverses, code: indented(12, &lines) }
    }

    /// The product of u's differences from the first set's points, in Solidity.
    pub fn first_vanishing(&self, names: &Names) -> String {
        let factors = self.sets[0].at.iter().map(|&at| format!("mload({})", from_u(names, at)));
        in_solidity(&product(factors))
    }

    /// Solidity that adds up all commitments, each with its weight, and their values at u.
    pub fn combine(&self, names: &Names, fixed: &[[String; 2]]) -> String {
        let mut lines = Vec::new();
        for (i, set) in self.sets.iter().enumerate() {
            let at: Vec<String> = set.at.iter().map(|&at| point(names, at)).collect();
            lines.push(format!("// Opened at {}.", at.join(" and ")));
            match i {
                0 => lines.push("weigh(1);".to_owned()),
                _ => lines.push(format!("weighNext({});", in_solidity(&self.missing(names, set)))),
            }
            if let [a, b] = set.at[..] {
                let inverse = pair_inverse(names, set);
                let [a, b] = [a, b].map(|at| from_u(names, at));
                lines.push(format!("interpolate({a}, {b}, {inverse});"));
            }
            for (commitment, values) in &set.commitments {
                let value = match &values[..] {
                    [value] => format!("load({value})"),
                    values => format!("between({})", values.join(", ")),
                };
                lines.push(match commitment {
                    Commitment::Proof(name) => format!("addOpening({name}, {value});"),
                    Commitment::Key(column) => {
                        let [x, y] = &fixed[*column];
                        format!("addOpeningOfKey(\n            {x},\n            {y},\n            {value}\n        );")
                    }
                    Commitment::Quotient => format!("addQuotient({value});"),
                });
            }
        }
        indented(8, &lines)
    }

    /// The product of u's differences from the points at which a set is not opened.
    fn missing(&self, names: &Names, set: &Set) -> String {
        let missing = self.points.iter().filter(|at| !set.at.contains(at));
        product(missing.map(|&at| format!("mload({})", from_u(names, at))))
    }
}

fn point(names: &Names, at: Rotation) -> String {
    format!("X{}", names.suffix(at))
}

fn from_u(names: &Names, at: Rotation) -> String {
    format!("U_MINUS_X{}", names.suffix(at))
}

fn pair_inverse(names: &Names, set: &Set) -> String {
    let suffixes = set.at.iter().map(|&at| names.suffix(at));
    format!("INVERSE_OF_PAIR{}", suffixes.collect::<String>())
}

fn product(factors: impl Iterator<Item = String>) -> String {
    factors.reduce(|a, b| format!("mulmod({a}, {b}, r)")).unwrap_or_else(|| "1".to_owned())
}

/// The same product outside an assembly block.
fn in_solidity(product: &str) -> String {
    product.replace("mload(", "load(").replace(", r)", ", R)")
}

fn indented(spaces: usize, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("{:spaces$}{line}", "")).collect();
    lines.join("\n")
}

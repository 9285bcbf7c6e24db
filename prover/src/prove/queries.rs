//! Which polynomials a proof opens, and where: as the constraint system asks for them, and sorted
//! as SHPLONK sorts them.

use halo2_proofs::{halo2curves::bn256::Fr, plonk::ConstraintSystem};

/// A polynomial that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// An advice column.
    Advice(usize),
    /// A fixed column.
    Fixed(usize),
    /// The quotient, its parts combined.
    Quotient,
    /// The random polynomial.
    Random,
}

/// Polynomials that are opened at the same points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PointSet {
    /// How many rows on from x each point is, x itself first.
    pub(super) rotations: Vec<usize>,
    /// The polynomials.
    pub(super) members: Vec<Opened>,
}

/// The queries of a circuit.
#[derive(Clone, Debug)]
pub(crate) struct Queries {
    queries: Vec<(Opened, usize)>,
    /// The polynomials by their points; each set and each polynomial where it comes first.
    pub(super) sets: Vec<PointSet>,
}

impl Queries {
    pub(crate) fn new(system: &ConstraintSystem<Fr>, rows: usize) -> Self {
        let rotation = |rotation: i32| (rotation as isize).rem_euclid(rows as isize) as usize;
        let advice = system.advice_queries().iter();
        let advice = advice.map(|(column, at)| (Opened::Advice(column.index()), rotation(at.0)));
        let fixed = system.fixed_queries().iter();
        let fixed = fixed.map(|(column, at)| (Opened::Fixed(column.index()), rotation(at.0)));
        let others = [(Opened::Quotient, 0), (Opened::Random, 0)];
        let queries: Vec<_> = advice.chain(fixed).chain(others).collect();

        let mut points: Vec<(Opened, Vec<usize>)> = Vec::new();
        for &(opened, rotation) in &queries {
            match points.iter_mut().find(|(other, _)| *other == opened) {
                Some((_, rotations)) => rotations.push(rotation),
                None => points.push((opened, vec![rotation])),
            }
        }
        let mut sets: Vec<PointSet> = Vec::new();
        for (opened, mut rotations) in points {
            rotations.sort_unstable();
            assert!(
                matches!(rotations[..], [0] | [0, _]),
                "a column is opened at x, and once more"
            );
            match sets.iter_mut().find(|set| set.rotations == rotations) {
                Some(set) => set.members.push(opened),
                None => sets.push(PointSet { rotations, members: vec![opened] }),
            }
        }
        Self { queries, sets }
    }

    /// Every polynomial and how many rows on from x it is opened.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (Opened, usize)> {
        self.queries.iter().copied()
    }

    /// The place of a query in their order.
    pub(super) fn position(&self, opened: Opened, rotation: usize) -> usize {
        let place = self.queries.iter().position(|query| *query == (opened, rotation));
        place.expect("every member of a set is opened at its points")
    }
}

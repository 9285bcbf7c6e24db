//! Sums of multiples of points, where many scalars are equal.

use std::collections::{HashMap, hash_map::Entry};

use ff::Field;
use group::prime::PrimeCurveAffine;
use halo2curves::bn256::{Fr, G1, G1Affine};

use crate::{full::msm, groups::add_groups};

/// A column is summed by value where it has at most one value for so many rows.
const ROWS_A_VALUE: usize = 4;

/// The sums of points by class of rows. A class is the rows in which a column, or several, hold one
/// value: each of these columns is then committed to by one small sum.
#[derive(Clone, Debug)]
pub struct ClassSums(Vec<G1Affine>);

impl ClassSums {
    /// The sums of the classes below `count`, given the class and the point of each row. Rows of
    /// other classes are left out: what they hold counts as 0.
    ///
    /// # Panics
    /// If there are not as many points as rows.
    pub fn new(class_of_row: &[u32], count: usize, bases: &[G1Affine]) -> Self {
        assert_eq!(class_of_row.len(), bases.len(), "one point a row");
        let mut sums = vec![G1Affine::identity(); count];
        add_groups(&mut sums, bases, |row| {
            let class = class_of_row[row] as usize;
            (class < count).then_some((class, false))
        });
        Self(sums)
    }

    /// The sum of every row's point times its value, where `values` has the value of each class.
    ///
    /// # Panics
    /// If there are not as many values as classes.
    pub fn combine(&self, values: &[Fr]) -> G1 {
        msm(values, &self.0)
    }
}

/// As [`msm`](fn@msm), and faster where many scalars are equal and not small.
///
/// # Panics
/// If there are not as many points as scalars.
pub fn msm_by_value(scalars: &[Fr], bases: &[G1Affine]) -> G1 {
    assert_eq!(scalars.len(), bases.len(), "one scalar a point");
    match classes(scalars) {
        Some((class_of_row, values)) => {
            ClassSums::new(&class_of_row, values.len(), bases).combine(&values)
        }
        None => msm(scalars, bases),
    }
}

/// The class of each scalar and the value of each class, if there are few of them. Zeros are of no
/// class.
fn classes(scalars: &[Fr]) -> Option<(Vec<u32>, Vec<Fr>)> {
    let most = scalars.len() / ROWS_A_VALUE;
    let (mut values, mut known) = (Vec::new(), HashMap::new());
    let class = |scalar: &Fr| {
        if *scalar == Fr::ZERO {
            return Some(u32::MAX);
        }
        match known.entry(*scalar) {
            Entry::Occupied(class) => Some(*class.get()),
            Entry::Vacant(_) if values.len() == most => None,
            Entry::Vacant(entry) => {
                let class = *entry.insert(values.len() as u32);
                values.push(*scalar);
                Some(class)
            }
        }
    };
    let class_of_row = scalars.iter().map(class).collect::<Option<_>>()?;
    Some((class_of_row, values))
}

#[cfg(test)]
mod tests {
    use group::Group;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{points, scalars, terms};

    #[test]
    fn no_rows_sum_to_the_identity() {
        assert_eq!(msm_by_value(&[], &[]), G1::identity());
        assert_eq!(ClassSums::new(&[], 3, &[]).combine(&scalars(3)), G1::identity());
        assert_eq!(ClassSums::new(&[], 0, &[]).combine(&[]), G1::identity());
    }

    #[test]
    fn a_class_past_a_chunk_is_summed_whole() {
        let (points, values) = (points(150_000), scalars(3));
        let classes: Vec<u32> =
            (0..points.len() as u32).map(|row| (row % 50 == 0).into()).collect();
        let column: Vec<Fr> = classes.iter().map(|class| values[*class as usize]).collect();
        let expected = msm(&column, &points);
        assert_eq!(ClassSums::new(&classes, 3, &points).combine(&values), expected);
        assert_eq!(msm_by_value(&column, &points), expected);
    }

    #[test]
    fn only_columns_of_few_values_have_classes() {
        let column = scalars(24);
        let repeated =
            |values: usize| -> Vec<Fr> { (0..24).map(|row| column[row % values]).collect() };
        assert!(classes(&repeated(7)).is_none());
        let (class_of_row, values) = classes(&repeated(6)).unwrap();
        assert_eq!(values, column[..6]);
        assert!(class_of_row.iter().zip(0..).all(|(class, row)| *class == row % 6));
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_terms(terms in terms()) {
            prop_assert_eq!(msm_by_value(&terms.scalars, &terms.points), terms.sum());
        }

        #[test]
        fn every_column_of_the_classes_has_its_sum(
            terms in terms(),
            classes in prop::collection::vec(0..9u32, 3000),
        ) {
            // Classes 7 and 8 are left out.
            let classes = &classes[..terms.points.len()];
            let sums = ClassSums::new(classes, 7, &terms.points);
            for column in scalars(14).chunks(7) {
                let value = |class: &u32| column.get(*class as usize).copied().unwrap_or(Fr::ZERO);
                let values: Vec<_> = classes.iter().map(value).collect();
                prop_assert_eq!(sums.combine(column), terms.sum_with(&values));
            }
        }
    }
}

//! Linear equations over the rationals.

use num_bigint::BigInt;
use num_rational::BigRational;

/// The solution of as many equations as unknowns, by elimination; each row has its right side as its
/// last entry. `None` where there is not exactly one.
pub(super) fn solve(mut rows: Vec<Vec<BigRational>>) -> Option<Vec<BigRational>> {
    let zero = BigRational::from(BigInt::ZERO);
    let count = rows.len();
    for column in 0..count {
        let pivot = (column..count).find(|&row| rows[row][column] != zero)?;
        rows.swap(column, pivot);
        let pivot = rows[column][column].clone();
        rows[column].iter_mut().for_each(|entry| *entry /= &pivot);
        let own = rows[column].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != column) {
            let factor = row[column].clone();
            if factor == zero {
                continue;
            }
            for (entry, own) in row.iter_mut().zip(&own) {
                *entry -= own * &factor;
            }
        }
    }
    rows.into_iter().map(|mut row| row.pop()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(numbers: &[&[i64]]) -> Vec<Vec<BigRational>> {
        let row = |row: &&[i64]| row.iter().map(|&n| BigRational::from(BigInt::from(n))).collect();
        numbers.iter().map(row).collect()
    }

    #[test]
    fn equations_have_one_solution_or_none_is_given() {
        let solved = solve(rows(&[&[0, 2, 4], &[3, 1, 3]])).unwrap();
        let third = BigRational::new(1.into(), 3.into());
        assert_eq!(solved, [third, BigRational::from(BigInt::from(2))]);
        assert_eq!(solve(rows(&[&[1, 2, 3], &[2, 4, 6]])), None);
        assert_eq!(solve(Vec::new()), Some(Vec::new()));
    }
}

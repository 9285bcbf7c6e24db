//! Until the branch `msm` is merged.
use group::Group;
use halo2_proofs::{
    arithmetic::best_multiexp,
    halo2curves::bn256::{Fr, G1, G1Affine},
};

pub fn msm(scalars: &[Fr], bases: &[G1Affine]) -> G1 {
    best_multiexp(scalars, bases)
}
pub fn msm_by_value(scalars: &[Fr], bases: &[G1Affine]) -> G1 {
    best_multiexp(scalars, bases)
}
pub struct Classes<'a>(&'a [u32], usize);
pub struct ClassSums(Vec<G1>);
impl<'a> Classes<'a> {
    pub fn new(class_of_row: &'a [u32], count: usize) -> Self {
        Self(class_of_row, count)
    }
    pub fn sums(&self, bases: &[G1Affine]) -> ClassSums {
        let mut sums = vec![G1::identity(); self.1];
        for (class, base) in self.0.iter().zip(bases) {
            if let Some(sum) = sums.get_mut(*class as usize) {
                *sum += base;
            }
        }
        ClassSums(sums)
    }
}
impl ClassSums {
    pub fn combine(&self, values: &[Fr]) -> G1 {
        use group::prime::PrimeCurveAffine;
        let (mut a, mut b) = (vec![], vec![]);
        for (sum, value) in self.0.iter().zip(values) {
            let sum: G1Affine = sum.into();
            if !bool::from(sum.is_identity()) {
                a.push(*value);
                b.push(sum);
            }
        }
        best_multiexp(&a, &b)
    }
}

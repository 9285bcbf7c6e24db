//! Affine additions of many points at once, which share one inversion (Montgomery's trick).
//!
//! An addition takes six multiplications of the field, a doubling seven, and both together eleven,
//! where one addition by itself takes 16 in projective coordinates.

use ff::Field;
use group::{Curve, Group, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::bn256::{Fq, G1Affine};

/// Collects additions to the points of a slice, and makes them all together. Where there is nothing
/// to divide, it makes them at once.
#[derive(Default)]
pub(super) struct Adder {
    chords: Vec<Chord>,
    tangents: Vec<usize>,
    chord_inverses: Inverses,
    tangent_inverses: Inverses,
}

/// A point to be added at a place.
struct Chord {
    place: usize,
    point: G1Affine,
    /// Whether what is there is to be doubled.
    double: bool,
}

impl Adder {
    /// Notes that `point` is to be added at `place`. No place is named twice before it is done.
    pub(super) fn push(&mut self, places: &mut [G1Affine], place: usize, point: G1Affine) {
        let at = &mut places[place];
        if is_identity(at) {
            *at = point;
        } else if is_identity(&point) {
            // The sum is there.
        } else if at.x != point.x {
            self.chord_inverses.push(point.x - at.x);
            self.chords.push(Chord { place, point, double: false });
        } else if at.y == point.y {
            self.push_double(places, place);
        } else {
            *at = G1Affine::identity();
        }
    }

    /// Notes that the point at `place` is to be doubled.
    pub(super) fn push_double(&mut self, places: &[G1Affine], place: usize) {
        let at = &places[place];
        if !is_identity(at) {
            self.tangent_inverses.push(at.y.double());
            self.tangents.push(place);
        }
    }

    /// Notes that the point at `place` is to be doubled, and `point` added.
    pub(super) fn push_to_double(
        &mut self,
        places: &mut [G1Affine],
        place: usize,
        point: G1Affine,
    ) {
        let at = &mut places[place];
        if is_identity(at) {
            *at = point;
        } else if is_identity(&point) {
            self.push_double(places, place);
        } else if at.x != point.x {
            self.chord_inverses.push(point.x - at.x);
            self.chords.push(Chord { place, point, double: true });
        } else if at.y == point.y {
            *at = (point.to_curve().double() + point).to_affine();
        }
    }

    /// Does what was noted.
    pub(super) fn apply(&mut self, places: &mut [G1Affine]) {
        let inverses = self.chord_inverses.invert();
        let mut twice = Vec::new();
        for (Chord { place, point, double }, inverse) in self.chords.drain(..).zip(inverses) {
            let at = &mut places[place];
            let slope = (point.y - at.y) * inverse;
            let x = slope.square() - at.x - point.x;
            if !double {
                *at = G1Affine { x, y: slope * (at.x - x) - at.y };
            } else if x != at.x {
                // a + b goes through a once more, and its second coordinate does not matter.
                self.tangent_inverses.push(x - at.x);
                twice.push((place, slope, x));
            } else {
                // a + b is not a, so it is -a.
                *at = G1Affine::identity();
            }
        }
        let mut inverses = self.tangent_inverses.invert();
        for (place, inverse) in self.tangents.drain(..).zip(&mut inverses) {
            let at = &mut places[place];
            let square = at.x.square();
            let slope = (square.double() + square) * inverse;
            let x = slope.square() - at.x.double();
            *at = G1Affine { x, y: slope * (at.x - x) - at.y };
        }
        for ((place, slope, second), inverse) in twice.into_iter().zip(inverses) {
            let at = &mut places[place];
            let slope = -(slope + at.y.double() * inverse);
            let x = slope.square() - second - at.x;
            *at = G1Affine { x, y: slope * (at.x - x) - at.y };
        }
    }
}

fn is_identity(point: &G1Affine) -> bool {
    point.x == Fq::ZERO && point.y == Fq::ZERO
}

/// Products that grow side by side, for a processor that multiplies several at once.
const CHAINS: usize = 4;

/// Field elements to be inverted together; none is zero.
struct Inverses {
    /// The elements, and the products of those before them in their chain.
    elements: Vec<(Fq, Fq)>,
    products: [Fq; CHAINS],
}

impl Default for Inverses {
    fn default() -> Self {
        Self { elements: Vec::new(), products: [Fq::ONE; CHAINS] }
    }
}

impl Inverses {
    fn push(&mut self, element: Fq) {
        let product = &mut self.products[self.elements.len() % CHAINS];
        self.elements.push((element, *product));
        *product *= element;
    }

    /// The inverses in order; what was pushed is gone.
    fn invert(&mut self) -> impl Iterator<Item = Fq> {
        if !self.elements.is_empty() {
            let [a, b, c, d] = self.products;
            let (ab, cd) = (a * b, c * d);
            let inverse = Option::<Fq>::from((ab * cd).invert()).expect("no element is zero");
            let (half, other) = (inverse * cd, inverse * ab);
            let mut inverses = [half * b, half * a, other * d, other * c];
            for (i, (element, before)) in self.elements.iter_mut().enumerate().rev() {
                let inverse = &mut inverses[i % CHAINS];
                *before *= *inverse;
                *inverse *= *element;
            }
            self.products = [Fq::ONE; CHAINS];
        }
        self.elements.drain(..).map(|(_, inverse)| inverse)
    }
}

#[cfg(test)]
mod tests {
    use halo2_proofs::halo2curves::bn256::G1;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    /// All pairs of points among which are equal and opposite ones, doubles and the identity.
    fn pairs() -> Vec<(G1Affine, G1Affine)> {
        let mut rng = ChaCha20Rng::seed_from_u64(0);
        let mut points = vec![G1Affine::identity(), G1Affine::generator()];
        points.extend((0..3).map(|_| G1::random(&mut rng).to_affine()));
        points.extend(points.clone().iter().map(|point| -point));
        points.extend(points.clone().iter().map(|point| (point + point).to_affine()));
        points.iter().flat_map(|a| points.iter().map(|b| (*a, *b))).collect()
    }

    #[test]
    fn points_add_whatever_they_are_to_each_other() {
        let mut adder = Adder::default();
        for _ in 0..2 {
            let mut places: Vec<_> = pairs().iter().map(|(a, _)| *a).collect();
            for (place, (_, b)) in pairs().into_iter().enumerate().rev() {
                adder.push(&mut places, place, b);
            }
            adder.apply(&mut places);
            let sums = pairs().into_iter().map(|(a, b)| (a + b).to_affine());
            assert_eq!(places, sums.collect::<Vec<_>>());
        }
    }

    #[test]
    fn doubles_and_sums_with_doubles_share_inversions() {
        let mut adder = Adder::default();
        let mut places: Vec<_> = pairs().iter().map(|(a, _)| *a).collect();
        let mut expected = Vec::new();
        for (place, (a, b)) in pairs().into_iter().enumerate() {
            let double = a + a;
            expected.push(match place % 3 {
                0 => {
                    adder.push_double(&places, place);
                    double
                }
                1 => {
                    adder.push(&mut places, place, b);
                    a + b
                }
                _ => {
                    adder.push_to_double(&mut places, place, b);
                    double + b
                }
            });
        }
        adder.apply(&mut places);
        let expected: Vec<_> = expected.iter().map(G1::to_affine).collect();
        assert_eq!(places, expected);
        adder.apply(&mut places);
        assert_eq!(places, expected);
    }

    #[test]
    fn any_points_add_to_doubles() {
        let mut adder = Adder::default();
        let mut places: Vec<_> = pairs().iter().map(|(a, _)| *a).collect();
        for (place, (_, b)) in pairs().into_iter().enumerate() {
            adder.push_to_double(&mut places, place, b);
        }
        adder.apply(&mut places);
        let sums = pairs().into_iter().map(|(a, b)| (a + a + b).to_affine());
        assert_eq!(places, sums.collect::<Vec<_>>());
    }
}

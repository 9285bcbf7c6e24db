//! A linear program with bounded variables, by the simplex method.

/// What counts as nothing beside 1.
const TINY: f64 = 1e-11;
/// Steps at most: so many times the rows and columns.
const STEPS: usize = 10;

/// `most gains x` where `uses x <= limits`, `0 <= x <= 1`; no limit is negative.
pub(super) struct Program {
    /// One for each column.
    pub(super) gains: Vec<f64>,
    /// For each row one number for each column.
    pub(super) uses: Vec<Vec<f64>>,
    /// One for each row.
    pub(super) limits: Vec<f64>,
}

impl Program {
    /// What one unit more of each limit would gain: the dual solution, or what is known of it when so many
    /// products of two numbers are computed.
    pub(super) fn prices(self, work: usize) -> Vec<f64> {
        let Self { mut gains, mut uses, mut limits } = self;
        let (count, columns) = (uses.len(), gains.len());
        // Columns: x, and then the slack of each row, which has no upper bound. A column that is at its
        // upper bound is turned around: x' = 1 - x.
        for (at, row) in uses.iter_mut().enumerate() {
            row.extend((0..count).map(|slack| f64::from(u8::from(slack == at))));
        }
        gains.extend(std::iter::repeat_n(0.0, count));
        let upper = |column: usize| if column < columns { 1.0 } else { f64::INFINITY };
        let mut basis: Vec<usize> = (columns..columns + count).collect();
        let size = count + columns;
        let steps = (STEPS * size).min(work / (count * size).max(1));
        for step in 0..steps {
            // The steepest column that gains, or, so that no circle is run forever, the first.
            let gaining = (0..gains.len()).filter(|&column| gains[column] > TINY);
            let entering = match step < steps / 2 {
                true => gaining.max_by(|&a, &b| gains[a].total_cmp(&gains[b])),
                false => gaining.min(),
            };
            let Some(entering) = entering else { break };
            // How far it can go: to its own bound, or until a column of the basis is at one of its.
            let mut furthest = upper(entering);
            let mut leaving = None;
            for (row, &basic) in basis.iter().enumerate() {
                let use_ = uses[row][entering];
                let room = match use_ {
                    _ if use_ > TINY => limits[row] / use_,
                    _ if use_ < -TINY => (limits[row] - upper(basic)) / use_,
                    _ => continue,
                };
                if room < furthest {
                    (furthest, leaving) = (room.max(0.0), Some((row, use_ < 0.0)));
                }
            }
            if furthest == f64::INFINITY {
                break;
            }
            let Some((row, at_upper)) = leaving else {
                turn(entering, &mut gains, &mut uses, &mut limits);
                continue;
            };
            if at_upper {
                // The column that leaves is at its upper bound: turn it around first.
                let basic = basis[row];
                uses[row].iter_mut().for_each(|use_| *use_ = -*use_);
                uses[row][basic] = 1.0;
                limits[row] = upper(basic) - limits[row];
            }
            pivot(row, entering, &mut gains, &mut uses, &mut limits);
            basis[row] = entering;
        }
        // The price of a row is what its slack no longer gains.
        gains[columns..].iter().map(|gain| (-gain).max(0.0)).collect()
    }
}

/// Puts `1 - x` in the place of a column x that is not in the basis.
fn turn(column: usize, gains: &mut [f64], uses: &mut [Vec<f64>], limits: &mut [f64]) {
    gains[column] = -gains[column];
    for (row, limit) in uses.iter_mut().zip(limits) {
        *limit -= row[column];
        row[column] = -row[column];
    }
}

/// Brings a column into the basis for that of a row.
fn pivot(row: usize, column: usize, gains: &mut [f64], uses: &mut [Vec<f64>], limits: &mut [f64]) {
    let divisor = uses[row][column];
    uses[row].iter_mut().for_each(|use_| *use_ /= divisor);
    limits[row] /= divisor;
    let (own, limit) = (uses[row].clone(), limits[row]);
    for (other, uses) in uses.iter_mut().enumerate().filter(|(other, _)| *other != row) {
        let times = uses[column];
        if times != 0.0 {
            uses.iter_mut().zip(&own).for_each(|(use_, own)| *use_ -= times * own);
            uses[column] = 0.0;
            limits[other] -= times * limit;
        }
    }
    let times = gains[column];
    gains.iter_mut().zip(&own).for_each(|(gain, own)| *gain -= times * own);
    gains[column] = 0.0;
}

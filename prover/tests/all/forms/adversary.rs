//! A prover who writes true holdings in whatever rows stand for them, to the last unit that the
//! slack of `cover` lets pass.

use std::collections::BTreeMap;

use pacioli_circuits::{Account, InstrumentId, Line, Quantity, ScenarioId, reference};
use pacioli_rules::{Class, Closing, Compiled, Role};

/// Random numbers that a seed decides.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, sides: u64) -> u64 {
        self.roll() % sides
    }

    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    /// How much of what is worth `value` a unit: a few units, around the first tier's end or past
    /// the last, or worth about as much as anything else.
    pub fn quantity(&mut self, value: i128) -> u128 {
        match self.below(6) {
            0 => self.below(4).into(),
            1 => [98, 1_998][self.below(2) as usize] + u128::from(self.below(10)),
            2 => self.below(20_000).into(),
            _ => {
                let worth = (1 << 33) + u128::from(self.below(1 << 36));
                worth / value.unsigned_abs().max(1)
            }
        }
    }
}

pub type Lines = BTreeMap<usize, u128>;

/// The row whose values a row has, in the first tier and of customers; itself where that is so.
pub fn holding(compiled: &Compiled, row: usize) -> usize {
    let role = match compiled.rows[compiled.worth_of(row)].role {
        Role::Deposit { asset, .. } => Role::Deposit { asset, tier: 0 },
        Role::Uncredited { asset } => Role::Borrow { asset },
        Role::Long { market, .. } => Role::Long { market, tier: 0 },
        Role::Short { market, .. } => Role::Short { market, tier: 0 },
        role => role,
    };
    compiled.rows.iter().position(|row| row.role == role).unwrap()
}

pub fn is_held(role: Role) -> bool {
    !role.is_shared() && role != Role::Headroom && role != Role::Empty
}

pub fn value(compiled: &Compiled, row: usize, scenario: ScenarioId) -> i128 {
    compiled.table.instruments()[row].values[scenario].units()
}

/// What lines are worth in the table's own values.
pub fn worth(compiled: &Compiled, lines: &Lines, scenario: ScenarioId) -> i128 {
    lines.iter().map(|(&row, &units)| value(compiled, row, scenario) * units as i128).sum()
}

/// A prover with a table.
pub struct Adversary<'a> {
    pub compiled: &'a Compiled,
    pub dice: Dice,
    /// The rows that stand for each holding.
    pub rows: Vec<(usize, Vec<usize>)>,
}

impl<'a> Adversary<'a> {
    pub fn new(compiled: &'a Compiled, seed: u64) -> Self {
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for row in (0..compiled.rows.len()).filter(|&row| is_held(compiled.rows[row].role)) {
            rows.entry(holding(compiled, row)).or_default().push(row);
        }
        Self { compiled, dice: Dice(seed), rows: rows.into_iter().collect() }
    }

    /// An account made of holdings split at will, balanced as the circuit asks.
    pub fn account(&mut self) -> (Lines, Account) {
        let mut lines = Lines::new();
        // At times in plain or covered rows alone, where the most is to be gained.
        let (in_forms, in_plain) = (self.dice.below(3) < 2, self.dice.one_in(4));
        for _ in 0..=self.dice.below(5) {
            let index = self.dice.below(self.rows.len() as u64) as usize;
            let (of, rows) = self.rows[index].clone();
            let mut rest = self.dice.quantity(value(self.compiled, of, ScenarioId::MARK));
            let forms = InstrumentId::new(of).and_then(|of| self.compiled.forms.get(&of));
            let form = forms.and_then(|forms| forms.plain.filter(|_| in_plain).or(forms.covered));
            if let Some(form) = form.filter(|_| in_forms) {
                self.put(&mut lines, form.row(), rest);
                continue;
            }
            for left in (0..=self.dice.below(3)).rev() {
                let part = if left == 0 { rest } else { u128::from(self.dice.roll()) % (rest + 1) };
                let row = rows[self.dice.below(rows.len() as u64) as usize];
                self.put(&mut lines, row, part);
                rest -= part;
            }
        }
        let Some(invented) = self.cover(&mut lines) else { return self.account() };
        lines.retain(|_, units| *units > 0);
        let account = self.close(&lines, &invented);
        assert_eq!(reference::check_account(&self.compiled.table, &account), Ok(()));
        (lines, account)
    }

    /// Adds to a row what its cap allows, and to its holding's last tier the rest.
    fn put(&self, lines: &mut Lines, row: usize, units: u128) {
        let cap = self.compiled.table.instruments()[row].cap;
        let here = lines.entry(row).or_default();
        let room = cap.map_or(units, |cap| cap.units() - *here).min(units);
        *here += room;
        if room < units {
            self.put(lines, row + 2, units - room);
        }
    }

    /// The last tier of a holding of customers.
    fn last_tier(&self, mut row: usize) -> usize {
        while self.compiled.table.instruments()[row].cap.is_some() {
            row += 2;
        }
        row
    }

    /// Moves as much between forms as makes the slack of `cover` not negative, and at times as
    /// small as can be. Returns the quantity of every contingency, some larger than is needed, or
    /// nothing if the slack would be negative all the same.
    fn cover(&mut self, lines: &mut Lines) -> Option<Vec<u128>> {
        let cover = self.compiled.cover_scenario()?;
        let count = self.compiled.contingencies.len();
        let extra: Vec<u128> = (0..count).map(|_| self.extra()).collect();
        let forms: Vec<usize> = self
            .compiled
            .forms
            .values()
            .flat_map(|rows| rows.plain.into_iter().chain(rows.covered).map(InstrumentId::row))
            .filter(|&row| value(self.compiled, row, cover) < 0)
            .collect();
        let mut order = forms.clone();
        order.rotate_left(self.dice.below(forms.len().max(1) as u64) as usize);
        let worth = |this: &Self, lines: &Lines, invented: &[u128]| {
            let contingencies = this.compiled.contingencies.iter().zip(invented);
            let contingencies = contingencies
                .map(|(one, &units)| value(this.compiled, one.row.row(), cover) * units as i128);
            worth(this.compiled, lines, cover) + contingencies.sum::<i128>()
        };
        let mut invented = self.contingencies(lines, &extra);
        for &row in &order {
            let left = worth(self, lines, &invented);
            let each = -value(self.compiled, row, cover);
            let here = lines.get(&row).copied().unwrap_or_default();
            if left >= 0 || here == 0 {
                continue;
            }
            let moved = here.min(left.unsigned_abs().div_ceil(each as u128));
            *lines.entry(row).or_default() -= moved;
            let last = self.last_tier(self.compiled.worth_of(row));
            self.put(lines, last, moved);
            invented = self.contingencies(lines, &extra);
        }
        if self.dice.one_in(2) {
            for &row in &order {
                let left = worth(self, lines, &invented);
                let closed = self.last_tier(self.compiled.worth_of(row));
                let here = lines.get(&closed).copied().unwrap_or_default();
                let fits = left.max(0) / -value(self.compiled, row, cover);
                let moved = here.min(fits as u128);
                *lines.entry(closed).or_default() -= moved;
                *lines.entry(row).or_default() += moved;
                let after = self.contingencies(lines, &extra);
                if worth(self, lines, &after) < 0 {
                    *lines.entry(closed).or_default() += moved;
                    *lines.entry(row).or_default() -= moved;
                } else {
                    invented = after;
                }
            }
        }
        (worth(self, lines, &invented) >= 0).then_some(invented)
    }

    fn extra(&mut self) -> u128 {
        let bits = self.dice.below(36);
        if self.dice.one_in(3) { u128::from(self.dice.below(1 << bits)) } else { 0 }
    }

    /// The least quantity of every contingency that the lines may be closed with, and more.
    fn contingencies(&self, lines: &Lines, extra: &[u128]) -> Vec<u128> {
        let contingencies = self.compiled.contingencies.iter().zip(extra);
        let needed = contingencies.map(|(one, extra)| {
            let losses = one.scenarios.iter().map(|&s| {
                let unit = value(self.compiled, one.row.row(), s).unsigned_abs();
                (-worth(self.compiled, lines, s)).max(0).unsigned_abs().div_ceil(unit)
            });
            losses.max().unwrap_or_default() + extra
        });
        needed.collect()
    }

    /// Headroom, contingencies and closing lines; equity and shortfall at times both larger.
    fn close(&mut self, lines: &Lines, invented: &[u128]) -> Account {
        let mut all = lines.clone();
        for (one, &units) in self.compiled.contingencies.iter().zip(invented) {
            all.insert(one.row.row(), units);
        }
        let held = all.clone();
        for (row, units) in lines {
            if let Some(cap) = self.compiled.table.instruments()[*row].cap {
                all.insert(row + 1, cap.units() - units);
            }
        }
        for (id, scenario) in self.compiled.scenarios_by_id() {
            let left = worth(self.compiled, &held, id);
            let both = if self.dice.one_in(8) { self.extra() } else { 0 };
            match scenario.closing {
                Closing::Balance { equity, shortfall } => {
                    all.insert(equity.row(), left.max(0).unsigned_abs() + both);
                    all.insert(shortfall.row(), (-left).max(0).unsigned_abs() + both);
                }
                Closing::Slack(slack) => {
                    assert!(left >= 0, "{} in {}", left, scenario.name);
                    all.insert(slack.row(), left.unsigned_abs());
                }
            }
        }
        let capped = |row: &usize| {
            self.compiled.rows[*row].role == Role::Headroom || lines.contains_key(row)
        };
        let all = all.iter().filter(|(row, units)| **units > 0 || capped(row));
        let line = |(&row, &units): (&usize, &u128)| Line {
            instrument: InstrumentId::new(row).unwrap(),
            quantity: Quantity::new(units).unwrap(),
        };
        Account { lines: all.map(line).collect() }
    }
}

/// Whether a row is of the insurance fund.
pub fn of_fund(compiled: &Compiled, row: usize) -> bool {
    compiled.rows[row].class == Class::Insurance
}

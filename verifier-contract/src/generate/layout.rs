//! Names: every column of the circuit as the contract calls it, and where its commitment and its
//! evaluations lie in memory.

use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{Advice, Circuit as _, Column, ColumnType, ConstraintSystem},
    poly::Rotation,
};
use pacioli_attestation::{ProofLayout, proof_layout};
use pacioli_circuits::{BookWitness, Circuit, Columns, Shape};

/// A word of 32 bytes.
const WORD: usize = 32;
/// A point of two words.
const POINT: usize = 64;
/// Words of the call that inverts: three lengths, base, exponent and modulus.
const INVERSION_CALL: usize = 6;
/// Where the compiler's own memory ends.
const START: usize = 0x80;

/// The columns' names in the order of their indices.
pub struct Names {
    pub fixed: Vec<String>,
    pub instance: Vec<String>,
    pub advice: Vec<String>,
    pub challenge: Vec<String>,
    next_line: Rotation,
}

impl Names {
    pub fn of(shape: &Shape) -> Self {
        let mut system = ConstraintSystem::<Fr>::default();
        let c = Circuit::<BookWitness>::configure_with_params(&mut system, Some(*shape));
        let fixed = [
            one(c.line_on, "LINE_ON"),
            one(c.row_on, "ROW_ON"),
            one(c.is_end, "IS_END"),
            one(c.table_entry, "TABLE_ENTRY"),
            one(c.is_instrument, "IS_INSTRUMENT"),
        ];
        let instance = [
            one(c.context, "CONTEXT"),
            one(c.total_count, "TOTAL_COUNT"),
            one(c.total_quantity, "TOTAL_QUANTITY"),
            one(c.table_cap, "TABLE_CAP"),
            one(c.table_worth, "TABLE_WORTH"),
        ];
        let mut challenge = [(c.eta, "ETA"), (c.alpha, "ALPHA"), (c.beta, "BETA")];
        challenge.sort_by_key(|(challenge, _)| challenge.index());
        Self {
            fixed: in_order(fixed),
            instance: in_order(instance),
            advice: in_order(advice(&c)),
            challenge: challenge.map(|(_, name)| name.to_owned()).to_vec(),
            next_line: c.next_line,
        }
    }

    /// What is behind a name where the column is asked for `at` a rotation.
    pub fn suffix(&self, at: Rotation) -> &'static str {
        match at {
            Rotation(0) => "",
            Rotation(1) => "_NEXT_ROW",
            at if at == self.next_line => "_NEXT_LINE",
            Rotation(at) => unreachable!("no constraint looks {at} rows away"),
        }
    }
}

fn advice(c: &Columns) -> [Vec<(Column<Advice>, String)>; 12] {
    [
        one(c.last, "LAST"),
        one(c.instrument, "INSTRUMENT"),
        many(&c.limb, "LIMB"),
        one(c.cap, "CAP"),
        one(c.worth, "WORTH"),
        one(c.seal, "SEAL"),
        one(c.multiplicity, "MULTIPLICITY"),
        one(c.balance, "BALANCE"),
        many(&c.limb_term, "LIMB_TERM"),
        one(c.step_term, "STEP_TERM"),
        one(c.table_term, "TABLE_TERM"),
        one(c.sum, "SUM"),
    ]
}

fn one<C: ColumnType>(column: Column<C>, name: &str) -> Vec<(Column<C>, String)> {
    vec![(column, name.to_owned())]
}

fn many<C: ColumnType>(columns: &[Column<C>], name: &str) -> Vec<(Column<C>, String)> {
    columns.iter().enumerate().map(|(i, &column)| (column, format!("{name}_{i}"))).collect()
}

fn in_order<C: ColumnType, const N: usize>(columns: [Vec<(Column<C>, String)>; N]) -> Vec<String> {
    let mut columns = columns.concat();
    columns.sort_by_key(|(column, _)| column.index());
    columns.into_iter().map(|(_, name)| name).collect()
}

/// Named addresses in memory, in the order in which they were given out.
pub struct Memory {
    next: usize,
    text: String,
}

impl Memory {
    pub fn new() -> Self {
        Self { next: START, text: String::new() }
    }

    /// Says in the contract what the next addresses are for.
    pub fn say(&mut self, comment: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        self.text += &format!("{gap}    // {comment}\n");
    }

    /// Gives out `words` words under a name.
    pub fn give(&mut self, name: &str, words: usize) {
        self.text += &format!("    uint256 private constant {name} = {:#x};\n", self.next);
        self.next += WORD * words;
    }

    /// Leaves a word free: a hash is put before what is hashed next.
    pub fn leave_word(&mut self) {
        self.next += WORD;
    }

    /// The declarations; the next free address is `END`. `inverses` words before it are inverted with
    /// those of the Lagrange polynomials.
    ///
    /// Behind `END` are two words for each instrument, of which there are J; the inversion takes `inverses`
    /// more, and six for its call. All this ends before the combined values: they begin 3J + 5 words
    /// after `HASHED`, which is `inverses + 6` words after `END`.
    pub fn finish(mut self, inverses: usize) -> String {
        self.say("What has no fixed size: for each instrument, what is inverted.");
        self.give("END", 0);
        self.next += WORD * (inverses + INVERSION_CALL);
        self.say("What theta is drawn from; then, from its fourth word on, halo2's transcript.");
        for name in ["HASHED", "HASHED_KEY", "HASHED_INSTRUMENTS", "HASHED_SCENARIOS"] {
            self.give(name, 1);
        }
        self.give("HASHED_INSTANCE", 0);
        self.next -= WORD;
        self.give("TRANSCRIPT", 0);
        self.text
    }
}

/// Gives out the places of a proof's words: commitments, then evaluations in the order in which the
/// constraint system asks for them, then the multi-opening's commitments.
pub fn place_proof(
    memory: &mut Memory,
    shape: &Shape,
    names: &Names,
    system: &ConstraintSystem<Fr>,
) {
    let ProofLayout { phase1, phase2, quotient, evaluations, .. } = proof_layout(shape);
    let phases = system.advice_column_phase();
    assert!(phases.is_sorted() && phases.iter().all(|phase| *phase < 2), "columns of two phases");
    let first = phases.iter().filter(|phase| **phase == 0).count();
    assert_eq!((first, phases.len() - first), (phase1 / POINT, phase2 / POINT));
    assert_eq!(quotient / POINT, system.degree() - 1, "parts of the quotient");

    memory.say("The proof: commitments to the columns of phase 1,");
    for name in &names.advice[..first] {
        memory.give(&format!("COMMIT_{name}"), 2);
    }
    memory.say("of phase 2,");
    memory.leave_word();
    for name in &names.advice[first..] {
        memory.give(&format!("COMMIT_{name}"), 2);
    }
    memory.say("to a random polynomial, and to the parts of the quotient;");
    memory.leave_word();
    memory.give("COMMIT_RANDOM", 2);
    memory.leave_word();
    memory.give("COMMIT_QUOTIENT", quotient / WORD);
    memory.say("evaluations;");
    memory.leave_word();
    memory.give("EVALUATIONS", 0);
    let advice =
        system.advice_queries().iter().map(|(column, at)| (&names.advice[column.index()], at));
    let fixed =
        system.fixed_queries().iter().map(|(column, at)| (&names.fixed[column.index()], at));
    let mut count = 1;
    for (name, at) in advice.chain(fixed) {
        memory.give(&format!("{name}{}", names.suffix(*at)), 1);
        count += 1;
    }
    assert_eq!(count, evaluations / WORD, "evaluations of a proof");
    memory.give("RANDOM", 1);
    memory.say("and the two commitments of the multi-opening.");
    memory.leave_word();
    memory.give("COMMIT_OPENING", 2);
    memory.give("COMMIT_OPENING_AT_U", 2);
}

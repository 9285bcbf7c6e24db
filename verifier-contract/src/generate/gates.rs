//! The constraints in Yul, written from the constraint system's own polynomials.

use std::{collections::HashMap, rc::Rc};

use ff::PrimeField;
use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{ConstraintSystem, Expression},
};
use pacioli_attestation::encoding::value_bytes;

use super::layout::Names;

/// Operands nested deeper than this get statements of their own.
const INLINE_DEPTH: usize = 2;
/// What several constraints share is worth a place in memory from this many operations on.
const SHARED_OPERATIONS: usize = 6;

/// A polynomial over named words in memory.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Term {
    /// A word of memory.
    Word(Rc<str>),
    Constant([u8; 32]),
    Negated(Rc<Term>),
    Sum(Rc<Term>, Rc<Term>),
    Product(Rc<Term>, Rc<Term>),
}

impl Term {
    fn of(polynomial: &Expression<Fr>, names: &Names) -> Rc<Self> {
        let word =
            |name: &str, at| Rc::new(Self::Word(format!("{name}{}", names.suffix(at)).into()));
        polynomial.evaluate(
            &|constant| Rc::new(Self::Constant(value_bytes(&constant))),
            &|_| unreachable!("the circuit has no selector"),
            &|query| word(&names.fixed[query.column_index()], query.rotation()),
            &|query| word(&names.advice[query.column_index()], query.rotation()),
            &|query| word(&names.instance[query.column_index()], query.rotation()),
            &|challenge| Rc::new(Self::Word(names.challenge[challenge.index()].as_str().into())),
            &|a| Rc::new(Self::Negated(a)),
            &|a, b| Rc::new(Self::Sum(a, b)),
            &|a, b| Rc::new(Self::Product(a, b)),
            &|a, factor| Rc::new(Self::Product(a, Rc::new(Self::Constant(value_bytes(&factor))))),
        )
    }

    fn parts(&self) -> Vec<&Rc<Self>> {
        match self {
            Self::Word(_) | Self::Constant(_) => vec![],
            Self::Negated(a) => vec![a],
            Self::Sum(a, b) | Self::Product(a, b) => vec![a, b],
        }
    }

    fn operations(&self) -> usize {
        let inner: usize = self.parts().iter().map(|part| part.operations()).sum();
        inner + usize::from(!self.parts().is_empty())
    }
}

/// Statements in Yul; `v0`, `v1`.. are its variables, `r` is the modulus.
#[derive(Default)]
struct Code {
    lines: Vec<String>,
    variables: usize,
    /// Where terms that occur more than once are kept.
    shared: HashMap<Rc<Term>, String>,
}

/// What evaluates all constraints: Yul, and the names of the words of memory that it needs.
pub struct Gates {
    pub code: String,
    pub shared: Vec<String>,
    pub variables: String,
}

/// Folds every constraint's polynomial into `h` by powers of `y`, in the constraint system's order.
pub fn gates(system: &ConstraintSystem<Fr>, names: &Names) -> Gates {
    let gates = system.gates().iter();
    let gates = gates.flat_map(|gate| gate.polynomials().iter().map(move |p| (gate.name(), p)));
    let gates: Vec<_> = gates.map(|(name, p)| (name, Term::of(p, names))).collect();

    let mut code = Code::default();
    for (i, term) in repeated(gates.iter().map(|(_, term)| term)).into_iter().enumerate() {
        let place = format!("SHARED_{i}");
        code.say(&format!("{place} stands in several constraints."));
        code.evaluate(&term, 0);
        code.line(format!("mstore({place}, v0)"));
        code.shared.insert(term, place);
    }
    for (name, term) in &gates {
        code.say(name);
        code.evaluate(term, 0);
        code.line("h := addmod(mulmod(h, y, r), v0, r)".to_owned());
    }
    let mut shared: Vec<String> = code.shared.into_values().collect();
    shared.sort();
    let variables: Vec<String> = (0..code.variables).map(|i| format!("v{i}")).collect();
    let variables = variables.iter().map(|v| format!("            let {v}")).collect::<Vec<_>>();
    Gates { code: code.lines.join("\n"), shared, variables: variables.join("\n") }
}

/// Terms that occur more than once and are no part of a larger one that does, smallest first.
fn repeated<'a>(terms: impl Iterator<Item = &'a Rc<Term>>) -> Vec<Rc<Term>> {
    let mut counts: HashMap<Rc<Term>, usize> = HashMap::new();
    let mut order = Vec::new();
    for term in terms {
        count(term, &mut counts, &mut order);
    }
    order.retain(|term| counts[term] > 1);
    order
}

/// Counts the terms, but not the parts of one that was met before.
fn count(term: &Rc<Term>, counts: &mut HashMap<Rc<Term>, usize>, order: &mut Vec<Rc<Term>>) {
    if term.operations() < SHARED_OPERATIONS {
        return;
    }
    let met = counts.entry(term.clone()).or_default();
    *met += 1;
    if *met == 1 {
        term.parts().into_iter().for_each(|part| count(part, counts, order));
        order.push(term.clone());
    }
}

impl Code {
    fn line(&mut self, line: String) {
        self.lines.push(format!("            {line}"));
    }

    fn say(&mut self, comment: &str) {
        self.line(format!("// {comment}"));
    }

    /// The term as an operand within a statement, where it is small enough.
    fn operand(&self, term: &Rc<Term>, depth: usize) -> Option<String> {
        if let Some(place) = self.shared.get(term) {
            return Some(format!("mload({place})"));
        }
        let deeper = |term| self.operand(term, depth.checked_sub(1)?);
        Some(match &**term {
            Term::Word(name) => format!("mload({name})"),
            Term::Constant(word) => number(word),
            Term::Negated(a) => format!("sub(r, {})", deeper(a)?),
            Term::Sum(a, b) => format!("addmod({}, {}, r)", deeper(a)?, deeper(b)?),
            Term::Product(a, b) => format!("mulmod({}, {}, r)", deeper(a)?, deeper(b)?),
        })
    }

    /// Leaves the term in variable `v`, reduced or equal to `r`.
    fn evaluate(&mut self, term: &Rc<Term>, v: usize) {
        self.variables = self.variables.max(v + 1);
        if let Some(operand) = self.operand(term, INLINE_DEPTH) {
            return self.line(format!("v{v} := {operand}"));
        }
        let (operation, a, b) = match &**term {
            Term::Negated(a) => {
                self.evaluate(a, v);
                return self.line(format!("v{v} := sub(r, v{v})"));
            }
            Term::Sum(a, b) => ("addmod", a, b),
            Term::Product(a, b) => ("mulmod", a, b),
            Term::Word(_) | Term::Constant(_) => unreachable!("it is an operand"),
        };
        let (long, other) = match (self.operand(a, INLINE_DEPTH), self.operand(b, INLINE_DEPTH)) {
            (_, Some(b)) => (a, b),
            (Some(a), None) => (b, a),
            (None, None) => {
                self.evaluate(a, v);
                self.evaluate(b, v + 1);
                return self.line(format!("v{v} := {operation}(v{v}, v{}, r)", v + 1));
            }
        };
        self.evaluate(long, v);
        self.line(format!("v{v} := {operation}(v{v}, {other}, r)"));
    }
}

/// A number below r as Solidity writes it, short where it can be.
pub fn number(word: &[u8; 32]) -> String {
    let digits: String = word.iter().map(|byte| format!("{byte:02x}")).collect();
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits if digits.len() == 64 => format!("0x{digits}"),
        digits => format!("0x{digits}"),
    }
}

/// A field element as Solidity writes it.
pub fn element<F: PrimeField<Repr: AsRef<[u8]>>>(element: &F) -> String {
    number(&value_bytes(element))
}

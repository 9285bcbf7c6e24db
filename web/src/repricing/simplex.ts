// A linear program in floating point: most gain of columns between 0 and an upper bound, whose uses
// of every row add up to at most the row's limit. Wanted are the prices of the rows.
//
// The revised simplex method with upper bounds: the columns stay as they were given, and only the
// inverse of the basis changes. It begins with no column in use, which keeps to every limit as none
// is negative. Limits are raised by tiny amounts that differ, so that most steps gain something and
// it does not run in circles. Whoever uses it limits the steps, and does not rely on the result.

/** Steps after which the inverse is computed anew from the columns. */
const REFRESH = 64;
const TINY = 1e-10;
/** What is too small to divide by. */
const PIVOT = 1e-8;
const RAISE = 1e-11;

/** Where a column is: not in use, wholly in use, or in the basis. */
const [LOWER, UPPER, IN_BASIS] = [0, 1, 2];

export class Simplex {
  /** Steps that were taken so far. */
  steps = 0;
  private readonly count: number;
  private readonly limits: Float64Array;
  /** By column, those of slack last: where it is. */
  private at: Uint8Array;
  /** By row: the column of the basis, and how much of it is in use. */
  private basis: Int32Array;
  private used: Float64Array;
  /** Row by row. */
  private inverse: Float64Array;
  private sinceFresh = 0;

  /** `columns[j]` is what column j uses of each row. */
  constructor(
    private readonly columns: readonly Float64Array[],
    private readonly upper: Float64Array,
    limits: Float64Array,
  ) {
    this.count = limits.length;
    // The golden ratio's multiples are spread evenly, and no two are alike.
    this.limits = limits.map((limit, i) => limit + RAISE * (1 + ((i * 0.6180339887498949) % 1)));
    this.at = new Uint8Array(0);
    this.basis = new Int32Array(0);
    this.used = new Float64Array(0);
    this.inverse = new Float64Array(0);
    this.begin();
  }

  /** Multiplications of one step, about. */
  get work(): number {
    return this.count * (this.columns.length + 3 * this.count) + 1;
  }

  /**
   * What one unit more of each limit would gain, or what is known of it after `steps`. Goes on from
   * where the last call ended: other gains change nothing about what keeps to the limits.
   */
  prices(gains: Float64Array, steps: number): Float64Array {
    for (const end = this.steps + steps; this.steps < end; this.steps++) {
      const prices = this.basisPrices(gains);
      const entering = this.entering(gains, prices);
      if (entering < 0 || !this.enter(entering)) return prices;
      if (++this.sinceFresh >= Math.max(REFRESH, this.count) && !this.refresh()) this.begin();
    }
    return this.basisPrices(gains);
  }

  /** No column in use: the slack of every row is its limit. */
  private begin(): void {
    const { count, columns } = this;
    this.at = new Uint8Array(columns.length + count);
    this.basis = Int32Array.from({ length: count }, (_, row) => columns.length + row);
    this.basis.forEach((column) => (this.at[column] = IN_BASIS));
    this.used = this.limits.slice();
    this.inverse = new Float64Array(count * count);
    for (let row = 0; row < count; row++) this.inverse[row * count + row] = 1;
    this.sinceFresh = 0;
  }

  private basisPrices(gains: Float64Array): Float64Array {
    const { count, columns, basis, inverse } = this;
    const prices = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      const column = basis[row]!;
      const gain = column < columns.length ? gains[column]! : 0;
      if (gain === 0) continue;
      for (let i = 0; i < count; i++) prices[i]! += gain * inverse[row * count + i]!;
    }
    return prices;
  }

  /** The column that gains most for each unit, put in or taken out; -1 if none gains. */
  private entering(gains: Float64Array, prices: Float64Array): number {
    const { columns, at } = this;
    let [best, most] = [-1, TINY];
    for (let column = 0; column < at.length; column++) {
      if (at[column] === IN_BASIS) continue;
      let gain: number;
      if (column < columns.length) {
        const uses = columns[column]!;
        gain = gains[column]!;
        for (let i = 0; i < prices.length; i++) gain -= prices[i]! * uses[i]!;
      } else gain = -prices[column - columns.length]!;
      if (at[column] === UPPER) gain = -gain;
      if (gain > most) [best, most] = [column, gain];
    }
    return best;
  }

  /** Puts a column in, or takes it out, as far as limits allow; false if nothing limits it. */
  private enter(entering: number): boolean {
    const { count, basis, used, inverse } = this;
    const sign = this.at[entering] === UPPER ? -1 : 1;
    const change = this.solved(entering);
    const room = (row: number, slack: number): number => {
      const falls = sign * change[row]!;
      if (falls > PIVOT) return (used[row]! + slack) / falls;
      const upper = this.upperOf(basis[row]!);
      return falls < -PIVOT ? (upper - used[row]! + slack) / -falls : Infinity;
    };
    // Among the rows that are about the first to stop it, that which divides best.
    let furthest = Infinity;
    for (let row = 0; row < count; row++) furthest = Math.min(furthest, room(row, RAISE / 10));
    const own = this.upperOf(entering);
    let leaving = -1;
    for (let row = 0; own > furthest && row < count; row++) {
      if (room(row, 0) > furthest) continue;
      if (leaving < 0 || Math.abs(change[row]!) > Math.abs(change[leaving]!)) leaving = row;
    }
    const by = leaving < 0 ? own : Math.max(0, room(leaving, 0));
    if (by === Infinity) return false;
    for (let row = 0; row < count; row++) used[row]! -= sign * by * change[row]!;
    if (leaving < 0) {
      this.at[entering] = sign > 0 ? UPPER : LOWER;
      return true;
    }
    this.at[basis[leaving]!] = sign * change[leaving]! > 0 ? LOWER : UPPER;
    this.at[entering] = IN_BASIS;
    used[leaving] = sign > 0 ? by : own - by;
    basis[leaving] = entering;
    pivot(inverse, count, change, leaving);
    return true;
  }

  private upperOf(column: number): number {
    return column < this.columns.length ? this.upper[column]! : Infinity;
  }

  private column(column: number): Float64Array {
    const own = this.columns[column];
    if (own) return own;
    const unit = new Float64Array(this.count);
    unit[column - this.columns.length] = 1;
    return unit;
  }

  /** A column in terms of the basis. */
  private solved(column: number): Float64Array {
    const { count, inverse } = this;
    const uses = this.column(column);
    const solved = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += inverse[row * count + i]! * uses[i]!;
      solved[row] = sum;
    }
    return solved;
  }

  /** Computes the inverse and what is in use anew; false if rounding has spoiled the basis. */
  private refresh(): boolean {
    const { count, columns, basis, limits, at, upper } = this;
    const wanted = [...basis];
    this.inverse = new Float64Array(count * count);
    for (let row = 0; row < count; row++) this.inverse[row * count + row] = 1;
    const taken = new Array<number>(count).fill(-1);
    for (const column of wanted) {
      const change = this.solved(column);
      let best = -1;
      for (let row = 0; row < count; row++) {
        if (taken[row]! >= 0) continue;
        if (best < 0 || Math.abs(change[row]!) > Math.abs(change[best]!)) best = row;
      }
      if (Math.abs(change[best]!) < TINY) return false;
      pivot(this.inverse, count, change, best);
      taken[best] = column;
    }
    basis.set(taken);
    const left = limits.slice();
    columns.forEach((uses, column) => {
      if (at[column] !== UPPER) return;
      for (let i = 0; i < count; i++) left[i]! -= upper[column]! * uses[i]!;
    });
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += this.inverse[row * count + i]! * left[i]!;
      this.used[row] = Math.max(0, sum);
    }
    this.sinceFresh = 0;
    return true;
  }
}

/** Changes the inverse for a basis in which a column, solved as `change`, takes the place `row`. */
function pivot(inverse: Float64Array, count: number, change: Float64Array, row: number): void {
  const divisor = change[row]!;
  for (let i = 0; i < count; i++) inverse[row * count + i]! /= divisor;
  for (let other = 0; other < count; other++) {
    const times = change[other]!;
    if (other === row || times === 0) continue;
    for (let i = 0; i < count; i++) {
      inverse[other * count + i]! -= times * inverse[row * count + i]!;
    }
  }
}

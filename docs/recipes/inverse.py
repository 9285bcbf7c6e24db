#!/usr/bin/env python3
"""The lines of coin-margined (inverse) positions: `N` dollars of contracts entered at an average price of `P0`
are `N / P0` coins against `N` dollars, which docs/snapshot.md has two markets for, here `M` and `M.USD`.

All positions of an account in one contract become one line of each, and coins are rounded once, in the
holder's favour. Amounts are exact fractions, never floats. Usage:
inverse.py POSITIONS.csv SNAPSHOT.csv [DECIMALS], with the columns account,market,side,contracts,face,entry_price:
`face` is the dollars of one contract. Balances are lines of their own: `deposit BTC`.
"""

import csv
import sys
from decimal import Decimal, localcontext
from fractions import Fraction


def written(number: Fraction, decimals: int) -> str:
    """A number of at most so many decimals, as digits and a point."""
    units = number * 10**decimals
    assert units.denominator == 1, f"{number} has more than {decimals} decimals"
    with localcontext() as context:
        context.prec = 76
        return f"{Decimal(units.numerator).scaleb(-decimals).normalize():f}"


def lines(positions, decimals: int = 12):
    """The lines `(account, instrument, quantity)` of rows with the columns above, coins to `decimals`."""
    books: dict[tuple[str, str], list[Fraction]] = {}
    for row in positions:
        side = {"long": 1, "short": -1}[row["side"]]
        dollars = Fraction(row["contracts"]) * Fraction(row["face"])
        entry = Fraction(row["entry_price"])
        if dollars < 0 or entry <= 0:
            raise ValueError(f"{row}: contracts are not negative, and an entry is above 0")
        book = books.setdefault((row["account"], row["market"]), [Fraction(0), Fraction(0)])
        book[0] += side * dollars / entry
        book[1] += side * dollars
    for (account, market), (coins, dollars) in books.items():
        # Of a long rounded up and of a short towards zero: both are the next unit above.
        units = -((-coins * 10**decimals) // 1)
        coins = Fraction(units, 10**decimals)
        side = "long" if coins >= 0 else "short"
        if coins:
            yield account, f"{side} {market}", written(abs(coins), decimals)
        side = "short" if dollars >= 0 else "long"
        if dollars:
            yield account, f"{side} {market}.USD", written(abs(dollars), 2)


def main(positions: str, out: str, decimals: str = "12") -> None:
    with open(positions, newline="") as rows, open(out, "w", newline="") as file:
        snapshot = csv.writer(file, lineterminator="\n")
        snapshot.writerow(["account", "instrument", "quantity"])
        snapshot.writerows(lines(csv.DictReader(rows), int(decimals)))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The lines of one account from what ccxt says of it: `fetch_balance` and `fetch_positions`.

ccxt gives floats unless it is told to keep the exchange's own text: `exchange.number = str`. An amount that
is a float already is refused here, because what it was is lost.
"""

from decimal import Decimal, getcontext

getcontext().prec = 76


def number(value) -> Decimal:
    """An amount as the exchange wrote it."""
    if not isinstance(value, (str, int, Decimal)):
        raise TypeError(f"{value!r} is a float: set exchange.number = str before fetching")
    return Decimal(value)


def lines(account: str, balance: dict, positions: list[dict]) -> list[tuple[str, str, Decimal]]:
    """The lines `(account, instrument, quantity)` of linear contracts; inverse ones are refused."""
    found: dict[str, Decimal] = {}

    def add(instrument: str, quantity: Decimal) -> None:
        found[instrument] = found.get(instrument, Decimal(0)) + quantity

    for asset, total in balance["total"].items():
        total = number(total)
        debt = number((balance.get("debt") or {}).get(asset) or 0)
        add(f"deposit {asset}" if total >= 0 else f"borrow {asset}", abs(total))
        add(f"borrow {asset}", debt)
    entries = Decimal(0)
    for position in positions:
        if position.get("inverse") or position.get("linear") is False:
            raise ValueError(f"{position['symbol']} is coin-margined: inverse.py makes its lines")
        size = number(position["contracts"]) * number(position.get("contractSize") or 1)
        add(f"{position['side']} {position['symbol']}", size)
        sign = -1 if position["side"] == "long" else 1
        entries += sign * size * number(position["entryPrice"])
    add("quote credit" if entries >= 0 else "quote debit", abs(entries))
    return [(account, instrument, quantity) for instrument, quantity in found.items() if quantity]

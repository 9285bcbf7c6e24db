#!/usr/bin/env python3
"""Writes black.csv: option values and greeks by mpmath 1.3, which shares nothing with the Rust.

    pip install mpmath==1.3.0 && python3 vectors.py > black.csv

mpmath computes with floats of 60 digits, and with more until the digits agree at twice as many, so
it needs no proof of its rounding to serve as a check.
"""

import random
from decimal import Decimal

from mpmath import erfc, exp, floor, log, mp, mpf, pi, sqrt

DELTA, GAMMA, VEGA = 12, 18, 8


def below(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def compute(row):
    """Call and put in units, the deltas, gamma and vega of one row, as real numbers."""
    forward, strike, sigma, seconds, rate, decimals = row
    unit = 10 ** decimals
    f, k = (mpf(int(Decimal(price) * unit)) for price in (forward, strike))
    v, r = mpf(sigma), mpf(rate)
    t = mpf(seconds) / 31_536_000
    d = exp(-r * t)
    s = v * sqrt(t)
    if s == 0 or f == 0 or k == 0:
        delta = mpf(1) if f > k else mpf(1) / 2 if f == k else mpf(0)
        density = 1 / sqrt(2 * pi) if f == k else mpf(0)
        gamma = None if f == k else mpf(0)
        vega = d * f / unit * density * sqrt(t)
        return [d * max(f - k, 0), d * max(k - f, 0), d * delta, d * (delta - 1), gamma, vega]
    d1 = log(f / k) / s + s / 2
    d2 = d1 - s
    density = exp(-d1 * d1 / 2) / sqrt(2 * pi)
    call = d * (f * below(d1) - k * below(d2))
    put = d * (k * below(-d2) - f * below(-d1))
    gamma = d * density / (f / unit * s)
    return [call, put, d * below(d1), -d * below(-d1), gamma, d * f / unit * density * sqrt(t)]


def integers(row):
    """The row's results as integers: values rounded down, greeks to the nearest."""
    call, put, *greeks = compute(row)
    values = [int(floor(x)) for x in (call, put)]
    digits = [DELTA, DELTA, GAMMA, VEGA]
    rounded = [None if x is None else int(floor(x * mpf(10) ** n + mpf(1) / 2))
               for x, n in zip(greeks, digits)]
    return values + rounded


def settled(row):
    """The integers on which two precisions agree."""
    mp.dps = 60
    before = None
    while True:
        now = integers(row)
        if now == before:
            return now
        before = now
        mp.dps *= 2
        assert mp.dps < 20_000, row


def rows():
    draw = random.Random(1976)
    # Edges: time, volatility, forward and strike at and next to nothing; one side far away.
    for forward, strike in [("100", "100"), ("100.5", "100"), ("100", "100.5"), ("99999.5", "100000"),
                            ("0", "100"), ("250000", "100"), ("100", "250000"), ("0.0001", "0.0002")]:
        for sigma in ["0", "0.000001", "0.2", "0.65", "3", "12"]:
            for seconds in [0, 1, 3_600, 2_592_000, 31_536_000]:
                yield forward, strike, sigma, seconds, "0", 8
    # A rate, above and below nothing, on both sides of the money.
    for rate in ["0.05", "-0.0075", "1"]:
        for strike in ["50000", "63250.25", "120000"]:
            for seconds in [0, 86_400, 63_072_000]:
                yield "63250.25", strike, "0.5", seconds, rate, 12
    # What a venue lists.
    for _ in range(400):
        forward = draw.choice([97_123.5, 3_456.78, 171.25, 2.3456, 0.07123])
        strike = forward * draw.choice([0.4, 0.7, 0.85, 0.95, 1, 1.05, 1.2, 1.6, 3]) * draw.uniform(0.99, 1.01)
        sigma = draw.uniform(0.1, 1.8)
        seconds = int(draw.choice([3_600, 86_400, 604_800, 2_592_000, 7_776_000, 31_536_000]) * draw.uniform(0.1, 1))
        rate = draw.choice(["0", "0", "0.04"])
        decimals = draw.choice([8, 12, 14])
        strike = f"{strike:.4g}" if strike < 1e4 else f"{strike:.0f}"
        yield f"{forward}", strike, f"{sigma:.4f}", seconds, rate, decimals


def main():
    print("forward,strike,sigma,seconds,rate,decimals,call,put,call_delta,put_delta,gamma,vega")
    for row in rows():
        results = ["" if x is None else str(x) for x in settled(row)]
        print(",".join([*map(str, row), *results]))


main()

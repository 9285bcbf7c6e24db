-- The same with DuckDB. Every number is a DECIMAL from the text on; a product of two has the digits of
-- both. Usage: duckdb < with_duckdb.sql, in a folder with balances.csv and positions.csv.

-- A cast would round: a number with more decimals, or none at all, is refused.
CREATE MACRO exact(number, decimals) AS
    CASE WHEN regexp_full_match(coalesce(number, ''), '-?[0-9]+(\.[0-9]{1,' || decimals || '})?') THEN number
    ELSE error('not a number of at most ' || decimals || ' decimals: ' || coalesce(number, 'nothing')) END;

CREATE TABLE balances AS
SELECT account, asset, sum(exact(amount, 12)::DECIMAL(30, 12)) AS amount
FROM read_csv('balances.csv', all_varchar = true)
GROUP BY ALL;

CREATE TABLE positions AS
SELECT account, market, side, exact(size, 8)::DECIMAL(20, 8) AS size,
    exact(entry_price, 12)::DECIMAL(18, 12) AS entry_price
FROM read_csv('positions.csv', all_varchar = true);

CREATE TABLE lines AS
SELECT account, CASE WHEN amount >= 0 THEN 'deposit ' ELSE 'borrow ' END || asset AS instrument,
    abs(amount)::DECIMAL(38, 20) AS quantity
FROM balances
UNION ALL
SELECT account, side || ' ' || market, sum(size)::DECIMAL(38, 20)
FROM positions
GROUP BY ALL
UNION ALL
-- What a long was entered for is owed by the account, what a short was entered for is owed to it.
SELECT account, CASE WHEN entry >= 0 THEN 'quote credit' ELSE 'quote debit' END,
    abs(entry)::DECIMAL(38, 20)
FROM (
    SELECT account, sum(CASE side WHEN 'short' THEN size * entry_price ELSE -size * entry_price END) AS entry
    FROM positions
    GROUP BY account
);

COPY (SELECT * FROM lines WHERE quantity <> 0 ORDER BY account, instrument)
TO 'snapshot.parquet' (FORMAT parquet);

"""Q1 by DuckDB over one Parquet file: per thing and second mean, min and max of x, y, z. Prints the best of nine, in seconds."""

import sys
import time

import duckdb

base = duckdb.connect()
base.execute("set threads = 2")
cells = ", ".join(f"avg({c}), min({c}), max({c})" for c in "xyz")
question = f'select thing, time_bucket(interval 1 second, "time") w, {cells} from read_parquet(?) group by 1, 2'
best = float("inf")
for _ in range(9):
    since = time.perf_counter()
    base.execute(question, [sys.argv[1]]).to_arrow_table()
    best = min(best, time.perf_counter() - since)
print(best)

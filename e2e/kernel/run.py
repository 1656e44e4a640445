#!/usr/bin/env python3
"""Holds the analysis kernel against SciPy, NumPy, statsmodels and lmfit on thousands of random cases.

Prints `N passed, N failed`. Closed forms must agree to 1e-9, iterative fits to 1e-6, what cannot be computed must be refused
for the right reason.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "e2e"))

import degenerate
import fits
import signals
import distributions
from asking import Kernel
from harness.checks import Checks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, required=True, help="the example `kernel` of messwerk-lessons")
    parser.add_argument("--samples", type=Path, default=ROOT.parent / "shared" / "samples", help="published vectors beside the repository")
    parser.add_argument("--seed", type=int, default=1, help="of the random cases")
    args = parser.parse_args()
    checks = Checks()
    kernel = Kernel(args.program, checks)
    random = np.random.default_rng(args.seed)
    for part in (fits, signals, distributions):
        part.ask(kernel, random)
    degenerate.ask(kernel, args.samples)
    kernel.settle()
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())

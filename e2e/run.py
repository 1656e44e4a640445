#!/usr/bin/env python3
"""Runs one suite of end-to-end tests against a built hub and prints `N passed, N failed`."""

import argparse
import importlib
import sys
from pathlib import Path

from harness.checks import Checks

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", choices=["contract", "clients", "lessons", "phyphox", "https", "exports", "seeds", "sky", "stations", "feeds", "crash"])
    parser.add_argument("--hub", type=Path, required=True, help="the program messwerk")
    parser.add_argument("--simulator", type=Path, help="the program messwerk-sim")
    parser.add_argument("--samples", type=Path, default=ROOT.parent / "shared" / "samples", help="real captures beside the repository")
    parser.add_argument("--rounds", type=int, default=50, help="kills in the crash suite")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    args = parser.parse_args()
    checks = Checks()
    importlib.import_module(f"suites.{args.suite}").run(args, checks)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())

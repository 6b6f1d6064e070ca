# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until the database has the schema that the installed Airflow expects.

The same question as `airflow db check-migrations`: are the revisions in the version tables the heads of the migration
scripts? Here the scripts are read as text, since importing Airflow in four pods at once is what makes a start slow.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import signal
import sys
import time
from pathlib import Path

import database

# Tables that must be there. A provider's other tables count as soon as they exist: whether that provider is used at
# all is known to Airflow only.
REQUIRED_TABLES = ("alembic_version", "alembic_version_fab")


def script_heads(directory: Path) -> set[str]:
    """Return the revisions of the directory's Alembic scripts that no other script builds upon."""
    revisions: set[str] = set()
    replaced: set[str] = set()
    for script in directory.glob("*.py"):
        for name, value in _assignments(script):
            if name == "revision" and isinstance(value, str):
                revisions.add(value)
            elif name == "down_revision" and value is not None:
                replaced.update([value] if isinstance(value, str) else value)
    return revisions - replaced


def _assignments(script: Path) -> list[tuple[str, str | tuple[str, ...] | None]]:
    found = []
    for statement in ast.parse(script.read_text(encoding="utf-8"), str(script)).body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
                found.append((target.id, ast.literal_eval(value)))
    return found


def expected_heads() -> dict[str, set[str]]:
    """Return the heads per version table: Airflow's own and those of the providers that bring migrations."""
    spec = importlib.util.find_spec("airflow")  # finds a package without importing it
    if spec is None or not spec.origin:
        raise SystemExit("There is no Python package airflow in this image.")
    heads = {"alembic_version": script_heads(Path(spec.origin).parent / "migrations" / "versions")}
    for entry in sys.path:
        for directory in Path(entry, "airflow", "providers").glob("*/migrations/versions"):
            heads[f"alembic_version_{directory.parent.parent.name}"] = script_heads(directory)
    return heads


def missing(heads: dict[str, set[str]]) -> str:
    """Return what is not migrated yet as a sentence, or an empty string."""
    for table, expected in sorted(heads.items()):
        try:
            found = {row[0] for row in database.query(f"select version_num from {table}")}  # noqa: S608 - a name of ours
        except database.DatabaseError as error:
            if table in REQUIRED_TABLES:
                return f"{table} cannot be read: {str(error).splitlines()[0]}"
            continue
        if found != expected:
            return f"{table} has {', '.join(sorted(found)) or 'nothing'}, the image wants {', '.join(sorted(expected))}"
    return ""


def main() -> int:
    """Exit with 0 when everything is migrated, with 1 when the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=float, required=True, help="seconds")
    arguments = parser.parse_args()
    # The first process of a container ignores SIGTERM unless it handles it: without this a deleted pod lingers.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))

    heads = expected_heads()
    end = time.monotonic() + arguments.timeout
    last_reason = None
    while reason := missing(heads):
        if reason != last_reason:
            sys.stdout.write(f"Waiting for the database's migrations: {reason}\n")
            sys.stdout.flush()
            last_reason = reason
        if time.monotonic() >= end:
            sys.stdout.write(f"Not migrated after {arguments.timeout:.0f} s: look at the migration Job's log.\n")
            return 1
        time.sleep(1)
    sys.stdout.write("The database is migrated.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

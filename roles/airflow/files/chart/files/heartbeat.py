# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probe: did the Airflow process of this host write its heartbeat lately?

The same question as `airflow jobs check --job-type TYPE --local`, for the price of one query.
"""

from __future__ import annotations

import argparse
import sys

import database

# Both databases compute the age themselves, so that no clock and no time zone of this host takes part.
AGE_POSTGRESQL = "extract(epoch from now() - max(latest_heartbeat))"
AGE_MYSQL = "timestampdiff(second, max(latest_heartbeat), now())"


def heartbeat_age(job_type: str, hosts: list[str]) -> float | None:
    """Return the seconds since the newest heartbeat of a running job on one of the hosts, None without such a job."""
    age = AGE_MYSQL if database.is_mysql(database.database_url()) else AGE_POSTGRESQL
    places = ", ".join(["%s"] * len(hosts))
    rows = database.query(
        f"select {age} from job where job_type = %s and state = %s and hostname in ({places})",  # noqa: S608 - the pieces are constants and placeholders
        [job_type, "running", *hosts],
    )
    return None if rows[0][0] is None else float(rows[0][0])


def main() -> int:
    """Exit with 0 when the heartbeat is young enough, else with 1 and a sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job-type", required=True)
    parser.add_argument("--max-age", type=float, required=True, help="seconds")
    arguments = parser.parse_args()

    hosts = database.own_host_names()
    try:
        age = heartbeat_age(arguments.job_type, hosts)
    except database.DatabaseError as error:
        return _unhealthy(f"Airflow's database does not answer: {error}")
    if age is None:
        return _unhealthy(
            f"Airflow's database knows no running {arguments.job_type} of this host ({', '.join(hosts)})."
        )
    if age > arguments.max_age:
        return _unhealthy(f"The last heartbeat of this {arguments.job_type} is {age:.0f} s old.")
    return 0


def _unhealthy(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

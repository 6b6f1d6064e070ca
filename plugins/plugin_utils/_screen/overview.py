# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of the module overview as one screen of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.quantities import quantity
from ansible_collections.airfield.airflow.plugins.module_utils._status.applications import revision_text
from ansible_collections.airfield.airflow.plugins.module_utils._status.result import airflow_trouble, components
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.table import (
    ELLIPSIS,
    UNKNOWN,
    Column,
    cores,
    memory,
    share,
    short_age,
    shortened,
    table,
    wrapped,
)

Json = dict[str, Any]
WIDTH = 120
PODS_SHOWN = 18
NODES_SHOWN = 6
REASONS_SHOWN = 3
NEEDS_SHOWN = 5
LONGEST_NEED = 160
HEAD = 13
POD_COLUMNS = (
    Column("NAMESPACE", 12),
    Column("POD", 30),
    Column("READY"),
    Column("STATUS", 17, "end"),
    Column("RESTARTS"),
    Column("AGE", right=True),
    Column("CPU", right=True),
    Column("MEMORY", right=True),
    Column("NODE", 14, "start"),
)
NODE_COLUMNS = (
    Column("NODE", 30, "start"),
    Column("STATUS", 24, "end"),
    Column("KUBELET"),
    Column("CPU"),
    Column("MEMORY"),
)
WARNING_COLUMNS = (Column("AGE", right=True), Column("COUNT", right=True), Column("WARNING", 40, "end"))


def screen(overview: Mapping[str, Any]) -> list[str]:
    """The lines, none longer than ``WIDTH``; the last paragraph says whether everything is healthy."""
    airflow = overview["airflow"]
    lines = [] if airflow is None else wrapped(_head("Airflow"), _airflow_text(airflow), WIDTH, 2)
    lines += wrapped(_head("Versions"), _versions_text(overview["versions"]), WIDTH, 3)
    for application in overview["applications"] or []:
        lines += _application_lines(application)
    lines += ["", *_pod_lines(overview["pods"])]
    lines += ["", *_node_lines(overview["nodes"])] if overview["nodes"] else []
    lines += _unknown_usage(overview["usage"])
    lines += ["", *_warning_lines(overview["recent_warnings"])]
    return [*lines, "", *verdict(overview["attention"])]


def verdict(needs: list[str]) -> list[str]:
    if not needs:
        return ["Everything is healthy."]
    more = len(needs) - NEEDS_SHOWN
    said = [shortened(" ".join(need.split()), LONGEST_NEED) for need in needs[:NEEDS_SHOWN]]
    said += [f"and {more} more"] if more > 0 else []
    head = "1 thing needs attention" if len(needs) == 1 else f"{len(needs)} things need attention"
    text = f"{head}: {'; '.join(said)}"
    return wrapped("", text if text.endswith((".", ELLIPSIS)) else f"{text}.", WIDTH, 2 * NEEDS_SHOWN)


def _head(title: str) -> str:
    return title.ljust(HEAD)


def _airflow_text(airflow: Mapping[str, Any]) -> str:
    trouble = airflow_trouble(airflow)
    if airflow.get("version") is None:
        return trouble.removeprefix("Airflow ")
    executor = f"; {airflow['executor']}" if airflow.get("executor") else ""
    problems = f"not healthy: {components(airflow, healthy=False)}; " if trouble else ""
    return f"{airflow['version']}; {problems}healthy: {components(airflow, healthy=True)}{executor}"


def _versions_text(versions: Json) -> str:
    charts = list(dict.fromkeys(versions["charts"]))
    parts = [f"Kubernetes {versions['kubernetes']}"]
    parts += [f"chart {', '.join(charts)}"] if charts else []
    names = list(dict.fromkeys(short_image(image) for image in versions["images"]))
    parts += [f"images {', '.join(names)}"] if names else []
    return "; ".join(parts)


def short_image(reference: str) -> str:
    """`registry.example/team/airflow:3.3.2` -> `airflow:3.3.2`; for a digest its first seven characters."""
    name, at, digest = reference.rpartition("/")[2].partition("@")
    return name + at + digest[: len("sha256:") + 7]


def _application_lines(application: Json) -> list[str]:
    parts = [application["sync"], application["health"], revision_text(application)]
    if application["operation"]:
        parts.append(f"last sync {application['operation']} {short_age(application['operation_age'])} ago")
    lines = wrapped(_head("Application"), f"{application['name']}: {', '.join(filter(None, parts))}", WIDTH, 2)
    for reason in application["reasons"][:REASONS_SHOWN]:
        lines += wrapped(_head("") + "- ", reason, WIDTH, 2)
    return lines


def _pod_lines(every: Sequence[Json]) -> list[str]:
    # Pods in trouble are always shown, finished ones only if there is room.
    by_need = sorted(every, key=lambda pod: (not pod["trouble"], pod["status"] in ("Completed", "Succeeded")))
    pods = [pod for pod in every if pod in by_need[:PODS_SHOWN]]
    left = by_need[PODS_SHOWN:]
    rows = [
        [
            pod["namespace"],
            pod["name"],
            f"{pod['ready']}/{pod['containers']}",
            pod["status"],
            _restarts(pod),
            short_age(pod["age"]),
            cores(pod["cpu"]),
            memory(pod["memory"]),
            pod["node"] or UNKNOWN,
        ]
        for pod in pods
    ]
    lines = table(POD_COLUMNS, rows, WIDTH)
    if left:
        troubled = sum(1 for pod in left if pod["trouble"])
        lines.append(
            f"and {len(left)} more, {f'{troubled} of them in trouble' if troubled else 'none of them in trouble'}"
        )
    return lines


def _restarts(pod: Json) -> str:
    since = f" ({short_age(pod['last_restart'])} ago)" if pod["last_restart"] is not None else ""
    return f"{pod['restarts']}{since}"


def _node_lines(every: Sequence[Json]) -> list[str]:
    nodes = sorted(every, key=lambda node: (not node["trouble"], node["name"]))[:NODES_SHOWN]
    rows = [[node["name"], node["status"], node["version"], *_use(node)] for node in nodes]
    left = len(every) - len(nodes)
    return table(NODE_COLUMNS, rows, WIDTH) + ([f"and {left} more"] if left else [])


def _use(node: Json) -> list[str]:
    whole_cpu = quantity(node["cpu"]) if node["cpu"] else None
    whole_memory = quantity(node["memory"]) if node["memory"] else None
    return [
        share(cores(node["cpu_used"]), whole_cpu, f"{whole_cpu or 0:g} cores", node["cpu_used"]),
        share(memory(node["memory_used"]), whole_memory, memory(whole_memory), node["memory_used"]),
    ]


def _unknown_usage(usage: Json) -> list[str]:
    what = "CPU and memory are unknown for" if usage["source"] else "CPU and memory are unknown:"
    lines: list[str] = []
    for why in usage["unknown"][:NODES_SHOWN]:
        lines += wrapped("", f"{what} {why}", WIDTH, 2)
    return lines


def _warning_lines(warnings: Sequence[Json] | None) -> list[str]:
    if not warnings:
        return [] if warnings is None else ["No warnings in the last hour."]
    rows = [
        [
            short_age(warning["age"]),
            str(warning["count"]),
            f"{warning['namespace']}/{warning['object'].partition('/')[2]} {warning['reason']}: {warning['message']}",
        ]
        for warning in warnings
    ]
    return table(WARNING_COLUMNS, rows, WIDTH)

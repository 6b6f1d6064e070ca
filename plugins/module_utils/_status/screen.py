# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The overview as one screen of text, and what needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.quantities import quantity
from ansible_collections.airfield.airflow.plugins.module_utils._status.applications import revision_text
from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import Overview
from ansible_collections.airfield.airflow.plugins.module_utils._status.table import (
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


def attention(found: Overview, airflow: Mapping[str, Any] | None) -> list[str]:
    """What needs attention, the most important first; empty when everything is healthy."""
    needs = [_airflow_trouble(airflow)] if airflow is not None and _airflow_trouble(airflow) else []
    needs += [f"node {one['name']}: {one['trouble']}" for one in found.nodes if one["trouble"]]
    for one in found.applications or []:
        if one["sync"] != "Synced" or one["health"] != "Healthy":
            needs.append(f"Application {one['name']} is {one['sync']} and {one['health']}")
        elif one["reasons"]:
            needs.append(f"Application {one['name']}: {one['reasons'][0]}")
    if found.applications == []:
        needs.append("Argo CD has no Application")
    needs += [f"pod {one['namespace']}/{one['name']}: {one['trouble']}" for one in found.pods if one["trouble"]]
    needs += [f"unknown: {one}" for one in found.unknown]
    if not found.pods and not found.unknown:
        needs.append("there is no pod in these namespaces")
    return needs


def screen(found: Overview, airflow: Mapping[str, Any] | None, warnings: int) -> list[str]:
    """The lines, none longer than ``WIDTH``; the last says whether everything is healthy."""
    lines = [] if airflow is None else wrapped(_head("Airflow"), _airflow_text(airflow), WIDTH, 2)
    lines += wrapped(_head("Versions"), _versions_text(found.versions), WIDTH, 3)
    for one in found.applications or []:
        lines += _application_lines(one)
    lines += ["", *_pod_lines(found)]
    lines += ["", *_node_lines(found)] if found.nodes else []
    lines += _unknown_usage(found)
    lines += ["", *_warning_lines(found, warnings)]
    return [*lines, "", *verdict(attention(found, airflow))]


def verdict(needs: list[str]) -> list[str]:
    if not needs:
        return ["Everything is healthy."]
    more = len(needs) - NEEDS_SHOWN
    said = [shortened(" ".join(one.split()), LONGEST_NEED) for one in needs[:NEEDS_SHOWN]]
    said += [f"and {more} more"] if more > 0 else []
    head = "1 thing needs attention" if len(needs) == 1 else f"{len(needs)} things need attention"
    text = f"{head}: {'; '.join(said)}"
    return wrapped("", text if text.endswith((".", ELLIPSIS)) else f"{text}.", WIDTH, 2 * NEEDS_SHOWN)


def _head(title: str) -> str:
    return title.ljust(HEAD)


def _airflow_trouble(airflow: Mapping[str, Any]) -> str:
    if airflow.get("version") is None:
        return f"Airflow does not answer: {airflow.get('msg') or 'no reason given'}"
    if airflow.get("healthy"):
        return ""
    return f"Airflow {airflow['version']} is not healthy: {_components(airflow, healthy=False)}"


def _components(airflow: Mapping[str, Any], healthy: bool) -> str:
    statuses = {name: (told or {}).get("status") for name, told in (airflow.get("health") or {}).items()}
    names = [name for name, status in statuses.items() if (status == "healthy") is healthy]
    return ", ".join(name if healthy else f"{name} {statuses[name] or 'has never run'}" for name in names) or "nothing"


def _airflow_text(airflow: Mapping[str, Any]) -> str:
    trouble = _airflow_trouble(airflow)
    if airflow.get("version") is None:
        return trouble.removeprefix("Airflow ")
    executor = f"; {airflow['executor']}" if airflow.get("executor") else ""
    told = f"not healthy: {_components(airflow, healthy=False)}; " if trouble else ""
    return f"{airflow['version']}; {told}healthy: {_components(airflow, healthy=True)}{executor}"


def _versions_text(versions: Json) -> str:
    charts = list(dict.fromkeys(versions["charts"]))
    parts = [f"Kubernetes {versions['kubernetes']}"]
    parts += [f"chart {', '.join(charts)}"] if charts else []
    names = list(dict.fromkeys(short_image(one) for one in versions["images"]))
    parts += [f"images {', '.join(names)}"] if names else []
    return "; ".join(parts)


def short_image(reference: str) -> str:
    """`registry.example/team/airflow:3.3.2` -> `airflow:3.3.2`; for a digest its first seven characters."""
    name, at, digest = reference.rpartition("/")[2].partition("@")
    return name + at + digest[: len("sha256:") + 7]


def _application_lines(one: Json) -> list[str]:
    parts = [one["sync"], one["health"], revision_text(one)]
    if one["operation"]:
        parts.append(f"last sync {one['operation']} {short_age(one['operation_age'])} ago")
    lines = wrapped(_head("Application"), f"{one['name']}: {', '.join(filter(None, parts))}", WIDTH, 2)
    for reason in one["reasons"][:REASONS_SHOWN]:
        lines += wrapped(_head("") + "- ", reason, WIDTH, 2)
    return lines


def _pod_lines(found: Overview) -> list[str]:
    # Pods in trouble are always shown, finished ones only if there is room.
    by_need = sorted(found.pods, key=lambda one: (not one["trouble"], one["status"] in ("Completed", "Succeeded")))
    shown = [one for one in found.pods if one in by_need[:PODS_SHOWN]]
    left = by_need[PODS_SHOWN:]
    rows = [
        [
            one["namespace"],
            one["name"],
            f"{one['ready']}/{one['containers']}",
            one["status"],
            _restarts(one),
            short_age(one["age"]),
            cores(one["cpu"]),
            memory(one["memory"]),
            one["node"] or UNKNOWN,
        ]
        for one in shown
    ]
    lines = table(POD_COLUMNS, rows, WIDTH)
    if left:
        troubled = sum(1 for one in left if one["trouble"])
        lines.append(
            f"and {len(left)} more, {f'{troubled} of them in trouble' if troubled else 'none of them in trouble'}"
        )
    return lines


def _restarts(pod: Json) -> str:
    since = f" ({short_age(pod['last_restart'])} ago)" if pod["last_restart"] is not None else ""
    return f"{pod['restarts']}{since}"


def _node_lines(found: Overview) -> list[str]:
    shown = sorted(found.nodes, key=lambda one: (not one["trouble"], one["name"]))[:NODES_SHOWN]
    rows = [[one["name"], one["status"], one["version"], *_use(one)] for one in shown]
    left = len(found.nodes) - len(shown)
    return table(NODE_COLUMNS, rows, WIDTH) + ([f"and {left} more"] if left else [])


def _use(node: Json) -> list[str]:
    whole_cpu = quantity(node["cpu"]) if node["cpu"] else None
    whole_memory = quantity(node["memory"]) if node["memory"] else None
    return [
        share(cores(node["cpu_used"]), whole_cpu, f"{whole_cpu or 0:g} cores", node["cpu_used"]),
        share(memory(node["memory_used"]), whole_memory, memory(whole_memory), node["memory_used"]),
    ]


def _unknown_usage(found: Overview) -> list[str]:
    what = "CPU and memory are unknown" if not found.usage.source else "CPU and memory are unknown for"
    lines: list[str] = []
    for why in found.usage.unknown[:NODES_SHOWN]:
        lines += wrapped("", f"{what}{':' if not found.usage.source else ''} {why}", WIDTH, 2)
    return lines


def _warning_lines(found: Overview, warnings: int) -> list[str]:
    if not found.warnings:
        return ["No warnings in the last hour."] if warnings else []
    rows = [
        [
            short_age(one["age"]),
            str(one["count"]),
            f"{one['namespace']}/{one['object'].partition('/')[2]} {one['reason']}: {one['message']}",
        ]
        for one in found.warnings
    ]
    return table(WARNING_COLUMNS, rows, WIDTH)

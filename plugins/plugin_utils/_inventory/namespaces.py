# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory must say about namespaces: pure functions that return sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.names import LONGEST_LABEL, is_dns_label
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.specs import did_you_mean
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.words import quoted, quoted_list

WORKER_NAMESPACES = "airfield_worker_namespaces"
NODE_GROUPS = "airfield_worker_node_groups"
# Variables that map worker namespaces to something.
OF_WORKER_NAMESPACES = (NODE_GROUPS, "namespaces_quotas", "namespaces_limits")


def namespace_problems(values: Mapping[str, Any]) -> list[str]:
    """Names that Kubernetes rejects, names that occur twice, and settings for namespaces without task pods.

    ``values`` are the control host's variables. Missing values and values of a wrong type are not judged here.
    """
    problems = [
        _impossible(variable, values[variable])
        for variable in ("airfield_namespace", "airfield_argocd_namespace")
        if variable in values and not is_dns_label(values[variable])
    ]
    workers = values.get(WORKER_NAMESPACES)
    if not isinstance(workers, list):
        return problems
    if not workers:
        problems.append(f"`{WORKER_NAMESPACES}` is empty, so no task could run. Add a namespace, or leave it out.")
    problems += [_impossible(WORKER_NAMESPACES, name) for name in workers if not is_dns_label(name)]
    twice = sorted({str(name) for name in workers if workers.count(name) > 1})
    if twice:
        problems.append(f"`{WORKER_NAMESPACES}` has {quoted_list(twice)} more than once. List each namespace once.")
    for variable in OF_WORKER_NAMESPACES:
        content = values.get(variable)
        if isinstance(content, Mapping):
            problems += [_unknown(variable, name, workers) for name in content if name not in workers]
    return problems


def node_selectors(values: Mapping[str, Any]) -> dict[str, Any]:
    """The selectors that a node must match, each under the name of its variable.

    If every worker namespace has a node group of its own, no pod uses the selector for all of them.
    """
    groups, workers = values.get(NODE_GROUPS), values.get(WORKER_NAMESPACES)
    own = groups if isinstance(groups, Mapping) else {}
    unused = isinstance(workers, list) and workers and all(name in own for name in workers)
    named = ["airfield_control_selector", *([] if unused else ["airfield_worker_selector"])]
    return {
        **{variable: values[variable] for variable in named if variable in values},
        **{f"{NODE_GROUPS}.{name}": selector for name, selector in own.items()},
    }


def _impossible(variable: str, name: Any) -> str:
    return (
        f"`{variable}`: {quoted(name)} is not a valid namespace name. Write lower-case letters, digits and hyphens, "
        f"with a letter or digit at both ends, {LONGEST_LABEL} characters at most."
    )


def _unknown(variable: str, name: Any, workers: list[Any]) -> str:
    return (
        f"`{variable}` has {quoted(name)}, but task pods run only in {quoted_list(map(str, workers))}."
        f"{did_you_mean(str(name), workers)} Correct the name, or add the namespace to `{WORKER_NAMESPACES}`."
    )

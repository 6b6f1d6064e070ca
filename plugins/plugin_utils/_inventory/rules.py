# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory must say in addition to the types of its variables: pure functions that return sentences.

Each sentence names the group or the variable, says what is wrong and what to write.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.airfield.airflow.plugins.module_utils._kube.names import (
    LONGEST_LABEL,
    is_dns_label,
    is_label_key,
    is_label_value,
)
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.git import git_problems
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.images import image_problems
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.namespaces import (
    namespace_problems,
    node_selectors,
)
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.words import quoted, quoted_list

CONTROL_HOST = "control_host"
KUBE_NODES = "kube_nodes"
HOST_WORKERS = "host_workers"
TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
NODE_PORTS = range(30000, 32768)
PORTS = range(1, 65536)
# The longest string made from it is a host name of at most 63 letters: NAME-control-plane2.
LONGEST_CLUSTER_NAME = LONGEST_LABEL - len("-control-plane2")
DAG_THAT_NEEDS_A_HOST_WORKER = "external_trigger_dag"


def group_problems(groups: Mapping[str, Sequence[str]], driver: Any, is_local: bool) -> list[str]:
    """The groups that every run needs. With ``is_local`` the driver creates a cluster on the control host."""
    problems = []
    control = list(groups.get(CONTROL_HOST, ()))
    if not control:
        problems.append(
            f"Group `{CONTROL_HOST}` is missing or empty. Add one host to it, the one that runs kubectl and helm;"
            " for this machine a host `localhost` with `ansible_connection: local`."
        )
    elif len(control) > 1:
        problems.append(f"Group `{CONTROL_HOST}` has {len(control)} hosts ({', '.join(control)}). Keep exactly one.")
    if is_local and not groups.get(KUBE_NODES):
        problems.append(
            f"Group `{KUBE_NODES}` is missing or empty, but `airfield_cluster_driver: {driver}` creates one node for"
            " each of its hosts. Add the nodes' names as hosts, each with `node_labels`; Ansible does not connect to"
            " them."
        )
    return problems


def name_problems(name: Any, is_local: bool) -> list[str]:
    """The name becomes part of host names, container names and directories."""
    longest = LONGEST_CLUSTER_NAME if is_local else LONGEST_LABEL
    if is_dns_label(name, longest):
        return []
    return [
        f"`{name}` is not a valid value for `airfield_name`. Write lower-case letters, digits and hyphens, with a "
        f"letter or digit at both ends, {longest} characters at most."
    ]


def node_name_problems(nodes: Sequence[str], name: str, driver: Any) -> list[str]:
    """The driver chooses the names of its nodes itself, so the hosts of the inventory must have those names."""
    pattern = re.compile(rf"{re.escape(name)}-(control-plane|worker)([2-9]|[1-9][0-9]+)?")
    counts = {"control-plane": 0, "worker": 0}
    strange = []
    for node in nodes:
        match = pattern.fullmatch(node)
        if match:
            counts[match[1]] += 1
        else:
            strange.append(node)
    wanted = [
        f"{name}-{kind}{number if number > 1 else ''}" for kind in counts for number in range(1, counts[kind] + 1)
    ]
    absent = [node for node in wanted if node not in nodes]
    problems = []
    if strange:
        problems.append(
            f"Group `{KUBE_NODES}` has {quoted_list(strange)}, but {driver} chooses the names of its nodes itself:"
            f" `{name}-control-plane`, `{name}-worker`, `{name}-worker2` and so on. Rename the hosts, or set"
            " `airfield_name`."
        )
    if absent:
        problems.append(
            f"Group `{KUBE_NODES}` has no {quoted_list(absent)}, but {driver} numbers its nodes without a gap. Rename"
            " the hosts."
        )
    if nodes and not strange and not counts["control-plane"]:
        problems.append(f"Group `{KUBE_NODES}` has no host `{name}-control-plane`. The cluster needs one: add it.")
    return problems


def label_problems(labels: Mapping[str, Any]) -> list[str]:
    """``labels`` maps a host's name to its ``node_labels``, which Kubernetes must accept."""
    problems = []
    for host, content in labels.items():
        where = f"`node_labels` of host {host}"
        if not isinstance(content, Mapping):
            problems.append(f"{where} must be keys with values, such as `role: airflow-worker`, not {quoted(content)}.")
            continue
        for key, value in content.items():
            if not is_label_key(key):
                problems.append(
                    f"{where}: `{key}` is not a valid label name. Write letters, digits and `-_.` (63 at most)."
                )
            elif not isinstance(value, str):
                problems.append(
                    f'{where}: the value of `{key}` is not a string. Put quotes around it: `{key}: "{_plain(value)}"`.'
                )
            elif not is_label_value(value):
                problems.append(
                    f"{where}: `{value}` is not a valid value for `{key}`."
                    " Write letters, digits and `-_.` (63 at most)."
                )
    return problems


def taint_problems(taints: Mapping[str, Any]) -> list[str]:
    """``taints`` maps a host's name to its ``node_taints``."""
    problems = []
    for host, content in taints.items():
        where = f"`node_taints` of host {host}"
        if not isinstance(content, list):
            problems.append(
                f"{where} must be a list of taints with `key`, `value` and `effect`, not {quoted(content)}."
            )
            continue
        for position, taint in enumerate(content, start=1):
            problems += [f"{where}, taint {position}: {words}" for words in _taint_words(taint)]
    return problems


def _taint_words(taint: Any) -> list[str]:
    if not isinstance(taint, Mapping):
        return [f"write `key`, `value` and `effect`, not {quoted(taint)}."]
    words = []
    key, value, effect = taint.get("key"), taint.get("value", ""), taint.get("effect")
    if not is_label_key(key):
        words.append(f"`key` is {quoted(key)}. Write a name of letters, digits and `-_.`, such as `dedicated`.")
    if not is_label_value(value):
        words.append(f"`value` is {quoted(value)}. Write a quoted string of letters, digits and `-_.`.")
    if effect not in TAINT_EFFECTS:
        words.append(f"`effect` is {quoted(effect)}. Write one of {quoted_list(TAINT_EFFECTS)}.")
    strange = sorted(str(name) for name in set(taint) - {"key", "value", "effect"})
    if strange:
        words.append(f"{quoted_list(strange)} is not supported here. Keep only `key`, `value` and `effect`.")
    return words


def selector_problems(selectors: Mapping[str, Any], labels: Mapping[str, Any]) -> list[str]:
    """A selector must match a node, or its pods would wait forever. Without nodes in the inventory nothing is known.

    ``selectors`` maps a variable's name to its node selector, ``labels`` a host's name to its ``node_labels``.
    """
    if not labels:
        return []
    problems = []
    for variable, selector in selectors.items():
        if not isinstance(selector, Mapping) or not selector:
            problems.append(
                f"`{variable}` must be labels with values, such as `role: airflow-worker`, not {quoted(selector)}."
            )
            continue
        if any(_matches(selector, host, content) for host, content in labels.items()):
            continue
        have = "; ".join(f"{host} has {_labels(content) or 'none'}" for host, content in labels.items())
        problems.append(
            f"`{variable}` asks for a node with {_labels(selector)}, but no host of group `{KUBE_NODES}` has it in"
            f" its `node_labels` ({have}). Add {_labels(selector, ': ')} to `node_labels` of one of them,"
            f" or change `{variable}`."
        )
    return problems


def _matches(selector: Mapping[Any, Any], host: str, labels: Any) -> bool:
    # The kubelet sets this label on every node; the inventory need not repeat it.
    having = {"kubernetes.io/hostname": host, **(labels if isinstance(labels, Mapping) else {})}
    return all(key in having and str(having[key]) == str(value) for key, value in selector.items())


def engine_problems(driver: Any, engine: Any, is_local: bool) -> list[str]:
    """The nodes of a cluster that is created here are containers. ``engine`` is ``airfield_container_engine``."""
    if not is_local or engine is None or boolean(engine, strict=False):
        return []
    return [
        f"`{engine}` is not a valid value for `airfield_container_engine` with `airfield_cluster_driver: {driver}`,"
        " whose nodes are containers on the control host. Leave it out: an engine that is already running is used as it"
        " is."
    ]


def port_problems(values: Mapping[str, Any]) -> list[str]:
    """Every port variable must be a valid port; a NodePort has a range of its own."""
    problems = []
    for name, value in values.items():
        if not name.endswith("_port") or value is None or value == "":
            continue
        allowed = NODE_PORTS if name.endswith("_node_port") else PORTS
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        if isinstance(number, bool) or not isinstance(number, int) or number not in allowed:
            kind = " (the NodePorts of Kubernetes)" if allowed is NODE_PORTS else ""
            problems.append(
                f"`{value}` is not a valid value for `{name}`. Write a number from {allowed[0]} to {allowed[-1]}{kind}."
            )
    return problems


def host_worker_warnings(groups: Mapping[str, Sequence[str]], dags: Any) -> list[str]:
    """A DAG that calls a host worker fails without one."""
    if groups.get(HOST_WORKERS) or not isinstance(dags, list) or DAG_THAT_NEEDS_A_HOST_WORKER not in dags:
        return []
    return [
        f"Group `{HOST_WORKERS}` is missing or empty, but `verify_dags` has `{DAG_THAT_NEEDS_A_HOST_WORKER}`, which"
        " calls a host worker. Add a host to the group, or remove the DAG from `verify_dags`."
    ]


def inventory_problems(
    groups: Mapping[str, Sequence[str]],
    values: Mapping[str, Any],
    node_labels: Mapping[str, Any],
    node_taints: Mapping[str, Any],
    prefixes: Collection[str],
    drivers: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """All rules at once; ``values`` are the control host's variables, with the roles' defaults.

    ``drivers`` maps the name of each cluster driver to what its clusters can do.
    """
    driver = values.get("airfield_cluster_driver")
    capabilities = drivers.get(str(driver), {})
    is_local = bool(capabilities.get("is_local"))
    names_nodes = bool(capabilities.get("names_nodes"))
    nodes = groups.get(KUBE_NODES, ())
    name = values.get("airfield_name")
    named = [] if name is None else name_problems(name, is_local)
    selectors = node_selectors(values)
    ours = {variable: value for variable, value in values.items() if variable.startswith(tuple(prefixes))}
    return [
        *group_problems(groups, driver, is_local),
        *named,
        *(node_name_problems(nodes, name, driver) if names_nodes and isinstance(name, str) and not named else []),
        *label_problems(node_labels),
        *taint_problems(node_taints),
        *namespace_problems(values),
        *selector_problems(selectors, node_labels),
        *engine_problems(driver, values.get("airfield_container_engine"), is_local),
        *port_problems(ours),
        *git_problems(values),
        *image_problems(values, loads_images=bool(capabilities.get("loads_images"))),
    ]


def _labels(labels: Any, between: str = "=") -> str:
    return ", ".join(f"`{key}{between}{value}`" for key, value in labels.items()) if isinstance(labels, Mapping) else ""


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory must say about Git repositories: pure functions that return sentences, without any secret."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._git.address import LOCAL, SSH, parse_address
from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import InvalidInput

REPOSITORIES = "airfield_git"
SERVED = "airfield_git_served"


def git_problems(values: Mapping[str, Any]) -> list[str]:
    """``values`` are the control host's variables. Values that only the run will know are not judged."""
    repositories = values.get(REPOSITORIES)
    if not isinstance(repositories, Mapping):
        return []
    served = values.get(SERVED)
    there = {*repositories, *(served if isinstance(served, Mapping) else ())}
    problems = _missing(values, there)
    for name, repository in repositories.items():
        if isinstance(repository, Mapping):
            problems += [f"`{REPOSITORIES}.{name}`: {words}" for words in _repository_words(repository)]
    return problems


def _missing(values: Mapping[str, Any], there: Collection[str]) -> list[str]:
    """Repositories that the chosen method requires."""
    problems = []
    if values.get("airfield_deployer") == "argocd" and "platform" not in there:
        problems.append(_wanted("airfield_deployer: argocd", "platform", "reads what it installs", "airfield_deployer"))
    method = values.get("airfield_dags_method")
    if method in ("git_bundle", "git_sync") and "dags" not in there:
        problems.append(_wanted(f"airfield_dags_method: {method}", "dags", "reads the DAGs", "airfield_dags_method"))
    return problems


def _wanted(choice: str, name: str, purpose: str, variable: str) -> str:
    return (
        f"`{choice}` {purpose} from the Git repository `{REPOSITORIES}.{name}`, which is missing. Write `{name}:` under"
        f" `{REPOSITORIES}` with `url`, `branch`, and `username` and `password`, or `ssh_private_key` and"
        f" `ssh_known_hosts`; or write `{name}: {{}}` under `{SERVED}` to create it on the control host; or change"
        f" `{variable}`."
    )


def _repository_words(repository: Mapping[str, Any]) -> list[str]:
    url = repository.get("url")
    if not isinstance(url, str):
        return []  # the argument specification says it
    try:
        address = parse_address(url)
    except InvalidInput as problem:
        return [str(problem)]
    if address.kind == LOCAL:
        return ["`url` is a directory of this machine, which pods cannot read. Write the URL of a Git server."]
    if address.kind == SSH:
        absent = [key for key in ("ssh_private_key", "ssh_known_hosts") if not repository.get(key)]
        return [_ssh_words(key, address.host) for key in absent]
    if bool(repository.get("username")) != bool(repository.get("password")):
        return ["`username` and `password` are only valid together. Write both; a token is given as password."]
    return []


def _ssh_words(key: str, host: str) -> str:
    what = {
        "ssh_private_key": "the content of a private key that may read it, from a vault",
        "ssh_known_hosts": f"the output of `ssh-keyscan {host}`, after comparing it with what the server's owner"
        " publishes",
    }
    return f"`url` uses SSH, but `{key}` is missing. Set it to {what[key]}."

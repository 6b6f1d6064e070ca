# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for Kubernetes share: their options, their client, and how they fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import (
    KUBERNETES_IMPORT_ERROR,
    open_transport,
)

KUBE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "kubeconfig": {"type": "path", "required": True},
    "context": {"type": "str"},
}


def kube_module(argument_spec: dict[str, dict[str, Any]], **rules: Any) -> AnsibleModule:
    """An AnsibleModule with the options of a cluster and check mode; ``rules`` are its further arguments."""
    return AnsibleModule(argument_spec={**KUBE_ARGUMENTS, **argument_spec}, supports_check_mode=True, **rules)


def run(
    module: AnsibleModule, sync: Callable[[KubeClient], dict[str, Any]], failures: tuple[type[Exception], ...] = ()
) -> None:
    """End the module with what ``sync`` returns, or with the message of the error that it raised.

    ``failures``: the errors that are complete sentences, in addition to KubeError.
    """
    client = client_for(module)
    try:
        result = sync(client)
    except failures as error:
        module.fail_json(msg=str(error))
    except KubeError as error:
        fail(module, error)
    module.exit_json(**result)


def client_for(module: AnsibleModule) -> KubeClient:
    """The client for a module with KUBE_ARGUMENTS; ends the module if it cannot be created."""
    if KUBERNETES_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("kubernetes"), exception=KUBERNETES_IMPORT_ERROR)
    try:
        return KubeClient(open_transport(module.params["kubeconfig"], module.params["context"]))
    except KubeError as error:
        fail(module, error)


def fail(module: AnsibleModule, error: KubeError) -> NoReturn:
    module.fail_json(msg=str(error), status=error.status)
    raise AssertionError("fail_json does not return") from error

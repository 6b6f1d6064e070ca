# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for Kubernetes share: their options, their client, and how they fail."""

from __future__ import annotations

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

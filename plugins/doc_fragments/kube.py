# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The options that select a Kubernetes cluster."""

    DOCUMENTATION = r"""
requirements:
  - kubernetes >= 24.2 (Python package)
options:
  kubeconfig:
    description:
      - The file with the URL of the cluster and the credentials for it.
      - It is required, so that no task uses the cluster that happens to be in E(KUBECONFIG) or C(~/.kube/config).
    type: path
    required: true
  context:
    description: The context in O(kubeconfig) to use. By default its current context.
    type: str
"""

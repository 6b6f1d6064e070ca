# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The options with which a module finds a Kubernetes cluster."""

    DOCUMENTATION = r"""
requirements:
  - kubernetes >= 24.2 (Python package)
options:
  kubeconfig:
    description:
      - The file with the address of the cluster and the credentials for it.
      - It must be named, so that no task works on a cluster that E(KUBECONFIG) or C(~/.kube/config) happens to name.
    type: path
    required: true
  context:
    description: The context in O(kubeconfig) to use. Without it the file's current context.
    type: str
"""

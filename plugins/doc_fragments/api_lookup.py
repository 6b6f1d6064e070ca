# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a lookup reaches Airflow's REST API: a lookup has no module_defaults, so variables take their place."""

    DOCUMENTATION = r"""
options:
  api_url:
    description: The address of Airflow, as V(http://127.0.0.1:32080) or, behind an ingress, V(https://host/airflow).
    type: str
    required: true
    vars:
      - name: airfield_api_url
    env:
      - name: AIRFLOW_API_URL
  api_username:
    description: The user who asks. A token is fetched for it, and kept as the modules of this collection do.
    type: str
    vars:
      - name: airfield_api_username
    env:
      - name: AIRFLOW_API_USERNAME
  api_password:
    description: The password of O(api_username).
    type: str
    vars:
      - name: airfield_api_password
    env:
      - name: AIRFLOW_API_PASSWORD
  api_token:
    description: A token for the API, in place of O(api_username) and O(api_password).
    type: str
    vars:
      - name: airfield_api_token
    env:
      - name: AIRFLOW_API_TOKEN
  client_cert:
    description: A file with a client certificate, and its key unless O(client_key) names that.
    type: path
    vars:
      - name: airfield_api_client_cert
    env:
      - name: AIRFLOW_API_CLIENT_CERT
  client_key:
    description: The file with the key of O(client_cert).
    type: path
    vars:
      - name: airfield_api_client_key
    env:
      - name: AIRFLOW_API_CLIENT_KEY
  validate_certs:
    description: Whether the certificate of an C(https) address must be valid.
    type: bool
    default: true
    vars:
      - name: airfield_api_validate_certs
    env:
      - name: AIRFLOW_API_VALIDATE_CERTS
  ca_path:
    description: A file with the certificates of the authorities to trust.
    type: path
    vars:
      - name: airfield_api_ca_path
    env:
      - name: AIRFLOW_API_CA_PATH
  timeout:
    description: How many seconds one request may take.
    type: int
    default: 30
    vars:
      - name: airfield_api_timeout
    env:
      - name: AIRFLOW_API_TIMEOUT
notes:
  - Needs Airflow 3.0 or later (the REST API of version 2). Tested with 3.0.0 and 3.3.2.
  - Like every lookup it runs on the control host, so that is where O(api_url) must be reachable from.
"""

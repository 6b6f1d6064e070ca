# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a lookup reaches Airflow's REST API. Lookups have no module_defaults, so they can read variables instead."""

    DOCUMENTATION = r"""
options:
  api_url:
    description: The URL of Airflow, such as V(http://127.0.0.1:32080) or, behind an ingress, V(https://host/airflow).
    type: str
    required: true
    vars:
      - name: airfield_api_url
    env:
      - name: AIRFLOW_API_URL
  api_username:
    description: The user to authenticate as. A token is requested and cached, as by the modules of this collection.
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
    description: A token for the API, instead of O(api_username) and O(api_password).
    type: str
    vars:
      - name: airfield_api_token
    env:
      - name: AIRFLOW_API_TOKEN
  client_cert:
    description: A file with a client certificate. It also contains the private key, unless O(client_key) is given.
    type: path
    vars:
      - name: airfield_api_client_cert
    env:
      - name: AIRFLOW_API_CLIENT_CERT
  client_key:
    description: The file with the private key of O(client_cert).
    type: path
    vars:
      - name: airfield_api_client_key
    env:
      - name: AIRFLOW_API_CLIENT_KEY
  validate_certs:
    description: Whether to validate the certificate of an C(https) URL.
    type: bool
    default: true
    vars:
      - name: airfield_api_validate_certs
    env:
      - name: AIRFLOW_API_VALIDATE_CERTS
  ca_path:
    description: A file with the certificates of the certificate authorities to trust.
    type: path
    vars:
      - name: airfield_api_ca_path
    env:
      - name: AIRFLOW_API_CA_PATH
  timeout:
    description: The maximum number of seconds for one request.
    type: int
    default: 30
    vars:
      - name: airfield_api_timeout
    env:
      - name: AIRFLOW_API_TIMEOUT
notes:
  - Requires Airflow 3.0 or later (version 2 of the REST API). Tested with 3.0.0 and 3.3.2.
  - Like every lookup, it runs on the Ansible controller, which must be able to reach O(api_url).
"""

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How to reach Airflow's REST API, and with which credentials."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The URL of Airflow, such as V(http://127.0.0.1:32080) or, behind an ingress, V(https://host/airflow).
      - If it is not given, the environment variable E(AIRFLOW_API_URL) is used.
    type: str
    required: true
  api_username:
    description:
      - The user to authenticate as. A token is requested once and cached for later tasks in a file that only the user
        who runs the module can read, in E(XDG_RUNTIME_DIR) or in C(~/.cache/airfield/tokens). A new token is requested
        when it expires.
      - If it is not given, the environment variable E(AIRFLOW_API_USERNAME) is used.
    type: str
  api_password:
    description:
      - The password of O(api_username).
      - If it is not given, the environment variable E(AIRFLOW_API_PASSWORD) is used.
    type: str
  api_token:
    description:
      - A token for the API, instead of O(api_username) and O(api_password).
      - When all three are given, the token is used until Airflow rejects it.
      - If it is not given, the environment variable E(AIRFLOW_API_TOKEN) is used.
    type: str
  client_cert:
    description:
      - A file with a client certificate, for a server that requires one. It also contains the private key, unless
        O(client_key) is given.
      - Can be used on its own when a proxy authenticates the client and passes the identity on to Airflow, or together
        with a token or a user.
      - If it is not given, the environment variable E(AIRFLOW_API_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - The file with the private key of O(client_cert).
      - If it is not given, the environment variable E(AIRFLOW_API_CLIENT_KEY) is used.
    type: path
  validate_certs:
    description:
      - Whether to validate the certificate of an C(https) URL.
      - If it is not given, the environment variable E(AIRFLOW_API_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates of the certificate authorities to trust.
      - If it is not given, the environment variable E(AIRFLOW_API_CA_PATH) is used.
    type: path
  timeout:
    description:
      - The maximum number of seconds for one request.
      - If it is not given, the environment variable E(AIRFLOW_API_TIMEOUT) is used.
    type: int
    default: 30
notes:
  - Requires Airflow 3.0 or later (version 2 of the REST API). Tested with 3.0.0 and 3.3.2. With a version newer than
    3.3 the module warns but continues, and it returns unknown fields as Airflow sends them.
  - A request that is safe to repeat is retried up to three times, with increasing delays, when the connection fails or
    when a proxy answers instead of Airflow (429, 502, 503 and 504). A C(Retry-After) header is honoured.
"""

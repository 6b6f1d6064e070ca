# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How to reach Airflow's REST API, and as whom."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of Airflow, as V(http://127.0.0.1:32080) or, behind an ingress, V(https://host/airflow).
      - If it is not given, the environment variable E(AIRFLOW_API_URL) is used.
    type: str
    required: true
  api_username:
    description:
      - The user who asks. A token is fetched for it once, and kept for the next tasks in a file that only the user who
        runs the module can read, in E(XDG_RUNTIME_DIR) or in C(~/.cache/airfield/tokens). It is fetched again when it
        expires.
      - If it is not given, the environment variable E(AIRFLOW_API_USERNAME) is used.
    type: str
  api_password:
    description:
      - The password of O(api_username).
      - If it is not given, the environment variable E(AIRFLOW_API_PASSWORD) is used.
    type: str
  api_token:
    description:
      - A token for the API, in place of O(api_username) and O(api_password).
      - When all three are given, the token is used until Airflow refuses it.
      - If it is not given, the environment variable E(AIRFLOW_API_TOKEN) is used.
    type: str
  client_cert:
    description:
      - A file with a client certificate, and its key unless O(client_key) names that, for a server that asks for one.
      - It may stand alone, where what checks it tells Airflow who asks, or beside a token or a user.
      - If it is not given, the environment variable E(AIRFLOW_API_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - The file with the key of O(client_cert).
      - If it is not given, the environment variable E(AIRFLOW_API_CLIENT_KEY) is used.
    type: path
  validate_certs:
    description:
      - Whether the certificate of an C(https) address must be valid.
      - If it is not given, the environment variable E(AIRFLOW_API_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates of the authorities to trust.
      - If it is not given, the environment variable E(AIRFLOW_API_CA_PATH) is used.
    type: path
  timeout:
    description:
      - How many seconds one request may take.
      - If it is not given, the environment variable E(AIRFLOW_API_TIMEOUT) is used.
    type: int
    default: 30
notes:
  - Needs Airflow 3.0 or later (the REST API of version 2). Tested with 3.0.0 and 3.3.2. A newer one than 3.3 is warned
    of, not refused, and fields that are unknown here are returned as Airflow sends them.
  - A request is repeated up to three times, with growing pauses, when there is no connection or a proxy answers in
    Airflow's place (429, 502, 503 and 504), if it is safe to repeat. A C(Retry-After) is honoured.
"""

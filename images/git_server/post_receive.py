# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Git's hook after a push: tells whom /etc/git-server/webhook.json names, in the form of GitHub's push event.

webhook.json: ``address`` and ``port`` to connect to, ``host`` (the name in the receiver's certificate), ``ca`` (that
certificate or its authority, as PEM), ``secret`` (signs the message), ``base_url`` (how the receiver knows this
server). Without the file nobody is told. The push option airfield.skip-webhook leaves it out once. A receiver that does
not answer never makes a push fail.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import socket
import ssl
import sys
from pathlib import Path
from typing import Any

SETTINGS = Path("/etc/git-server/webhook.json")
TIMEOUT_SECONDS = 5


def push_options() -> list[str]:
    count = int(os.environ.get("GIT_PUSH_OPTION_COUNT", "0"))
    return [os.environ.get(f"GIT_PUSH_OPTION_{number}", "") for number in range(count)]


def event(settings: dict[str, Any], before: str, after: str, ref: str) -> dict[str, Any]:
    name = Path(os.environ.get("GIT_DIR", ".")).resolve().name
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "commits": [],
        "repository": {"html_url": f"{settings['base_url']}/{name}", "default_branch": "main"},
    }


def tell(settings: dict[str, Any], message: dict[str, Any]) -> int:
    """Send the message; give the status of the answer. Raises OSError or http.client.HTTPException."""
    body = json.dumps(message).encode()
    signature = hmac.new(settings["secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": f"sha256={signature}",
        "Host": settings["host"],
    }
    context = ssl.create_default_context(cadata=settings["ca"])
    connection = http.client.HTTPSConnection(settings["host"], timeout=TIMEOUT_SECONDS)
    plain = socket.create_connection((settings["address"], settings["port"]), TIMEOUT_SECONDS)
    # The receiver is reached by another address than the name in its certificate.
    connection.sock = context.wrap_socket(plain, server_hostname=settings["host"])
    connection.request("POST", "/api/webhook", body, headers)
    return connection.getresponse().status


def main() -> None:
    lines = sys.stdin.read().splitlines()
    if not SETTINGS.exists() or "airfield.skip-webhook" in push_options():
        return
    settings = json.loads(SETTINGS.read_text())
    for line in lines:
        before, after, ref = line.split()
        try:
            said = f"answered {tell(settings, event(settings, before, after, ref))}"
        except (OSError, http.client.HTTPException) as error:
            said = f"was not told about {ref}: {error}"
        # Git shows it to whoever pushes.
        sys.stdout.write(f"webhook: {settings['host']} {said}\n")


if __name__ == "__main__":
    main()

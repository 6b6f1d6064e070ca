# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The URL of a Git repository: which protocol it uses, and what it must not contain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import InvalidInput

HTTP = "http"
SSH = "ssh"
LOCAL = "local"

_PORTS = {"http": 80, "https": 443, "ssh": 22}
# user@host:path. Not host::path, which names a program that git would start.
_SCP = re.compile(r"(?:(?P<user>[^@/:]+)@)?(?P<host>[A-Za-z0-9][A-Za-z0-9._-]*):(?P<path>[^:].*)")


@dataclass(frozen=True)
class GitAddress:
    """``kind``: HTTP (also for https), SSH or LOCAL. ``origin``: scheme, host and port as given."""

    url: str
    kind: str
    host: str = ""
    port: int = 0
    origin: str = ""


def secrets_in(url: str) -> set[str]:
    """What must not be shown of a URL that contains credentials."""
    match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<user>[^/@:]*)(?::(?P<password>[^/]*))?@", url)
    if not match:
        return set()
    password = match["password"]
    if not password:
        return {f"{match['user']}@"} if url.lower().startswith("http") else set()
    return {f"{match['user']}:{password}@", password, unquote(password)}


def parse_address(url: str) -> GitAddress:
    """Raises InvalidInput, whose message never repeats credentials."""
    if any(ord(character) < 32 for character in url):
        raise InvalidInput("`url` contains a line break or another control character.")
    if url.startswith(("/", "file:///")):
        return GitAddress(url, LOCAL)
    if "://" not in url:
        match = _SCP.fullmatch(url)
        if match:
            return GitAddress(url, SSH, match["host"], _PORTS["ssh"])
        raise InvalidInput(_FORMS)
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise InvalidInput(_FORMS) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise InvalidInput(_FORMS)
    kind = SSH if parts.scheme == "ssh" else HTTP
    public = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.password is not None or (kind == HTTP and parts.username is not None):
        wanted = "`username` and `password`" if kind == HTTP else "`ssh_private_key`"
        raise InvalidInput(f"`url` contains credentials for {public}. Remove them and give {wanted} instead.")
    if parts.query or parts.fragment:
        raise InvalidInput(f"`url` ({public}) contains ? or #. Give only the URL of the repository.")
    return GitAddress(url, kind, parts.hostname, port, public)


_FORMS = (
    "`url` is not a valid URL of a Git repository. Write https://host/team/name.git, ssh://git@host/team/name.git, "
    "git@host:team/name.git, or the absolute path of a directory."
)

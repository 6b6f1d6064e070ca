# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong between git and a server, each as a type of its own whose message says what to do.

The messages of git, curl and OpenSSH are those of LC_ALL=C. No message contains a secret: git never receives one that
it could print.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_EXCERPT = 500


class GitError(Exception):
    """A git command that failed in a way that has no type of its own."""


class InvalidInput(GitError):
    """A parameter of the module that is not valid."""


class ProgramMissing(GitError):
    """git or ssh is not installed."""


class ConnectionFailed(GitError):
    """No connection to the server, or it does not work as a Git server for now."""


class TimedOut(ConnectionFailed):
    """A git command did not finish within its timeout."""


class CredentialsRefused(GitError):
    """Wrong or missing credentials, or a user without the permission."""


class HostKeyRefused(GitError):
    """The SSH server's host key is unknown or not the expected one."""


class RepositoryNotFound(GitError):
    """There is no repository at the URL."""


class BranchNotFound(GitError):
    """The repository does not have the branch."""


class PushRefused(GitError):
    """The server rejects the commit."""


class PushRaced(PushRefused):
    """Another commit was pushed in the meantime."""


@dataclass(frozen=True)
class Target:
    """The names that the messages use."""

    url: str
    host: str
    port: int
    username: str | None = None
    by_key: bool = False

    @property
    def who(self) -> str:
        if self.by_key:
            return "the owner of the key"
        return f"user {self.username}" if self.username else "a user without credentials"


def _unreachable(target: Target, match: re.Match[str]) -> GitError:
    return ConnectionFailed(
        f"The Git server of {target.url} cannot be reached: {target.host} does not answer on port {target.port} "
        f"({match[0].strip()}). Check that host and port are right, that the server runs, and that no firewall or "
        "proxy is in the way."
    )


def _unknown_name(target: Target, match: re.Match[str]) -> GitError:
    return ConnectionFailed(
        f"The host name {target.host} of {target.url} cannot be resolved ({match[0].strip()}). Correct it in `url`, "
        "or check the name server of this machine."
    )


def _tls(target: Target, match: re.Match[str]) -> GitError:
    return ConnectionFailed(
        f"TLS with {target.host} on port {target.port} failed ({match[0].strip()}). Install the certificate of the "
        "server's authority on this machine, or set the environment variable GIT_SSL_CAINFO to its file."
    )


def _refused(target: Target, match: re.Match[str]) -> GitError:
    if not target.username:
        return _asks(target, match)
    return CredentialsRefused(
        f"The Git server at {target.url} refused {target.who}. Correct `username` and `password`. A token may also "
        "have expired."
    )


def _asks(target: Target, match: re.Match[str]) -> GitError:
    if target.username:  # They are only for the host of the URL, so another host asks.
        return CredentialsRefused(
            f"{match[1]} asks for credentials instead of {target.url}. If the server redirects to that URL, "
            "set `url` to it."
        )
    return CredentialsRefused(
        f"The Git server at {target.url} asks for a user and a password. Give `username` and `password`."
    )


def _forbidden(target: Target, match: re.Match[str]) -> GitError:
    return CredentialsRefused(
        f"The Git server at {target.url} does not allow this to {target.who} (403). Give that user the permission, "
        "or correct `username` and `password`."
    )


def _bad_key(target: Target, match: re.Match[str]) -> GitError:
    return CredentialsRefused(
        f"ssh cannot read the key in `ssh_private_key` ({match[1].strip()}). Give the whole content of a private key "
        "without a passphrase, including its first and its last line."
    )


def _key_refused(target: Target, match: re.Match[str]) -> GitError:
    return CredentialsRefused(
        f"The Git server at {target.url} refused the key in `ssh_private_key`. Register its public key there, and "
        "check the user in `url` (most servers want git@). The key must have no passphrase."
    )


def keyscan(host: str, port: int) -> str:
    return f"`ssh-keyscan {host}`" if port == 22 else f"`ssh-keyscan -p {port} {host}`"


def _host_key_changed(target: Target, match: re.Match[str]) -> GitError:
    return HostKeyRefused(
        f"{target.host} presents a different host key than the one in `ssh_known_hosts`. Either its key has changed, "
        "or another machine answers in its place. Ask its operator. If the key has changed, get it with "
        f"{keyscan(target.host, target.port)} and replace the old one in `ssh_known_hosts`."
    )


def _host_key_unknown(target: Target, match: re.Match[str]) -> GitError:
    return HostKeyRefused(
        f"The host key of {target.host} is not in `ssh_known_hosts`. Get it with {keyscan(target.host, target.port)}, "
        "compare it with what the server's owner publishes, and add it."
    )


def _not_found(target: Target, match: re.Match[str]) -> GitError:
    hidden = f", or {target.who} may not see it" if target.host else ""
    return RepositoryNotFound(
        f"There is no Git repository at {target.url}{hidden}. Correct `url`, or create the repository first."
    )


def _server_failed(target: Target, match: re.Match[str]) -> GitError:
    return ConnectionFailed(
        f"The Git server at {target.url} answered with {match[1]}. Check that it works, and see its log."
    )


_Sentence = Callable[[Target, "re.Match[str]"], GitError]
# The first match counts: ssh prints its messages about a key together with "Permission denied".
_SENTENCES: list[tuple[re.Pattern[str], _Sentence]] = [
    (re.compile(pattern, re.MULTILINE), sentence)
    for pattern, sentence in (
        (r"REMOTE HOST IDENTIFICATION HAS CHANGED", _host_key_changed),
        (r"Host key verification failed|No \S+ host key is known for", _host_key_unknown),
        (r'^Load key "[^"]*": (.*)$', _bad_key),
        (r"Permission denied \(", _key_refused),
        (r"Could not resolve (?:host(?:name)?|proxy)[^\n]*", _unknown_name),
        (r"(?i)(?:failed|couldn't|could not) (?:to )?connect[^\n]*", _unreachable),
        (r"ssh: connect to host [^\n]*", _unreachable),
        (r"(?i)connection (?:refused|timed out|reset by peer|closed by remote host)", _unreachable),
        (r"No route to host|Network is unreachable|Empty reply from server", _unreachable),
        (r"(?:SSL|TLS|server certificate|gnutls|schannel)[^\n]*", _tls),
        (r"could not read (?:Username|Password) for '([^']*)'", _asks),
        (r"Authentication failed for|returned error: 401", _refused),
        (r"returned error: 403", _forbidden),
        (r"(?i)repository '[^']*' not found|ERROR: Repository not found|returned error: 404", _not_found),
        (r"does not appear to be a git repository|not valid: is this a git repository", _not_found),
        (r"returned error: (\d+)", _server_failed),
    )
]


def error_of_output(what: str, target: Target, stderr: str) -> GitError:
    """The error for a git command that failed with this output."""
    for pattern, sentence in _SENTENCES:
        match = pattern.search(stderr)
        if match:
            return sentence(target, match)
    return GitError(f"git could not {what} ({target.url}): {excerpt(stderr) or 'no output'}")


def error_of_push(target: Target, branch: str, output: str, stderr: str) -> GitError:
    """The error for a failed push; ``output`` is what ``--porcelain`` prints."""
    rejected = re.search(r"^!\t[^\t]*\t\[(?:remote )?rejected\] \(([^\n]*)\)$", output, re.MULTILINE)
    if not rejected:
        return error_of_output("push", target, stderr)
    reason = rejected[1]
    # The last three: the branch moved while the server was already accepting the commit.
    raced = r"fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|incorrect old value"
    if re.search(raced, reason):
        return PushRaced(reason)
    message = excerpt("\n".join(re.findall(r"^remote: (.*)$", stderr, re.MULTILINE)))
    return PushRefused(
        f"The Git server at {target.url} refused the commit on the branch {branch}: {reason}."
        + (f" The server says: {message.rstrip('.')}." if message else "")
        + f" Allow {target.who} to push to this branch, or set `branch` to another one."
    )


def excerpt(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= LONGEST_EXCERPT else f"{joined[:LONGEST_EXCERPT]} ..."

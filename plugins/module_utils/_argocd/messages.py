# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argo CD's messages without their wrapping, and advice about them."""

from __future__ import annotations

import re

LONGEST = 1500

_WRAPPINGS = (
    (re.compile(r"Failed to load target state: |ComparisonError: "), ""),
    (re.compile(r"failed to generate manifest for source 1 of 1: "), ""),
    (re.compile(r"failed to generate manifest for source (\d+) of (\d+): "), r"source \1 of \2: "),
    (re.compile(r"rpc error: code = \w+ desc = |Manifest generation error \(cached\): "), ""),
    # A failed command is quoted with its thirty arguments: only its output matters.
    (re.compile(r"(?:[a-z][a-z ]*: )*`[^`]*` failed (?:exit status \d+|[a-z0-9 ]+): (?:Error: )?"), ""),
    (re.compile(r"\s*Use --debug flag to render out invalid YAML"), ""),
    (re.compile(r"\s*\n\s*"), " "),
)

# The first match counts. {project}, {repositories}, {namespace}: of the Application.
_ADVICE = (
    (
        r"application repo (?P<repo>\S+) is not permitted in project",
        "AppProject {project} does not allow the repository {repo}: add it to its `sourceRepos`.",
    ),
    (
        r"destination server '(?P<server>[^']*)' and namespace '(?P<into>[^']*)' do not match",
        "AppProject {project} does not allow the namespace {into} of {server}: add it to its `destinations`.",
    ),
    (
        r"namespace (?P<into>\S+) is not permitted in project",
        "AppProject {project} does not allow the namespace {into}: add it to its `destinations`.",
    ),
    (
        r"resource (?P<group>[\w.-]*):(?P<kind>\w+) is not permitted in project",
        "AppProject {project} does not allow the kind {kind} of the API group `{group}`: add it to its "
        "`clusterResourceWhitelist`, or for a kind that lives in namespaces to its `namespaceResourceWhitelist`.",
    ),
    (
        r"referencing project (?P<missing>\S+) which does not exist",
        "Create the AppProject {missing} in namespace {namespace} first, or correct `project`.",
    ),
    (
        r"app path does not exist",
        "The path of the source is not in the repository at this revision: correct `path`, or push the directory.",
    ),
    (
        r"unable to resolve '(?P<revision>[^']*)' to a commit SHA|unable to resolve git revision (?P<other>[^:\s]+)",
        "The repository has no branch, tag or commit `{revision}{other}`: correct `targetRevision`, or push it.",
    ),
    (
        r"could not find version|no chart version found|improper constraint|constraint .* not match|manifest unknown",
        "The chart repository does not have this version of the chart: correct `targetRevision` and `chart`.",
    ),
    (
        r"(?i)x509|certificate signed by unknown authority|certificate is not valid",
        "Argo CD does not trust the certificate of {repositories}: add its certificate authority to the ConfigMap "
        "argocd-tls-certs-cm in namespace {namespace}.",
    ),
    (
        r"(?i)knownhosts|key is unknown|host key",
        "Argo CD does not know the SSH host key of {repositories}: add it to the ConfigMap argocd-ssh-known-hosts-cm "
        "in namespace {namespace}.",
    ),
    (
        r"(?i)no such host|connection refused|i/o timeout|no route to host|network is unreachable|dial tcp|"
        r"deadline exceeded|connection reset|bad gateway|service unavailable",
        "Argo CD's pods cannot reach {repositories}: check that its server runs and that its name and port can be "
        "reached from pods of namespace {namespace}.",
    ),
    (
        r"error executing|execution error at|(?i:YAML parse error|error converting YAML|parsing --values|values don't "
        r"meet|schema validation|nil pointer evaluating|can't evaluate field|no such file or directory)",
        "The chart cannot be rendered with these values: correct the values or the chart. What runs is left alone.",
    ),
    (
        r"(?i)field is immutable",
        "Kubernetes cannot change this field: delete the resource, or give it the annotation "
        "argocd.argoproj.io/sync-options: Replace=true,Force=true.",
    ),
    (
        r'is forbidden: User "system:serviceaccount:(?P<account>[^"]+)" cannot',
        "Argo CD's ServiceAccount {account} lacks this right in the cluster: add it to its Role.",
    ),
)
_AUTHENTICATION = re.compile(
    r"(?i)authentication required|authentication failed|authorization failed|unauthorized|invalid credentials|"
    r"invalid username|permission denied \(publickey|handshake failed: ssh|could not read username|\b401\b|"
    r"repository not found|access denied|denied: requested access"
)


def clean(message: str) -> str:
    """The part of a message that is about the user's own things."""
    for wrapping, instead in _WRAPPINGS:
        message = wrapping.sub(instead, message)
    message = message.strip().rstrip(".")
    return message if len(message) <= LONGEST else f"{message[:LONGEST]} ..."


def is_about_credentials(message: str) -> bool:
    return bool(_AUTHENTICATION.search(message))


def advice_for(message: str, project: str, repositories: list[str], namespace: str) -> str:
    """A sentence about what to do, empty when the message is not known."""
    context = {"project": project, "repositories": " and ".join(repositories), "namespace": namespace}
    for pattern, sentence in _ADVICE:
        match = re.search(pattern, message)
        if match:
            named = {key: (value or "").strip("'") for key, value in match.groupdict().items()}
            return sentence.format(**context, **named)
    return ""

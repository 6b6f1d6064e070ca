# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.messages import (
    LONGEST,
    advice_for,
    clean,
    is_about_credentials,
)

WRAPPED = (
    "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = "
    "Manifest generation error (cached): failed to execute helm template command: failed to get command args to log: "
    "`helm template . --name-template airflow --values /tmp/a --include-crds` failed exit status 1: Error: execution "
    "error at (airflow/templates/check.yaml:3:4): give a fernet key\n\nUse --debug flag to render out invalid YAML"
)


def test_the_wrapping_of_helm_is_taken_off() -> None:
    assert clean(WRAPPED) == "execution error at (airflow/templates/check.yaml:3:4): give a fernet key"
    several = WRAPPED.replace("source 1 of 1", "source 2 of 3")
    assert clean(several).startswith("source 2 of 3: execution error at (airflow")
    assert clean("`git fetch origin` failed timeout after 1m30s: gone.") == "gone"


def test_a_long_message_is_cut() -> None:
    assert len(clean("x" * 9000)) == LONGEST + 4


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("application repo http://r is not permitted in project 'p'", "does not allow the repository http://r: add"),
        (
            "application destination server 'https://k' and namespace 'n' do not match any of the allowed destinations "
            "in project 'p'",
            "AppProject p does not allow the namespace n of https://k",
        ),
        ("namespace n is not permitted in project 'p'", "does not allow the namespace n: add"),
        ("resource apps:Deployment is not permitted in project p", "the kind Deployment of the API group `apps`"),
        ("resource :Secret is not permitted in project p", "the kind Secret of the API group ``"),
        ("Application referencing project q which does not exist", "Create the AppProject q in namespace argocd"),
        ("chart: app path does not exist", "correct `path`"),
        ("unable to resolve 'mian' to a commit SHA", "no branch, tag or commit `mian`"),
        ("unable to resolve git revision v9: no", "no branch, tag or commit `v9`"),
        ('chart "airflow" version "9" not found: could not find version', "correct `targetRevision` and `chart`"),
        ("tls: x509: certificate signed by unknown authority", "argocd-tls-certs-cm in namespace argocd"),
        ("ssh: handshake failed: knownhosts: key is unknown", "argocd-ssh-known-hosts-cm"),
        ("dial tcp: lookup git on 10.96.0.10:53: no such host", "cannot reach http://r and http://s"),
        ("context deadline exceeded", "cannot reach"),
        ("execution error at (a/b.yaml:1:2): no key", "cannot be rendered with these values"),
        ("a: cannot parse: YAML parse error on a/b.yaml", "cannot be rendered with these values"),
        ("Job.batch is invalid: spec.template: field is immutable", "Replace=true,Force=true"),
        (
            'x is forbidden: User "system:serviceaccount:argocd:controller" cannot create resource',
            "ServiceAccount argocd:controller lacks this right",
        ),
    ],
)
def test_known_errors_have_advice(message: str, words: str) -> None:
    assert words in advice_for(message, "p", ["http://r", "http://s"], "argocd")


def test_an_unknown_error_has_none() -> None:
    assert advice_for("the moon is full", "p", [], "argocd") == ""


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ("failed to list refs: authentication required: Unauthorized", True),
        ("ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey]", True),
        ("failed to fetch chart: 401 Unauthorized", True),
        ("failed to list refs: repository not found", True),
        ("ssh: handshake failed: knownhosts: key is unknown", False),
        ("dial tcp: connection refused", False),
    ],
)
def test_what_is_about_credentials(message: str, about: bool) -> None:
    assert is_about_credentials(message) is about

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exact fake of the Kubernetes API: it answers only the requests that a test expects, in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.plugins.module_utils._kube import module as kube_module
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import Answer

TABLE = "as=Table"
METADATA = "as=PartialObjectMetadataList"
Json = dict[str, Any]
RunModule = Callable[..., Json]


class FakeKube:
    """Expectations first (`expect`, `expect_patch`), then the run by `run_fake`, which checks that all were used."""

    server = "https://fake:6443"

    def __init__(self) -> None:
        self.expected: list[Json] = []
        self.check_mode = False

    def expect(
        self,
        path: str,
        answer: Json | str | KubeError,
        *,
        query: dict[str, str] | None = None,
        accept: str = "application/json",
        status: int = 200,
        times: int = 1,
    ) -> FakeKube:
        """Expect a GET. ``accept`` is a part of that header; a KubeError as the answer is raised (no connection)."""
        request = {"method": "GET", "path": path, "query": query or {}, "accept": accept, "body": None}
        self.expected += [{**request, "status": status, "answer": answer} for _time in range(times)]
        return self

    def expect_list(self, path: str, items: list[Json], **arguments: Any) -> FakeKube:
        """Expect a GET of one page of a list with all of its objects."""
        query = {"limit": "500", **arguments.pop("query", {})}
        return self.expect(path, {"kind": "List", "metadata": {}, "items": items}, query=query, **arguments)

    def expect_patch(self, path: str, body: Json, answer: Json | None = None, *, status: int = 200) -> FakeKube:
        request = {"method": "PATCH", "path": path, "query": {}, "accept": "application/json", "body": body}
        self.expected.append({**request, "status": status, "answer": answer or {}})
        return self

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        assert method == "GET" or not self.check_mode, f"{method} {path} in check mode"
        assert self.expected, f"nothing more was expected, but {method} {path} came"
        wanted = self.expected.pop(0)
        url = urlsplit(path)
        came = {
            "method": method,
            "path": url.path,
            "query": dict(parse_qsl(url.query, keep_blank_values=True)),
            "body": None if body is None else json.loads(body),
        }
        assert came == {key: wanted[key] for key in came}
        assert wanted["accept"] in headers["Accept"] or headers["Accept"] == "*/*"
        if TABLE in headers["Accept"] or METADATA in headers["Accept"]:
            assert wanted["accept"] in (TABLE, METADATA), f"{path} was asked for as {headers['Accept']}"
        if method == "PATCH":
            assert headers["Content-Type"] == "application/merge-patch+json"
        if isinstance(wanted["answer"], KubeError):
            raise wanted["answer"]
        text = wanted["answer"] if isinstance(wanted["answer"], str) else json.dumps(wanted["answer"])
        return Answer(wanted["status"], text.encode())


def failure(message: str, code: int) -> Json:
    """A Status object, as the Kubernetes API returns it with an error."""
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}


@pytest.fixture(name="run_fake")
def run_fake_fixture(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunModule:
    """Run a module against a fake and return its result; fail when an expected request was not sent."""

    def run(module: ModuleType, fake: FakeKube, check: bool = False, **parameters: Any) -> Json:
        monkeypatch.setattr(kube_module, "open_transport", lambda kubeconfig, context: fake)
        fake.check_mode = check
        arguments = {
            "kubeconfig": "/nowhere/kubeconfig",
            "_ansible_check_mode": check,
            "_ansible_diff": True,
            **parameters,
        }
        with patch_module_args(arguments), pytest.raises(SystemExit):
            module.main()
        result: Json = json.loads(capsys.readouterr().out)
        assert fake.expected == [], f"these requests did not come; the module said {result.get('msg')}"
        return result

    return run

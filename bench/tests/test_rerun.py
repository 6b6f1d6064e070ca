# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.bench import rerun
from ansible_collections.airfield.airflow.bench.rerun import Run, null_playbook, read_recap

OUTPUT = """
TASK [Tell of a PLAY RECAP] ****
localhost : ok=1 changed=1 unreachable=0 failed=0 skipped=1

PLAY RECAP *********************************************************************
host-worker-1              : ok=12   changed=0    unreachable=0    failed=0    skipped=3    rescued=0    ignored=0
localhost                  : ok=81   changed=2    unreachable=0    failed=0    skipped=40   rescued=0    ignored=0

TASKS RECAP ********************************************************************
"""


def test_recap_is_summed_over_the_hosts() -> None:
    assert read_recap(OUTPUT, 40.5) == Run(seconds=40.5, tasks=93, changed=2, skipped=43)


@pytest.mark.parametrize("output", ["", "PLAY RECAP ***\n", OUTPUT.replace("PLAY RECAP", "END")])
def test_output_without_a_recap_is_no_measurement(output: str) -> None:
    with pytest.raises(SystemExit, match="no recap"):
        read_recap(output, 1.0)


def test_null_playbook_has_as_many_tasks() -> None:
    (play,) = json.loads(null_playbook(93))
    assert len(play["tasks"]) == 93
    assert all("ansible.builtin.ping" in task for task in play["tasks"])


@pytest.mark.parametrize(
    ("inventory", "kubeconfig", "namespace", "maker"),
    [
        ("inventories/local", "airfield/kubeconfig", "airflow", "`make up`"),
        ("inventories/gitops", "airfield-gitops/kubeconfig", "airflow-core", "`make up INVENTORY=inventories/gitops`"),
    ],
)
def test_an_inventory_that_is_not_installed_is_refused_as_nothing_may_be_installed(
    monkeypatch: pytest.MonkeyPatch, inventory: str, kubeconfig: str, namespace: str, maker: str
) -> None:
    asked: list[tuple[str, ...]] = []

    def refuse(path: Path, *place: str) -> None:
        asked.append(("/".join(path.parts[-2:]), *place))
        raise SystemExit("not installed")

    monkeypatch.setattr(rerun, "kube_client", refuse)
    monkeypatch.setattr(rerun, "_play", lambda *_arguments: pytest.fail("it was run"))
    with pytest.raises(SystemExit, match="not installed"):
        rerun.rerun(inventory)
    assert asked == [(kubeconfig, namespace, maker)]

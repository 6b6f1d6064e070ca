# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.airflow_harness.examples import not_executed, write_examples
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import Failed

EXAMPLES = """
- name: Make one
  airfield.airflow.pool:
    name: one

- name: Remove it
  airfield.airflow.pool:
    name: one
"""
MAIN = "---\n- name: Execute the examples\n  ansible.builtin.include_tasks: examples.yml\n"


def collection(directory: Path, examples: str = EXAMPLES, main: str | None = MAIN) -> Path:
    files = {
        "meta/runtime.yml": "action_groups: {airflow: [pool]}\n",
        "plugins/modules/pool.py": f'DOCUMENTATION = r"""x"""\nEXAMPLES = r"""{examples}"""\n',
    }
    if main is not None:
        files["tests/integration/targets/pool/tasks/main.yml"] = main
    for name, content in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content)
    return directory


def test_examples_are_written_as_they_are(tmp_path: Path) -> None:
    assert write_examples(collection(tmp_path)) == {"pool": ["Make one", "Remove it"]}
    written = tmp_path / "tests/integration/targets/pool/tasks/examples.yml"
    assert written.read_text() == f"---{EXAMPLES}"


def test_an_older_airflow_need_not_execute_what_has_a_condition(tmp_path: Path) -> None:
    root = collection(tmp_path, f"{EXAMPLES}  when: airflow_version is version('3.1', '>=')\n")
    assert write_examples(root) == {"pool": ["Make one", "Remove it"]}
    assert write_examples(root, conditional=False) == {"pool": ["Make one"]}


def test_lookups_have_targets_of_their_own(tmp_path: Path) -> None:
    root = collection(tmp_path)
    (root / "plugins/lookup").mkdir()
    (root / "plugins/lookup/variable.py").write_text(f'EXAMPLES = """{EXAMPLES}"""\n')
    with pytest.raises(Failed, match="variable has no target tests/integration/targets/lookup_variable"):
        write_examples(root)
    assert write_examples(root, ["pool"]) == {"pool": ["Make one", "Remove it"]}


@pytest.mark.parametrize(
    ("main", "examples", "sentence"),
    [
        (None, EXAMPLES, "pool has no target"),
        ("---\n[]\n", EXAMPLES, "The target pool does not include examples.yml"),
        (MAIN, "", r"pool\.py has no EXAMPLES"),
        (MAIN, "- hosts: all\n", "The examples of pool are not a list of tasks"),
        (MAIN, "- debug:\n", "needs a name that no other has"),
        (MAIN, EXAMPLES + EXAMPLES, "needs a name that no other has"),
    ],
)
def test_what_executes_no_examples_fails(tmp_path: Path, main: str | None, examples: str, sentence: str) -> None:
    with pytest.raises(Failed, match=sentence):
        write_examples(collection(tmp_path, examples, main))


def test_skipped_and_missing_examples_are_found() -> None:
    output = (
        "TASK [pool : Make one] ****\nok: [testhost]\n\nTASK [pool : Remove it] ***\nskipping: [testhost]\n"
        "TASK [pool : Look] ********\nchanged: [testhost]\n"
    )
    names = ["Make one", "Remove it", "Look", "Forgotten"]
    assert not_executed("pool", names, output) == ["Remove it", "Forgotten"]

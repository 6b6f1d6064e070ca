# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports a DAG file without Airflow: just enough of ``airflow.sdk`` for the file's functions to be called."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

DAGS = Path(__file__).parents[3] / "dags"


class AirflowException(Exception):
    """Airflow retries the task after this one."""


class AirflowFailException(AirflowException):
    """Airflow does not retry the task after this one."""


def _task(**options: Any) -> Any:
    return lambda function: mock.MagicMock(function=function, options=options)


def load_dag(name: str) -> ModuleType:
    """Import ``dags/*/NAME.py``. Its @task functions become mocks whose ``function`` is the function itself."""
    sdk, exceptions = ModuleType("airflow.sdk"), ModuleType("airflow.sdk.exceptions")
    for attribute in ("DAG", "Connection", "get_current_context"):
        setattr(sdk, attribute, mock.MagicMock(name=attribute))
    vars(sdk).update(task=_task, Param=lambda default, **schema: default)
    vars(exceptions).update(AirflowException=AirflowException, AirflowFailException=AirflowFailException)
    bash = mock.MagicMock(name="airflow.providers.standard.operators.bash")
    stubs: dict[str, Any] = {
        "airflow": ModuleType("airflow"),
        "airflow.sdk": sdk,
        "airflow.sdk.exceptions": exceptions,
        "airflow.providers.standard.operators.bash": bash,
    }
    (path,) = DAGS.glob(f"*/{name}.py")
    specification = importlib.util.spec_from_file_location(f"dags_under_test.{name}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    with mock.patch.dict(sys.modules, stubs):
        specification.loader.exec_module(module)
    return module

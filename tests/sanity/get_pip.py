# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install pip into ansible-test's virtual environments from Python itself and PyPI.

ansible-test would download pip's bootstrap script from its own host; it uses this file instead if it is
in its cache directory under the name that it asks for.
"""

from __future__ import annotations

import subprocess
import sys

# --no-setuptools and --no-wheel are options of the script that this one replaces; pip installs neither by itself.
arguments = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
sys.exit(subprocess.run([sys.executable, "-m", "pip", "install", *arguments], check=False).returncode)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of Sphinx; docs/build.py runs it."""

project = "airfield.airflow"
author = "The airfield.airflow authors"
copyright = f"2026, {author}"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
# docs/build.py writes the inventory, because the build must not need the network.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/latest/", "ansible.inv")}

default_role = "any"
nitpicky = True
highlight_language = "YAML+Jinja"
pygments_style = "ansible"

html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
html_use_index = False
html_static_path = ["static"]
html_css_files = ["wide.css"]

# `make up` takes this machine to a proven Airflow run; `make test` runs what CI runs; `make down` removes what `make up` made.
PYTHON ?= python3
INVENTORY ?= inventories/local
DELETE_DATA ?= 0
# Further arguments for ansible-playbook: make up ARGS='-e airfield_source=packages -vv'
ARGS ?=
# Further arguments for antsibull-changelog release: make release RELEASE='--date 2026-12-01'
RELEASE ?=

venv := .venv
collection := $(venv)/collections/ansible_collections/airfield/airflow
playbook := $(venv)/bin/ansible-playbook -i $(INVENTORY) $(ARGS)

.PHONY: up verify status trigger down test bench docs tarball release clean user

# Ansible ignores an ansible.cfg in a directory that everybody may write to, unless it is named.
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg

up: $(venv)/.up
	$(playbook) site.yml

verify: $(venv)/.up
	$(playbook) playbooks/verify.yml

status: $(venv)/.up
	$(playbook) playbooks/status.yml

trigger: $(venv)/.up
	$(playbook) playbooks/trigger.yml

down: $(venv)/.up
	$(playbook) playbooks/teardown.yml $(if $(filter 1,$(DELETE_DATA)),-e airfield_delete_data=true)

test: $(venv)/.test
	$(venv)/bin/python tests/run.py $(STAGES)

bench: $(venv)/.test
	$(venv)/bin/python bench/run.py $(BENCHES)

# The HTML site in .cache/docs.
docs: $(venv)/.test
	$(venv)/bin/python docs/build.py

# The changelog of the version in galaxy.yml, and airfield-airflow-VERSION.tar.gz in .cache/release.
tarball: $(venv)/.test
	$(venv)/bin/antsibull-changelog lint
	$(venv)/bin/antsibull-changelog release --ansible-doc-bin $(abspath $(venv)/bin/ansible-doc) $(RELEASE)
	$(venv)/bin/ansible-galaxy collection build --force --output-path .cache/release

release: tarball docs

clean: user
	rm -rf $(venv) .cache

# Everything that these commands write belongs to the user who types them, and is found again by that user.
user:
	@test "$$(uname -s)" = Linux || { echo 'airfield needs Linux. On another system use a virtual machine with Debian or Ubuntu.'; exit 1; }
	@test -z "$$SUDO_UID" || test "$$(id -u)" != 0 || test "$$(stat --format=%u .)" = 0 || { echo 'Run make as yourself, without sudo: it uses sudo where it needs the rights of root. If sudo asks for a password, run make up ARGS=--ask-become-pass. Only make test must run as root, in a checkout that belongs to root.'; exit 1; }

# Debian's Python has no ensurepip until the package for its version is installed. The sentence takes the place of the traceback.
$(venv)/bin/python: | user
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo 'airfield needs Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.13'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(PYTHON) -c 'import sys; print("This Python cannot make virtual environments. Install the package python%d.%d-venv: sudo apt-get install python%d.%d-venv" % (sys.version_info[:2] * 2))'; exit 1; }
	$(PYTHON) -m venv $(venv)

$(collection): | $(venv)/bin/python
	mkdir -p $(dir $(collection))
	ln -sfn "$(CURDIR)" $(collection)

$(venv)/.up: requirements.txt environment/module_bytecode.py environment/module_bytecode.pth | user $(collection)
	$(venv)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@cd $(venv)/lib/python3.*/site-packages && for kind in py pth; do cp "$(CURDIR)/environment/module_bytecode.$$kind" airfield_module_bytecode.$$kind || exit 1; done
	@touch $@

$(venv)/.test: requirements-dev.txt $(venv)/.up
	$(venv)/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

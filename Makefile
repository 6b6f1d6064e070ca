# `make up` takes this machine to a proven Airflow run; `make test` runs what CI runs; `make down` removes what `make up` made.
PYTHON ?= python3
INVENTORY ?= inventories/local
DELETE_DATA ?= 0
# Further arguments for ansible-playbook: make up ARGS='-e airfield_source=packages -vv'
ARGS ?=

venv := .venv
collection := $(venv)/collections/ansible_collections/airfield/airflow
playbook := $(venv)/bin/ansible-playbook -i $(INVENTORY) $(ARGS)

.PHONY: up verify status trigger down test bench clean

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

clean:
	rm -rf $(venv) .cache

# Debian ships Python without what makes virtual environments; the error of a missing ensurepip names the package, this installs it.
$(venv)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'airfield needs Python 3.11 or newer; name one: make PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { apt-get update && apt-get install --yes --no-install-recommends python3-venv; }
	$(PYTHON) -m venv $(venv)

$(collection): | $(venv)/bin/python
	mkdir -p $(dir $(collection))
	ln -sfn $(CURDIR) $(collection)

$(venv)/.up: requirements.txt | $(collection)
	$(venv)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(venv)/.test: requirements-dev.txt $(venv)/.up
	$(venv)/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

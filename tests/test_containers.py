"""Containers, as far as they can be checked with no engine: their files say what they should."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from outside import ROOT

COMPOSE = ROOT / "compose.yaml"
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
STEPS = [
    line
    for line in CONTAINERFILE.replace("\\\n", " ").splitlines()
    if line.strip() and not line.startswith("#")
]
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
EXACT = re.compile(r"^[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)*(@sha256:[0-9a-f]{64})?$")


def test_every_image_is_an_exact_version() -> None:
    bases = [line.split()[1] for line in STEPS if line.startswith("FROM")]
    images = [service["image"] for service in SERVICES.values()]
    assert bases
    assert [image for image in (*bases, *images) if not EXACT.match(image)] == []


def test_the_image_installs_from_the_lock_and_runs_as_nobody_special() -> None:
    steps = [line.split(maxsplit=1)[0] for line in STEPS]
    assert any("--require-hashes" in line for line in STEPS)
    assert [line for line in STEPS if line.startswith("USER")] == ["USER peninsula"]
    assert steps.index("USER") < steps.index("CMD")


def test_what_the_image_copies_is_there_and_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [name for line in STEPS if line.startswith("COPY") for name in shlex.split(line)[1:-1]]
    assert {"flows", "models", "alembic", "seeds", "requirements.lock"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name


def test_nothing_listens_beyond_this_machine_and_no_password_is_written_down() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    for service in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    for name in re.findall(r"(\w*(?:PASSWORD|AUTH_STRING)): (.*)", text):
        assert re.match(r"\$\{\w+:\?", name[1]), name[0]  # it has to be set, or nothing starts


def test_server_and_workers_hold_the_same_versions_and_password() -> None:
    server, worker = SERVICES["server"], SERVICES["worker"]
    assert server["image"] == worker["image"]
    given = server["environment"]["PREFECT_SERVER_API_AUTH_STRING"]
    assert given == worker["environment"]["PREFECT_API_AUTH_STRING"]
    for service in (server, worker, SERVICES["setup"]):
        assert service["cap_drop"] == ["ALL"]


def test_the_services_start_in_an_order_that_works() -> None:
    order = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}
    assert order == {"database": set(), "server": {"database"}, "setup": {"server"}, "worker": {"setup"}}


@pytest.mark.slow
def test_prefect_knows_the_options_of_the_worker(tmp_path: Path) -> None:
    command = SERVICES["worker"]["command"]
    env = os.environ | {"PREFECT_HOME": str(tmp_path)}
    asked = [sys.executable, "-m", *command[:3], "--help"]
    told = subprocess.run(asked, env=env, capture_output=True, text=True, check=True)
    for option in (word for word in command if word.startswith("--")):
        assert option in told.stdout, option


def test_a_compose_that_is_here_understands_the_file() -> None:
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not installed")
    env = os.environ | {"PREFECT_AUTH": "desk:x", "DATABASE_PASSWORD": "x"}
    command = [docker, "compose", "--file", str(COMPOSE), "config", "--quiet"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


FOUND = '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "GHSA-1", "fix_versions": %s}]}]}'
CLEAN = '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}'
UNASKED = '{"dependencies": [{"name": "a", "version": "1", "skip_reason": "no answer"}]}'


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (FOUND % '["2"]', 1, "a 1: GHSA-1, fixed in 2"),
        (FOUND % "[]", 0, "a 1: GHSA-1, no fix yet"),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}',
            0,
            "1 of 1 packages by osv; 0 findings",
        ),
        (UNASKED, 0, "NOTHING WAS AUDITED"),
        ("no JSON", 0, "NOTHING WAS AUDITED"),
    ],
)
def test_an_audit_tells_what_it_found_and_what_it_could_not_ask(
    answer: str, code: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "pip_audit.py").write_text(f"print({answer!r})", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "audit.py")],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr

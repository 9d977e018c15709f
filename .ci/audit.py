"""`make audit`: known vulnerabilities of what the lock installs; plain about what it could not ask.

Exit code 1 if something that can be fixed was found. Where no advisory source
answers (an intranet, an aeroplane) it says so and ends with 0: an audit that did
not happen must not look like one that found nothing, nor stop a desk.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVICES = ("osv", "pypi")
LIMIT = 300  # seconds for one source
LOCK = Path(__file__).parent.parent / "requirements.lock"


def main() -> int:
    """Ask one source after the other until one knows our packages."""
    for service in SERVICES:
        asked = _ask(service)
        known = [package for package in asked if "vulns" in package]
        if known:
            return _tell(service, known, len(asked))
        sys.stderr.write(f"audit: the advisories of {service} do not answer\n")
    sys.stderr.write("audit: NOTHING WAS AUDITED; run make audit where an advisory source can be reached\n")
    return 0


def _ask(service: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--no-deps"]
    command += ["--disable-pip", "--vulnerability-service", service, "--format", "json", "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)  # noqa: S603 - our own command
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return []


def _tell(service: str, packages: list[dict[str, Any]], asked: int) -> int:
    fixable = 0
    for package in packages:
        for found in package["vulns"]:
            fixes = ", ".join(found.get("fix_versions", []))
            fixable += bool(fixes)
            fix = f"fixed in {fixes}" if fixes else "no fix yet"
            sys.stdout.write(f"{package['name']} {package['version']}: {found['id']}, {fix}\n")
    sys.stdout.write(
        f"audit: {len(packages)} of {asked} packages by {service}; {fixable} findings can be fixed\n"
    )
    return 1 if fixable else 0


if __name__ == "__main__":
    sys.exit(main())

"""What the suite needs of this machine beside Python packages: named where it is missing, installed where that is allowed."""

import os
import shutil
import subprocess
from collections.abc import Sequence


def install(packages: Sequence[str], why: str) -> None:
    """As root on Debian, install them. apt's exit code says little, so the caller asks again what is missing."""
    if not packages or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"- installing {' and '.join(packages)} by apt, {why}", flush=True)
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(
            command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, check=False
        )

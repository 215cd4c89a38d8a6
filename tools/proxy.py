"""nginx for the proof, with the configuration that is shipped."""

import shutil
from typing import Final

from tools import debian

BY_HAND: Final = "apt-get update && apt-get install -y nginx-light openssl"


def missing() -> list[str]:
    needed = {"nginx": "nginx-light", "openssl": "openssl"}
    return [package for program, package in needed.items() if not shutil.which(program)]


def install() -> None:
    debian.install(missing(), "for the proof behind the proxy")

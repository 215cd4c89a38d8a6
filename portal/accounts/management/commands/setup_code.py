"""Prints the one-time code with which the first administrator is made in the browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from portal.accounts import setup


class Command(BaseCommand):
    help = "Print the one-time code of the first start; says nothing once there is a person."

    def handle(self, *args: Any, **options: Any) -> None:
        if not setup.is_open():
            self.stderr.write("There is somebody to sign in already, so no code opens anything.")
            return
        self.stdout.write(f"Nobody is here yet. Open {settings.BASE_URL}{reverse('accounts:setup')}")
        self.stdout.write(f"and type this code once: {setup.code()}")

"""Run by a test in a process of its own: approves each step it is told of, at the moment it is told, and says how it went."""

import sys
import time
from datetime import datetime

import django

django.setup()

from portal.common.errors import PortalError  # noqa: E402 -- after the set-up
from projects.actions.decision import decide  # noqa: E402 -- as above
from projects.enums import StepState  # noqa: E402 -- as above
from projects.models import ApprovalStep  # noqa: E402 -- as above

sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    pk, moment, now, decision = line.split()
    step = ApprovalStep.objects.select_related("submission__project", "approver").get(pk=int(pk))
    while time.monotonic() < float(moment):
        pass
    try:
        decide(step, StepState(decision), by=step.approver, now=datetime.fromisoformat(now), reason="So.")
        said = decision
    except PortalError as error:
        said = type(error).__name__
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()

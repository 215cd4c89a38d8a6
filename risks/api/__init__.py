"""What the API serves of risks, reviews and questions."""

from risks.api import answer, assessment, escalation, meeting, review, risk

routers = (risk.router, answer.router, review.router, meeting.router, assessment.router, escalation.router)

"""What the API serves of projects and what they consist of."""

from projects.api import approval, document, follow_up, knowledge, metric, pitch, project, sounding, submission

routers = (
    project.router,
    pitch.router,
    sounding.router,
    document.router,
    submission.router,
    approval.router,
    metric.router,
    follow_up.router,
    knowledge.router,
)

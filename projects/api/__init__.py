"""What the API serves of projects and what they consist of."""

from projects.api import follow_up, knowledge, metric, pitch, project, submission

routers = (project.router, pitch.router, submission.router, metric.router, follow_up.router, knowledge.router)

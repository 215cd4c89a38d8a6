"""What the API serves of projects and what they consist of."""

from projects.api import knowledge, pitch, project, submission

routers = (project.router, pitch.router, submission.router, knowledge.router)

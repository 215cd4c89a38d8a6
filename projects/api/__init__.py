"""What the API serves of projects and what they consist of."""

from projects.api import project

routers = (project.router,)

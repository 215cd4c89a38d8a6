"""What the API serves of retros and lessons."""

from retros.api import board, lesson, outcome, retro

routers = (retro.router, board.router, outcome.router, lesson.router)

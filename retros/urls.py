"""Addresses of retros and lessons."""

from django.urls import path

from retros.views import board, lesson, outcome, retro

app_name = "retros"

RETRO = "projects/<code:pk>/retro/<int:retro_pk>/"

urlpatterns = [
    path("retros/", retro.retros, name="list"),
    path("lessons/", lesson.lessons, name="lessons"),
    path("lessons/<int:lesson_pk>/", lesson.lesson_page, name="lesson_page"),
    path("projects/<code:pk>/lessons/", lesson.pitch_lessons, name="pitch_lessons"),
    path("projects/<code:pk>/lessons/<int:lesson_pk>/", lesson.lesson_answer, name="lesson_answer"),
    path("projects/<code:pk>/retro/", retro.retro_of_project, name="project"),
    path(RETRO, retro.retro_detail, name="detail"),
    path(f"{RETRO}answer/", retro.retro_answer, name="answer"),
    path(f"{RETRO}lesson/", outcome.lesson_add, name="lesson"),
    path(f"{RETRO}lesson/<int:lesson_pk>/drop/", outcome.lesson_drop, name="lesson_drop"),
    path(f"{RETRO}follow-up/", outcome.follow_up_add, name="follow_up"),
    path(f"{RETRO}day/", retro.retro_day, name="day"),
    path(f"{RETRO}hold/", retro.retro_hold, name="hold"),
    path(f"{RETRO}waive/", retro.retro_waive, name="waive"),
    path(f"{RETRO}minutes/", retro.minutes, name="minutes"),
    path(f"{RETRO}minutes/mail/", retro.minutes_mail, name="minutes_mail"),
    path(f"{RETRO}board/", board.board, name="board"),
    path(f"{RETRO}notes/", board.note_add, name="note"),
    path(f"{RETRO}notes/nothing/", board.nothing, name="nothing"),
    path(f"{RETRO}notes/<uuid:note_pk>/", board.note_change, name="note_change"),
    path(f"{RETRO}notes/<uuid:note_pk>/drop/", board.note_drop, name="note_drop"),
    path(f"{RETRO}notes/<uuid:note_pk>/group/", board.group, name="group"),
    path(f"{RETRO}notes/<uuid:note_pk>/topic/", board.topic, name="topic"),
    path(f"{RETRO}notes/<uuid:note_pk>/vote/", board.vote, name="vote"),
    path(f"{RETRO}phase/", board.phase, name="phase"),
    path(f"{RETRO}attendance/", board.attendance, name="attendance"),
    path(f"{RETRO}join/", board.join, name="join"),
]

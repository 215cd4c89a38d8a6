from django.urls import path

from risks.views import (
    answer,
    assess,
    bulk,
    escalation,
    escalation_deed,
    meeting,
    occurrence,
    project,
    register,
    review,
    risk,
)

app_name = "risks"

urlpatterns = [
    path("risks/", register.risk_list, name="list"),
    path("risks/export/<str:form>/", register.risk_export, name="export"),
    path("risks/change/", bulk.risk_bulk, name="bulk"),
    path("risks/new/", project.risk_raise, name="raise"),
    path("projects/<code:pk>/risks/", project.project_risks, name="project"),
    path("projects/<code:pk>/risks/new/", project.risk_new, name="new"),
    path("projects/<code:pk>/risks/<int:risk_pk>/", risk.risk_detail, name="detail"),
    path("projects/<code:pk>/risks/<int:risk_pk>/edit/", risk.risk_edit, name="edit"),
    path("projects/<code:pk>/risks/<int:risk_pk>/line/", risk.risk_line, name="line"),
    path("projects/<code:pk>/risks/<int:risk_pk>/mitigation/", answer.risk_mitigate, name="mitigate"),
    path(
        "projects/<code:pk>/risks/<int:risk_pk>/mitigation/<int:mitigation_pk>/done/",
        answer.mitigation_done,
        name="mitigation_done",
    ),
    path("projects/<code:pk>/risks/<int:risk_pk>/plan-b/", answer.risk_plan_b, name="plan_b"),
    path("projects/<code:pk>/risks/<int:risk_pk>/plan-b/use/", occurrence.plan_b_use, name="activate"),
    path("projects/<code:pk>/risks/<int:risk_pk>/acceptance/", answer.risk_accept, name="accept"),
    path("projects/<code:pk>/risks/<int:risk_pk>/occurred/", occurrence.risk_occur, name="occur"),
    path("projects/<code:pk>/risks/<int:risk_pk>/resolved/", occurrence.risk_resolve, name="resolve"),
    path("projects/<code:pk>/risks/<int:risk_pk>/close/", occurrence.risk_close, name="close"),
    path("escalations/", escalation.escalation_list, name="escalations"),
    path("projects/<code:pk>/escalations/new/", escalation.escalation_new, name="escalate"),
    path("projects/<code:pk>/escalations/<int:escalation_pk>/", escalation.escalation_detail, name="escalation"),
    path(
        "projects/<code:pk>/escalations/<int:escalation_pk>/<str:deed>/",
        escalation_deed.escalation_deed,
        name="escalation_deed",
    ),
    path("projects/<code:pk>/reviews/new/", review.review_call, name="review_call"),
    path("projects/<code:pk>/reviews/<int:review_pk>/", review.review_detail, name="review"),
    path("projects/<code:pk>/reviews/<int:review_pk>/answer/", review.review_answer, name="review_answer"),
    path("projects/<code:pk>/reviews/<int:review_pk>/move/", meeting.review_move, name="review_move"),
    path("projects/<code:pk>/reviews/<int:review_pk>/agree/<int:risk_pk>/", meeting.review_agree, name="review_agree"),
    path("projects/<code:pk>/reviews/<int:review_pk>/conclude/", meeting.review_conclude, name="review_conclude"),
    path("projects/<code:pk>/reviews/<int:review_pk>/minutes/", meeting.review_minutes, name="review_minutes"),
    path("projects/<code:pk>/reviews/<int:review_pk>/close/", review.review_close, name="review_close"),
    path("projects/<code:pk>/assess/<int:invitation_pk>/", assess.assessment, name="assess"),
    path("projects/<code:pk>/assess/<int:invitation_pk>/risk/", assess.assessment_add, name="assess_add"),
]

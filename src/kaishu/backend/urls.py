"""Addresses of the backend."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from kaishu.backend.publish import review_views
from kaishu.backend.publish import views as publish
from kaishu.cases import accounts, views_calendar, views_confirm, views_figures
from kaishu.cases import views_desk as desk
from kaishu.cases import views_list as cases
from kaishu.cases import views_papers as papers
from kaishu.cases import views_public as public
from kaishu.cases import views_sign_in as sign_in
from kaishu.cases import views_status as status

handler400 = status.bad_request
handler403 = status.forbidden
handler404 = status.not_found
handler500 = status.server_error

urlpatterns = [
    path("healthz", status.healthz, name="healthz"),
    path("cases/apply/", public.apply, name="apply"),
    path("cases/confirm/<str:token>/", views_confirm.confirm, name="confirm"),
    path("cases/demand/", public.demand, name="demand"),
    path("cases/correct/", public.correct, name="correct"),
    path("cases/track/", status.track, name="track"),
    path("cases/<str:number>/receipt/", status.receipt, name="receipt"),
    path("cases/<str:number>/", status.status, name="status"),
    path("cases/<str:number>/amend/", public.amend, name="amend"),
    path("cases/<str:number>/dispute/", public.dispute, name="dispute"),
    path("cases/<str:number>/supplement/", status.supplement, name="supplement"),
    path("cases/<str:number>/withdraw/", status.withdraw, name="withdraw"),
    path("cases/<str:number>/due.ics", papers.calendar, name="calendar"),
    path("cases/<str:number>/attachments/<int:pk>/", papers.attachment, name="attachment"),
    path("cases/<str:number>/letters/<int:sequence>/", papers.letter, name="letter"),
    path("cases/<str:number>/deliveries/<str:token>/", status.fetch, name="fetch"),
    path("desk/", cases.case_list, name="desk"),
    path("desk/login/", sign_in.login, name="desk-login"),
    path("desk/logout/", sign_in.logout, name="desk-logout"),
    path("desk/verify/", sign_in.verify, name="desk-verify"),
    path("desk/enrol/", sign_in.enrol, name="desk-enrol"),
    path("desk/admin/", accounts.site.urls),
    path("desk/figures/", views_figures.figures, name="desk-figures"),
    path("desk/calendar/", views_calendar.calendar, name="desk-calendar"),
    path("desk/export.csv", cases.export, name="desk-export"),
    path("desk/views/", cases.keep_view, name="desk-keep-view"),
    path("desk/views/<int:pk>/drop/", cases.drop_view, name="desk-drop-view"),
    path("desk/publish/", publish.index, name="publish"),
    path("desk/publish/<str:id_>/", publish.draft_page, name="publish-draft"),
    path("desk/publish/<str:id_>/table/", publish.table, name="publish-table"),
    path("desk/publish/<str:id_>/submit/", publish.submit, name="publish-submit"),
    path("desk/publish/<str:id_>/drop/", publish.drop, name="publish-drop"),
    path("desk/publish/<str:id_>/page/<path:path>", publish.page, name="publish-page"),
    path("desk/review/", review_views.index, name="reviews"),
    path("desk/review/<path:place>/", review_views.page, name="review"),
    path("desk/cases/<str:number>/letters/<int:sequence>/", papers.desk_letter, name="desk-letter"),
    path(
        "desk/cases/<str:number>/attachments/<int:pk>/",
        papers.desk_attachment,
        name="desk-attachment",
    ),
    path("desk/cases/<str:number>/", desk.case_page, name="desk-case"),
]
if settings.KAISHU_SINGLE_SIGN_ON:
    # The library is an extra, and is there where it is used.
    from kaishu.cases import single_sign_on

    urlpatterns += single_sign_on.urlpatterns

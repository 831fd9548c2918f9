"""Addresses of the backend."""

from __future__ import annotations

from django.urls import path

from kaishu.cases import views_desk as desk
from kaishu.cases import views_list as cases
from kaishu.cases import views_public as public
from kaishu.cases import views_sign_in as sign_in
from kaishu.cases import views_status as status

handler403 = status.forbidden
handler404 = status.not_found
handler500 = status.server_error

urlpatterns = [
    path("healthz", status.healthz, name="healthz"),
    path("cases/apply/", public.apply, name="apply"),
    path("cases/demand/", public.demand, name="demand"),
    path("cases/correct/", public.correct, name="correct"),
    path("cases/track/", status.track, name="track"),
    path("cases/<str:number>/receipt/", status.receipt, name="receipt"),
    path("cases/<str:number>/", status.status, name="status"),
    path("cases/<str:number>/amend/", public.amend, name="amend"),
    path("cases/<str:number>/dispute/", public.dispute, name="dispute"),
    path("cases/<str:number>/supplement/", status.supplement, name="supplement"),
    path("cases/<str:number>/withdraw/", status.withdraw, name="withdraw"),
    path("cases/<str:number>/deliveries/<int:pk>/", status.fetch, name="fetch"),
    path("desk/", cases.case_list, name="desk"),
    path("desk/login/", sign_in.login, name="desk-login"),
    path("desk/logout/", sign_in.logout, name="desk-logout"),
    path("desk/verify/", sign_in.verify, name="desk-verify"),
    path("desk/enrol/", sign_in.enrol, name="desk-enrol"),
    path("desk/export.csv", cases.export, name="desk-export"),
    path("desk/views/", cases.keep_view, name="desk-keep-view"),
    path("desk/views/<int:pk>/drop/", cases.drop_view, name="desk-drop-view"),
    path("desk/cases/<str:number>/", desk.case_page, name="desk-case"),
]

"""Addresses of the backend."""

from __future__ import annotations

from django.urls import path

from kaishu.backend.publish import review_views
from kaishu.backend.publish import views as publish
from kaishu.cases import views_desk as desk
from kaishu.cases import views_public as public

handler404 = public.not_found
handler500 = public.server_error

urlpatterns = [
    path("healthz", public.healthz, name="healthz"),
    path("cases/apply/", public.apply, name="apply"),
    path("cases/track/", public.track, name="track"),
    path("cases/<str:number>/receipt/", public.receipt, name="receipt"),
    path("cases/<str:number>/", public.status, name="status"),
    path("cases/<str:number>/withdraw/", public.withdraw, name="withdraw"),
    path("cases/<str:number>/deliveries/<int:pk>/", public.fetch, name="fetch"),
    path("desk/", desk.case_list, name="desk"),
    path("desk/login/", desk.login, name="desk-login"),
    path("desk/logout/", desk.logout, name="desk-logout"),
    path("desk/cases/<str:number>/", desk.case_page, name="desk-case"),
    path("desk/publish/", publish.index, name="publish"),
    path("desk/publish/<str:id_>/", publish.draft_page, name="publish-draft"),
    path("desk/publish/<str:id_>/submit/", publish.submit, name="publish-submit"),
    path("desk/publish/<str:id_>/drop/", publish.drop, name="publish-drop"),
    path("desk/publish/<str:id_>/page/<path:path>", publish.page, name="publish-page"),
    path("desk/review/", review_views.index, name="reviews"),
    path("desk/review/<path:place>/", review_views.page, name="review"),
]

"""Django's own admin, for superusers alone: the desk's accounts, and nothing of the cases.

Cases change by verbs only, so none is registered here. An account that is no longer needed is
closed and not deleted, as the record names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from kaishu.base.errors import KaishuError
from kaishu.base.i18n import N_
from kaishu.cases import staff
from kaishu.cases.desk import has_second_factor
from kaishu.cases.fields import _, email, options
from kaishu.cases.models import StaffProfile
from kaishu.cases.portal import now
from kaishu.cases.words import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Site(admin.AdminSite):
    """The admin behind the desk's own sign-in; whoever is no superuser does not find it."""

    site_header = site_title = index_title = _(N_("Accounts of the desk"))
    site_url = None
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers who have passed their second factor."""
        user: Any = request.user
        return bool(user.is_active and user.is_superuser and has_second_factor(request))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one sign-in: the desk's."""
        user: Any = request.user
        if not user.is_authenticated:
            return redirect_to_login(self._index())
        if not user.is_superuser:
            raise Http404
        return redirect(self._index() if self.has_permission(request) else "desk")

    def _index(self) -> str:
        return reverse(f"{self.name}:index")


def _departments() -> list[tuple[str, str]]:
    """The catalogue's departments; none for operator and auditor."""
    return [("", "—"), *((one.id, one.name) for one in now().catalog.portal.departments)]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom an account belongs to: role and department fit, as on the command line."""

    role = forms.ChoiceField(label=_(N_("Role")), choices=options(Role))
    department = forms.ChoiceField(label=_(N_("Department")), choices=_departments, required=False)
    email = email(N_("E-mail"), N_("Where reminders are sent."))

    class Meta:
        model = StaffProfile
        fields = ("role", "department", "email")

    def clean(self) -> dict[str, Any]:
        """A head without a department, or one that does not exist, is refused."""
        data: dict[str, Any] = super().clean() or {}
        try:
            staff.check_role(Role(data.get("role", "")), data.get("department", ""))
        except KaishuError as error:
            raise forms.ValidationError(str(error)) from error
        return data


class _ProfileInline(admin.StackedInline):  # type: ignore[type-arg]
    model = StaffProfile
    form = ProfileForm
    verbose_name = verbose_name_plural = _(N_("Role and department"))
    can_delete = False
    min_num = max_num = 1


class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts: opened, closed, given a password; permissions of Django's own play no part."""

    inlines = (_ProfileInline,)
    fieldsets = ((None, {"fields": ("username", "password", "is_active", "is_superuser")}),)
    list_display = ("username", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The record names accounts: they are closed, not deleted."""
        return False


site = Site(name="accounts")
site.register(get_user_model(), AccountAdmin)

"""Single sign-on of officers by OpenID Connect (OpenID Connect Core 1.0), where the portal sets it.

The provider of identities vouches for the second factor too; it makes no accounts here: whom it
names must have one. Only loaded where `KAISHU_OIDC_ISSUER` is set, as the library is an extra.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import jwt
import requests
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import SuspiciousOperation
from django.urls import path
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from kaishu.cases.desk import SINGLE_SIGN_ON

if TYPE_CHECKING:
    from django.http import HttpResponse

_TIMEOUT: Final = 10
_ENDPOINTS: Final = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}


@lru_cache(maxsize=4)
def _discovered(issuer: str) -> dict[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""
    answer = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=_TIMEOUT)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def setting(name: str, *default: Any) -> Any:
    """A setting of the library's, from our own few and from what the provider says of itself."""
    own = settings.KAISHU_OIDC
    if name in _ENDPOINTS:
        return _discovered(own["issuer"]).get(_ENDPOINTS[name], "")
    fixed: dict[str, Any] = {
        "OIDC_RP_CLIENT_ID": own["client_id"],
        "OIDC_RP_CLIENT_SECRET": own["client_secret"],
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_RP_SCOPES": "openid profile",
        "OIDC_USE_PKCE": True,
        "OIDC_CREATE_USER": False,
        "OIDC_TIMEOUT": _TIMEOUT,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "oidc_authentication_callback",
        "LOGIN_REDIRECT_URL_FAILURE": settings.LOGIN_URL,
        "LOGIN_REDIRECT_URL": settings.LOGIN_REDIRECT_URL,
    }
    return fixed[name] if name in fixed else getattr(settings, name, *default)


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Finds the account that the provider names by `preferred_username`."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """See `setting`."""
        return setting(attr, *args)

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Signature and nonce by the library; audience and issuer here (Core 1.0, 3.1.3.7)."""
        try:
            payload: dict[str, Any] = super().verify_token(token, **kwargs)
        except jwt.PyJWTError as error:
            raise SuspiciousOperation("This token is not valid.") from error
        own = settings.KAISHU_OIDC
        audience = payload.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        if own["client_id"] not in meant or payload.get("iss") != own["issuer"]:
            raise SuspiciousOperation("This token was made for or by somebody else.")
        return payload

    def get_userinfo(
        self, access_token: str, id_token: str, payload: dict[str, Any]
    ) -> dict[str, Any]:
        """The claims of the signed token itself."""
        return payload

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """Whether the token names an account."""
        return bool(claims.get("preferred_username"))

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        """The account named, if it is an officer's."""
        return get_user_model().objects.filter(
            username=str(claims["preferred_username"]), staff_profile__isnull=False
        )


class Start(OIDCAuthenticationRequestView):  # type: ignore[misc]
    """Leads to the provider."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """See `setting`."""
        return setting(attr, *args)


class Callback(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Comes back from the provider."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """See `setting`."""
        return setting(attr, *args)

    def login_success(self) -> HttpResponse:
        """Sign in, with the second factor that the provider has asked for."""
        response: HttpResponse = super().login_success()
        self.request.session[SINGLE_SIGN_ON] = True
        return response


urlpatterns = [
    path("desk/sso/", Start.as_view(), name="oidc_authentication_init"),
    path("desk/sso/callback/", Callback.as_view(), name="oidc_authentication_callback"),
]

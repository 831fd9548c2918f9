"""Django's settings, from the portal's own catalog.yaml and a few environment variables.

KAISHU_ROOT: the portal's folder (default: the current one). KAISHU_VAR: where the database,
the keys and deliveries are kept (default: `var/` in the root). DATABASE_URL: another database
than the embedded one. KAISHU_KEYS: the keys that seal applicants' words (Fernet), newest first,
separated by commas; needed in production with a DATABASE_URL, as several hosts must share them.
KAISHU_SECRET_KEY: what signs sessions, links and proofs, where several hosts must share it too.
KAISHU_ALLOWED_HOSTS: further host names, separated by commas. KAISHU_BEHIND_PROXY: how many
proxies of the operator's own stand in front and set X-Forwarded-Proto and -For.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import dj_database_url
from cryptography.fernet import Fernet

from kaishu.base import strict_yaml
from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

KAISHU_ROOT = Path(os.environ.get("KAISHU_ROOT", ".")).resolve()
KAISHU_VAR = Path(os.environ.get("KAISHU_VAR") or KAISHU_ROOT / "var").resolve()

_portal: dict[str, Any] = (
    strict_yaml.read(KAISHU_ROOT / "catalog.yaml", file="catalog.yaml").value or {}
)
_url = urlsplit(str(_portal.get("url", "")))


def _kept(path: Path, new: Callable[[], str]) -> str:
    """A secret of this installation, made at its first start, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Of two processes that start at once, one makes it and both read the same.
        made = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as target:
            target.write(new())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()


def _keys() -> list[str]:
    """The keys that seal applicants' words, newest first."""
    given = [key.strip() for key in os.environ.get("KAISHU_KEYS", "").split(",") if key.strip()]
    if not given and os.environ.get("DATABASE_URL") and _portal.get("mode") == "production":
        raise UsageError(_("With a DATABASE_URL, give the keys in KAISHU_KEYS as well."))
    if not given:
        given = _kept(KAISHU_VAR / "keys", lambda: Fernet.generate_key().decode()).split()
    for key in given:
        try:
            Fernet(key)
        except ValueError as error:
            raise UsageError(
                _("A key in KAISHU_KEYS is no Fernet key: 32 bytes in URL-safe base64.")
            ) from error
    return given


def _secret_key() -> str:
    """What signs; at least 50 characters, as Django asks for."""
    given = os.environ.get("KAISHU_SECRET_KEY", "").strip()
    if given and len(given) < 50:
        raise UsageError(_("KAISHU_SECRET_KEY has fewer than 50 characters."))
    return given or _kept(KAISHU_VAR / "secret-key", lambda: secrets.token_urlsafe(48))


def _number(name: str, given: str) -> int:
    """A count in the environment; 0 where there is none."""
    given = given.strip() or "0"
    if not given.isascii() or not given.isdigit():
        raise UsageError(_("{name} is a number, not “{given}”.").format(name=name, given=given))
    return int(given)


SECRET_KEY = _secret_key()
KAISHU_KEYS = _keys()
KAISHU_URL = str(_portal.get("url", ""))
KAISHU_BACKEND_URL = str((_portal.get("backend") or {}).get("url") or KAISHU_URL)
KAISHU_MODE = str(_portal.get("mode") or "production")
DEBUG = False
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *([_url.hostname] if _url.hostname else []),
    *filter(None, os.environ.get("KAISHU_ALLOWED_HOSTS", "").split(",")),
]
if _url.scheme == "https":
    CSRF_TRUSTED_ORIGINS = [f"https://{_url.netloc}"]

KAISHU_LANGUAGE = _portal.get("language", "zh-CN")
LANGUAGE_CODE = "zh-hans" if KAISHU_LANGUAGE == "zh-CN" else "en"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "kaishu.cases",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
MIDDLEWARE = [
    "kaishu.cases.middleware.SafeHeaders",
    "kaishu.cases.middleware.AccessLog",
    "kaishu.cases.middleware.BodyLimit",
    "kaishu.cases.middleware.NoNul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kaishu.cases.middleware.DeskSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kaishu.cases.middleware.DeskAccounts",
    "kaishu.cases.middleware.DeskDevices",
    "kaishu.cases.middleware.DeskMessages",
    "kaishu.cases.middleware.PortalLanguage",
    "kaishu.cases.middleware.DeskGuard",
    "kaishu.cases.outage.Outage",
]
ROOT_URLCONF = "kaishu.backend.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            Path(__file__).parents[1] / "cases" / "templates",
            Path(__file__).parent / "publish" / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kaishu.cases.templating.environment",
            "context_processors": [
                "kaishu.cases.templating.portal",
                "kaishu.backend.publication.context",
            ],
        },
    },
    {
        # The pages of Django's own admin, and of nothing else.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES: dict[str, Any] = {"default": {}}
if os.environ.get("DATABASE_URL"):
    DATABASES["default"] = dj_database_url.config(conn_max_age=60, conn_health_checks=True)
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"]["ENGINE"] = "kaishu.backend.postgresql"
    # What is filed is one statement, which the server plans once for each connection.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 2)
else:
    # Writers queue at BEGIN instead of failing in the middle; a commit survives a power cut. A filing
    # writes some 27 pages of 4 KB: they go into the main file once for 300 filings, not for 37.
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": KAISHU_VAR / "kaishu.sqlite3",
        # A connection stays with its thread: the files beside the database, which reading needs
        # too, are then not made anew, which a full disk would not allow.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA wal_autocheckpoint=8000;",
        },
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/cases/static/"
STATICFILES_DIRS = [
    Path(__file__).parents[1] / "assets",
    Path(__file__).parents[1] / "cases" / "static",
]
WHITENOISE_USE_FINDERS = True

LOGIN_URL = "desk-login"
LOGIN_REDIRECT_URL = "desk"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Guessing passwords is paused for the name and for the address, whichever of both is guessed at.
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_LOCKOUT_CALLABLE = "kaishu.cases.views_sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "kaishu.cases.throttle.visitor"
AXES_HTTP_RESPONSE_CODE = 403
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
OTP_TOTP_ISSUER = str(_portal.get("title", ""))
# Single sign-on of officers by OpenID Connect, where a provider of identities is named.
KAISHU_OIDC = {
    "issuer": os.environ.get("KAISHU_OIDC_ISSUER", "").rstrip("/"),
    "client_id": os.environ.get("KAISHU_OIDC_CLIENT_ID", ""),
    "client_secret": os.environ.get("KAISHU_OIDC_CLIENT_SECRET", ""),
}
KAISHU_SINGLE_SIGN_ON = bool(KAISHU_OIDC["issuer"])
if KAISHU_SINGLE_SIGN_ON:
    AUTHENTICATION_BACKENDS.append("kaishu.cases.single_sign_on.Backend")
SESSION_COOKIE_AGE = 2 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kaishu.cases.views_status.csrf_failure"
# Only proxies of the operator's own may say that the visitor came by HTTPS, and from where.
KAISHU_PROXIES = _number("KAISHU_BEHIND_PROXY", os.environ.get("KAISHU_BEHIND_PROXY", ""))
if KAISHU_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Behind a proxy that ends TLS nobody signs in over plain HTTP.
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _url.scheme == "https"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A table of many columns is corrected column by column.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Where mail is handed over, and where attachments are scanned: see `cases.mail.smtp` and
# `cases.files.scanner`.
KAISHU_MAIL = {
    "KAISHU_SMTP": os.environ.get("KAISHU_SMTP", ""),
    "KAISHU_SMTP_USER": os.environ.get("KAISHU_SMTP_USER", ""),
    "KAISHU_SMTP_PASSWORD": os.environ.get("KAISHU_SMTP_PASSWORD", ""),
    "KAISHU_MAIL_FROM": os.environ.get("KAISHU_MAIL_FROM", ""),
}
KAISHU_CLAMD = os.environ.get("KAISHU_CLAMD", "")

"""Django's settings, from the portal's own catalog.yaml and a few environment variables.

KAISHU_ROOT: the portal's folder (default: the current one). KAISHU_VAR: where the database,
the secret key and deliveries are kept (default: `var/` in the root). DATABASE_URL: another
database than the embedded one. KAISHU_ALLOWED_HOSTS: further host names, separated by commas.
KAISHU_BEHIND_PROXY=1: a proxy of the operator's own sets X-Forwarded-Proto and -For.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from kaishu.base import strict_yaml

KAISHU_ROOT = Path(os.environ.get("KAISHU_ROOT", ".")).resolve()
KAISHU_VAR = Path(os.environ.get("KAISHU_VAR") or KAISHU_ROOT / "var").resolve()

_portal: dict[str, Any] = (
    strict_yaml.read(KAISHU_ROOT / "catalog.yaml", file="catalog.yaml").value or {}
)
_url = urlsplit(str(_portal.get("url", "")))


def _secret_key(path: Path) -> str:
    """The key of this installation, made at its first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as target:
            target.write(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _secret_key(KAISHU_VAR / "secret-key")
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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "kaishu.cases",
]
MIDDLEWARE = [
    "kaishu.cases.middleware.SafeHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kaishu.cases.middleware.PortalLanguage",
]
ROOT_URLCONF = "kaishu.backend.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parents[1] / "cases" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kaishu.cases.templating.environment",
            "context_processors": ["kaishu.cases.templating.portal"],
        },
    }
]

DATABASES: dict[str, Any] = {"default": {}}
if os.environ.get("DATABASE_URL"):
    DATABASES["default"] = dj_database_url.config(conn_max_age=60, conn_health_checks=True)
else:
    # Writers queue at BEGIN instead of failing in the middle; a commit survives a power cut.
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": KAISHU_VAR / "kaishu.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
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
SESSION_COOKIE_AGE = 2 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kaishu.cases.views_public.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Only a proxy of the operator's own may say that the visitor came by HTTPS, and from where.
KAISHU_BEHIND_PROXY = os.environ.get("KAISHU_BEHIND_PROXY") == "1"
if KAISHU_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

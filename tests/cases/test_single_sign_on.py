"""Single sign-on against a small OpenID provider of the test's own, over real HTTP."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client
from tests.cases.conftest import PASSWORD

from kaishu.cases import staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey = KEY) -> str:
    head = b64(json.dumps({"alg": "RS256", "kid": "1", "typ": "JWT"}).encode())
    text = f"{head}.{b64(json.dumps(claims).encode())}"
    return f"{text}.{b64(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@dataclass
class Provider:
    """An OpenID provider that says of whoever comes what the test has told it to say."""

    issuer: str = ""
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = KEY
    asked: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, path: str) -> dict[str, Any]:
        if path.endswith("openid-configuration"):
            return {
                name: f"{self.issuer}/{name}"
                for name in (
                    "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri",
                )
            }  # fmt: skip
        if path == "/jwks_uri":
            public = KEY.public_key().public_numbers()
            key = {"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig"}
            return {"keys": [{**key, "n": number(public.n), "e": number(public.e)}]}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": "kaishu", "sub": "1", "iat": now, "exp": now + 60,
            "nonce": self.nonce, "preferred_username": "zhang", **self.claims,
        }  # fmt: skip
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed(claims, self.key)}


@pytest.fixture
def provider(settings: SettingsWrapper) -> Iterator[Provider]:
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(told.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.asked = parse_qs(self.rfile.read(length).decode())
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.issuer = f"http://127.0.0.1:{server.server_port}"
    settings.KAISHU_OIDC = {"issuer": told.issuer, "client_id": "kaishu", "client_secret": "s"}
    settings.KAISHU_SINGLE_SIGN_ON = True
    settings.KAISHU_MODE = "production"
    settings.ROOT_URLCONF = "tests.cases.oidc_urls"
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "kaishu.cases.single_sign_on.Backend",
    ]
    staff.add("zhang", "mzj", PASSWORD)
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


def sign_in(provider: Provider) -> tuple[Client, Any]:
    """Go to the provider and come back with its code."""
    client = Client()
    away = client.get("/desk/sso/")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert away["Location"].startswith(f"{provider.issuer}/authorization_endpoint?")
    provider.nonce = provider.nonce or asked["nonce"][0]
    return client, client.get("/desk/sso/callback/", {"code": "c", "state": asked["state"][0]})


def test_whom_the_provider_names_is_signed_in_without_a_further_factor(provider: Provider) -> None:
    client, answer = sign_in(provider)
    assert answer.status_code == 302
    assert client.get("/desk/").status_code == 200
    assert provider.asked["grant_type"] == ["authorization_code"]
    assert provider.asked["code_verifier"]


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "nobody"},
        {"preferred_username": ""},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"nonce": "replayed"},
    ],
)
def test_whom_it_does_not_name_or_not_for_us_stays_outside(
    provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    client, answer = sign_in(provider)
    assert answer.status_code in (302, 400)
    assert client.get("/desk/").status_code == 302


def test_a_token_signed_by_somebody_else_is_refused(provider: Provider) -> None:
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client, _answer = sign_in(provider)
    assert client.get("/desk/").status_code == 302


def test_an_answer_that_nobody_asked_for_is_refused(provider: Provider) -> None:
    client = Client()
    client.get("/desk/sso/callback/", {"code": "c", "state": "forged"})
    assert client.get("/desk/").status_code == 302


def test_the_page_offers_it(provider: Provider) -> None:
    assert "/desk/sso/" in Client().get("/desk/login/").content.decode()

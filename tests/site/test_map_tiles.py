"""A map asks the one tile service that the operator named, and nobody else."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import chromium, problems_logged
from tests.servers import copy_of_the_example, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kaishu.site.libraries import Brought

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
TILE = b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"/>'


class Tiles(ThreadingHTTPServer):
    """Serves the same tile everywhere, over TLS, and keeps the paths that were asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Tile)
        self.asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(folder))
        self.socket = context.wrap_socket(self.socket, server_side=True)


class _Tile(BaseHTTPRequestHandler):
    server: Tiles

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(TILE)))
        self.end_headers()
        self.wfile.write(TILE)

    def log_message(self, *_arguments: object) -> None:
        pass


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tiles")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "tiles.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tiles(tmp_path: Path) -> Iterator[Tiles]:
    server = Tiles(tmp_path)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_named_tile_service_is_asked_from_pages_with_a_map_alone(
    tmp_path: Path, tiles: Tiles, brought: Brought
) -> None:
    assert "leaflet" in brought.names
    root = copy_of_the_example(tmp_path / "portal")
    host = f"https://127.0.0.1:{tiles.server_port}"
    with (root / "catalog.yaml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(
            f'map: {{tiles: ["{host}/t/{{z}}/{{x}}/{{y}}.svg", "{host}/n/{{z}}/{{x}}/{{y}}.svg"],'
            " attribution: 审图号 0000}\n"
        )
    run("build", root=root)
    with serving(root) as served, chromium(1280, flags=("--ignore-certificate-errors",)) as driver:
        driver.get(f"{served.url}/datasets/mzj/provinces/")
        assert host not in driver.page_source
        driver.get(f"{served.url}/datasets/zrj/settlements/")
        driver.execute_script("document.getElementById('map').scrollIntoView()")
        WebDriverWait(driver, 30).until(
            lambda d: d.find_elements(
                By.CSS_SELECTOR, ".leaflet-layer + .leaflet-layer .leaflet-tile-loaded"
            )
        )
        assert (
            "审图号 0000"
            in driver.find_element(By.CSS_SELECTOR, ".leaflet-control-attribution").text
        )
        assert problems_logged(driver) == []
    assert tiles.asked
    assert all(path.startswith(("/t/", "/n/")) and path.endswith(".svg") for path in tiles.asked)
    assert {path[:3] for path in tiles.asked} == {"/t/", "/n/"}

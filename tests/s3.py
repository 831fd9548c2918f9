"""A server of S3 on this machine (moto's), with a bucket in it, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import s3fs
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "kaishu"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[s3fs.S3FileSystem]:
    """The server as another client sees it; the environment names it, as an operator's would."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
    # Buckets of an earlier server in this process are moto's, not the machine's.
    client.call_s3("create_bucket", Bucket=BUCKET)
    try:
        yield client
    finally:
        client.rm(f"s3://{BUCKET}", recursive=True)
        server.stop()

"""An ssh server of a test's own on this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def key(path: Path) -> str:
    """A new key pair at `path`; its public half."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return Path(f"{path}.pub").read_text(encoding="utf-8").strip()


def client(home: Path, name: str, port: int, *options: str) -> list[str]:
    """The command that connects with the key `name` of the folder `home`."""
    fixed = ("StrictHostKeyChecking=no", f"UserKnownHostsFile={home / 'known'}",
             "IdentitiesOnly=yes", "BatchMode=yes", "LogLevel=ERROR")  # fmt: skip
    said = [word for one in (*fixed, *options) for word in ("-o", one)]
    return ["ssh", "-F", "/dev/null", "-p", str(port), "-i", str(home / name), *said]


@contextlib.contextmanager
def serving(home: Path, authorized: Path, **options: str) -> Iterator[int]:
    """Serve with a host key in `home` for the keys in the file `authorized`; gives the port."""
    assert SSHD, "sshd is not installed; scripts/test installs it"
    key(home / "host")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    own = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": home / "host",
        "AuthorizedKeysFile": authorized, "PidFile": "none", "StrictModes": "no", "UsePAM": "no",
        "PermitRootLogin": "prohibit-password", **options,
    }  # fmt: skip
    given = [word for name, value in own.items() for word in ("-o", f"{name}={value}")]
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    running = subprocess.Popen([SSHD, "-D", "-e", "-f", "/dev/null", *given])
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, "sshd did not start"
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait()

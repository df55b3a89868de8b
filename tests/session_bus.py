"""A session bus of the test's own, on which nothing is started but what the test gives."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIG = """<busconfig>
<type>session</type><listen>unix:tmpdir=/tmp</listen>{services}
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""


@contextmanager
def session_bus(directory: Path, services: Path | None = None) -> Iterator[str]:
    """Its address. The bus is described in ``directory``; ``services`` holds what it can start."""
    config = directory / "bus.conf"
    config.write_text(
        CONFIG.format(services=f"<servicedir>{services}</servicedir>" if services else "")
    )
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()

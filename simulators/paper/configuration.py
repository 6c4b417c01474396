"""The files of a private cupsd: everything under one folder, on loopback, with Debian's own policies.

Sources: cupsd.conf(5), cups-files.conf(5) and the defaults in Debian's cups-daemon 2.4.2. The policies for
jobs are those defaults, so that who may see and cancel a job here is who may in an office.
"""

import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from simulators.paper.ppd import PPD

SYSTEM_BINARIES = Path("/usr/lib/cups")
PROGRAM = Path("/usr/sbin/cupsd")  # package cups-daemon
BACKEND = Path(__file__).with_name("backend.py")
SCHEME = "station-sim"

SERVER = """\
LogLevel info
PageLogFormat
MaxLogSize 1m
Listen 127.0.0.1:{port}
Browsing No
WebInterface No
DefaultAuthType None
DefaultPaperSize A4
ErrorPolicy {error_policy}
PreserveJobHistory Yes
PreserveJobFiles No
JobKillDelay 2
MultipleOperationTimeout 600
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit Create-Job Print-Job Print-URI Validate-Job>
    Order deny,allow
  </Limit>
  <Limit Send-Document Hold-Job Release-Job Restart-Job Set-Job-Attributes Close-Job Cancel-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
FILES = """\
ServerRoot {root}/etc
ServerBin {root}/lib
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/spool/tmp
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
Printcap {root}/state/printcap
"""
QUEUE = """\
<DefaultPrinter {name}>
UUID urn:uuid:5d1c0f5e-6f1c-4c57-8f6e-3a5f1c2b7d10
Info Simulated A4 printer
MakeModel Simulated A4 printer
DeviceURI {scheme}:{printer}
State Idle
StateTime 1
Accepting Yes
JobSheets none none
ErrorPolicy {error_policy}
</DefaultPrinter>
"""


def write_configuration(folder: Path, port: int, name: str, error_policy: str) -> list[str]:
    """Write everything that is not there yet, and give the command that runs this cupsd.

    Args:
        folder: the simulator's; `cups/` is cupsd's, `printer/` the printer's.
        port: on the loopback.
        name: of the queue.
        error_policy: what cupsd does with a job whose backend fails: `abort-job` or `stop-printer`.

    Raises:
        OSError: the folder cannot be written, or a package is missing.
    """
    root, printer = folder / "cups", folder / "printer"
    for place in ("etc/ppd", "lib/backend", "spool/tmp", "cache", "state", "log"):
        (root / place).mkdir(parents=True, exist_ok=True)
    for place in ("faults", "jobs"):
        (printer / place).mkdir(parents=True, exist_ok=True)
    settings = {"root": root, "port": port, "error_policy": error_policy}
    (root / "etc/cupsd.conf").write_text(SERVER.format(**settings))
    (root / "etc/cups-files.conf").write_text(FILES.format(**settings))
    queues = root / "etc/printers.conf"
    if not queues.exists():  # later it is cupsd's own: it holds whether the queue is stopped
        target = quote(str(printer))
        queues.write_text(QUEUE.format(name=name, scheme=SCHEME, printer=target, error_policy=error_policy))
        (root / f"etc/ppd/{name}.ppd").write_text(PPD)
    _link_binaries(root / "lib")
    connect_printer(folder)
    return [
        str(_copied_program(root)),
        "-f",
        "-c",
        f"{root}/etc/cupsd.conf",
        "-s",
        f"{root}/etc/cups-files.conf",
    ]


def connect_printer(folder: Path) -> None:
    """Put the backend into its place: cupsd gives it hardly any environment, so a script names Python."""
    backend = backend_file(folder)
    backend.write_text(f'#!/bin/sh\nexec {sys.executable} -I {BACKEND} "$@"\n')
    backend.chmod(0o755)


def backend_file(folder: Path) -> Path:
    """Where cupsd looks for the backend."""
    return folder / "cups/lib/backend" / SCHEME


def _link_binaries(target: Path) -> None:
    for name in ("daemon", "notifier"):
        link = target / name
        if not link.is_symlink():
            link.symlink_to(SYSTEM_BINARIES / name)


def _copied_program(root: Path) -> Path:
    """A copy of cupsd: AppArmor's profile of the package goes by the path, and would forbid our folder."""
    copy = root / "cupsd"
    if not copy.exists() or copy.stat().st_size != PROGRAM.stat().st_size:
        partial = copy.with_suffix(".partial")
        shutil.copyfile(PROGRAM, partial)
        partial.chmod(0o755)
        partial.replace(copy)
    return copy

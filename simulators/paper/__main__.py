"""Start a private cupsd with a simulated A4 printer: `python -m simulators.paper --folder DIR`."""

import argparse
import signal
import socket
import sys
from pathlib import Path

from simulators.admin import LOOPBACK, AdminServer
from simulators.paper.program import PaperPrinter, Ready
from simulators.stopping import StopWish

ERROR_POLICIES = ("stop-printer", "abort-job", "retry-job")


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; a JSON line says at each start of cupsd that clients may come.

    Returns:
        The exit status: 0 ended by a signal, 1 something is missing, 2 wrong usage.
    """
    given = _make_parser().parse_args(arguments)
    stop = StopWish()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.on_signal)
    port = given.port or _free_port()
    try:
        printer = PaperPrinter(
            given.folder.resolve(), port, given.name, given.error_policy, given.restart_after
        )
        admin = AdminServer(printer, given.admin_port) if given.admin_port is not None else None
        url = f"ipp://{LOOPBACK}:{port}/printers/{given.name}"
        ready = Ready({"port": port, "url": url, "admin_port": admin.port if admin else None})
        try:
            printer.serve(stop, ready)
        finally:
            if admin is not None:
                admin.close()
    except OSError as fault:
        sys.stderr.write(f"simulators.paper: {fault}\n")
        return 1
    return 0


def _free_port() -> int:
    """A port of the loopback that nobody uses: cupsd cannot choose one itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.paper", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="cupsd's files, and the printer's truth")
    parser.add_argument("--port", type=int, default=0, help="of cupsd on the loopback; 0 = any free one")
    parser.add_argument("--admin-port", type=int, help="of the admin port; off without it, 0 = any free one")
    parser.add_argument("--name", default="kantor", help="of the queue")
    parser.add_argument(
        "--error-policy", choices=ERROR_POLICIES, default="stop-printer", help="of cupsd, for failed jobs"
    )
    parser.add_argument(
        "--restart-after", type=float, default=1.0, metavar="SECONDS", help="how long a dead cupsd stays dead"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

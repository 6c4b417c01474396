"""Start a simulated Evolis printer: `python -m simulators.evolis --folder DIR ...`."""

from __future__ import annotations

import argparse
import functools
import json
import signal
import sys
from pathlib import Path

from simulators.admin import AdminServer
from simulators.chip.blank import manufacture
from simulators.chip.reader_slot import ReaderSlot
from simulators.chip.store import load_state
from simulators.evolis.models import model_named
from simulators.evolis.program import Equipment, Printer
from simulators.evolis.recovery import OtherPrinter
from simulators.evolis.ribbons import ribbon_named
from simulators.evolis.stations import INTERFACES, Interface, Slot
from simulators.evolis.tcp_port import TcpPort
from simulators.evolis.truth import Ribbon
from simulators.evolis.usbip_port import BUS_ID, UsbIpPort
from simulators.pcsc.broker import connect
from simulators.stopping import LOOK, StopWish

BATCH_KEY_BYTES = 16
USAGE = 2  # exit status
UNTOLD_BATCH_KEY = bytes(range(0x40, 0x50))  # of blanks whose key nobody asked for: simulators only


def main(arguments: list[str] | None = None) -> int:
    """Run one printer until SIGTERM or SIGINT; the ready line on stdout is JSON."""
    options = _options(arguments)
    stop = StopWish()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.on_signal)
    try:
        printer = Printer(_equipment(options))
    except (OtherPrinter, ValueError, OSError) as error:
        sys.stderr.write(f"simulators.evolis: {error}\n")
        return USAGE
    tcp = TcpPort(printer.open_session, lambda: printer.machine.reachable, options.port)
    usbip = UsbIpPort(
        printer.open_session,
        printer.usb_function,
        printer.faults,
        lambda: printer.machine.reachable,
        options.usbip_port,
    )
    admin = None if options.admin_port is None else AdminServer(printer, options.admin_port)
    printer.machine.on_power_loss += [tcp.hang_up, usbip.hang_up]
    ready = {"port": tcp.port, "usbip_port": usbip.port, "busid": BUS_ID, "admin_port": admin and admin.port}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    while not stop.wait(LOOK):
        continue
    if admin is not None:
        admin.close()
    for part in (tcp, usbip, printer):
        part.close()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.evolis", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the truth is kept")
    parser.add_argument("--model", type=model_named, default="Primacy 2")
    parser.add_argument("--port", type=int, default=0, help="TCP port of the printer; 0 = any")
    parser.add_argument("--usbip-port", type=int, default=0)
    parser.add_argument("--admin-port", type=int, help="0 = any; without it there is no admin port")
    parser.add_argument("--broker", type=Path, help="socket of the PC/SC broker; without it no reader")
    parser.add_argument("--reader", type=int, default=0, help="index of the reader behind the broker")
    parser.add_argument("--hopper", type=int, default=0, help="blanks in the hopper at the first start")
    parser.add_argument("--batch-key-file", type=Path, help="16 bytes, or 32 hex digits")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated per real seconds; 0 = no waiting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ribbon", type=ribbon_named, default="YMCKO")
    parser.add_argument("--ribbon-sets", "--ribbon-panels", type=int, default=200, help="sets left")
    parser.add_argument("--tray-capacity", type=int, help="cards in the good tray; default: the model's")
    parser.add_argument("--job-replies", choices=("each", "none"), default="each", help="commands of a job")
    parser.add_argument("--pictures", choices=("all", "none"), default="all", help="faces that are decoded")
    return parser.parse_args(arguments)


def _equipment(options: argparse.Namespace) -> Equipment:
    key = _batch_key(options.batch_key_file)
    return Equipment(
        folder=options.folder,
        model=options.model,
        hopper=options.hopper,
        ribbon=Ribbon(options.ribbon.name, options.ribbon_sets, options.ribbon_sets),
        seed=options.seed,
        speed=options.speed,
        tray_capacity=options.tray_capacity or options.model.tray_capacity,
        make_chip=lambda folder, uid: manufacture(folder, uid, key),
        read_life_cycle=_life_cycle,
        quiet_jobs=options.job_replies == "none",
        pictures=options.pictures == "all",
        slots={} if options.broker is None else _slots(options.broker, options.reader),
    )


def _slots(broker: Path, reader: int) -> dict[Interface, Slot]:
    """Contracts: slot 0 of a reader is its contact slot, slot 1 the contactless one."""
    return {
        interface: ReaderSlot(functools.partial(connect, broker, reader, slot), interface)
        for slot, interface in enumerate(INTERFACES)
    }


def _batch_key(path: Path | None) -> bytes:
    if path is None:
        return UNTOLD_BATCH_KEY
    content = path.read_bytes()
    key = content if len(content) == BATCH_KEY_BYTES else bytes.fromhex(content.decode("ascii").strip())
    if len(key) != BATCH_KEY_BYTES:
        raise ValueError(f"a batch key has {BATCH_KEY_BYTES} bytes, not {len(key)}")
    return key


def _life_cycle(folder: Path) -> str:
    cycle = load_state(folder).life_cycle
    return "blank" if cycle is None else cycle.name.lower()


if __name__ == "__main__":
    sys.exit(main())

"""Our pyusb backend against the device side of the usbip package, through pyusb itself."""

import contextlib
import errno
import socket
import threading
import time

import pytest
import usb.core  # type: ignore[import-untyped]  # ships neither stubs nor a py.typed marker
import usbip

from drivers.transports.usbip import UsbIpBackend
from tests.unit.evolis_driver.usb_devices import PluggedPrinter, plugged_printer


def find(printer: PluggedPrinter, busid: str = "1-1") -> usb.core.Device:
    device = usb.core.find(backend=UsbIpBackend("127.0.0.1", printer.port, busid, 5))
    assert device is not None
    device.set_configuration()
    return device


def test_descriptors_and_strings_come_from_the_device() -> None:
    with plugged_printer() as printer:
        device = find(printer)
        assert (device.idVendor, device.idProduct) == (0x0F49, 0x0A00)
        assert (device.manufacturer, device.product, device.serial_number) == ("Evolis", "Primacy 2", "S1")
        assert (device.bus, device.address, device.port_numbers, device.speed) == (1, 2, (1,), 2)
        interface = device.get_active_configuration()[(0, 0)]
        assert (interface.bInterfaceClass, interface.bInterfaceProtocol) == (7, 2)
        assert sorted(endpoint.bEndpointAddress for endpoint in interface) == [0x01, 0x82]
        assert "DEVICE ID 0f49:0a00" in str(device)  # pyusb walks every descriptor for this
        usb.util.dispose_resources(device)


def test_only_the_named_device_of_a_list_is_found() -> None:
    other = usbip.USBDevice(0x1209, 0x0001, product="Other")
    other.add(usbip.Interface())
    with plugged_printer(other) as printer:
        device = find(printer, "1-2")
        assert device.idVendor == 0x1209
        usb.util.dispose_resources(device)
        assert usb.core.find(backend=UsbIpBackend("127.0.0.1", printer.port, "1-3", 5)) is None


def test_bulk_transfers_both_ways() -> None:
    with plugged_printer() as printer:
        printer.interface.answers[b"ping"] = b"pong"
        device = find(printer)
        assert device.write(0x01, b"ping", 1000) == 4
        assert device.read(0x82, 64, 1000).tobytes() == b"pong"
        data = bytes(16 * 1024)
        assert device.write(0x01, data, 1000) == len(data)
        usb.util.dispose_resources(device)


def test_a_time_out_withdraws_the_read_and_the_next_transfers_work() -> None:
    with plugged_printer() as printer:
        device = find(printer)
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(usb.core.USBTimeoutError) as caught:
                device.read(0x82, 64, 50)
            assert (caught.value.backend_error_code, caught.value.errno) == (-7, errno.ETIMEDOUT)
            assert 0.04 < time.monotonic() - started < 1
        printer.interface.say(b"after the time-out")  # a parked read would swallow this
        assert device.read(0x82, 64, 1000).tobytes() == b"after the time-out"
        assert device.ctrl_transfer(0xA1, 1, 0, 0, 1, 1000).tobytes() == b"\x18"
        usb.util.dispose_resources(device)


def test_data_that_races_with_the_withdrawal_is_not_lost() -> None:
    with plugged_printer() as printer:
        device = find(printer)
        sent, received = b"", b""
        for number in range(40):
            piece = bytes([number]) * 8
            timer = threading.Timer(0.02, printer.interface.say, [piece])
            timer.start()
            sent += piece
            with contextlib.suppress(usb.core.USBTimeoutError):
                received += device.read(0x82, 64, 20).tobytes()
            timer.join()
        while True:
            try:
                received += device.read(0x82, 64, 50).tobytes()
            except usb.core.USBTimeoutError:
                break
        assert received == sent
        usb.util.dispose_resources(device)


def test_a_stall_is_reported_and_clear_halt_recovers() -> None:
    with plugged_printer() as printer:
        device = find(printer)
        printer.interface.stall_out = True
        for _ in range(2):
            with pytest.raises(usb.core.USBError) as caught:
                device.write(0x01, b"x", 1000)
            assert (caught.value.backend_error_code, caught.value.errno) == (-9, errno.EPIPE)
        printer.interface.stall_out = False
        device.clear_halt(0x01)
        assert device.write(0x01, b"x", 1000) == 1
        with pytest.raises(usb.core.USBError) as refused:
            device.ctrl_transfer(0xA1, 0x55, 0, 0, 1, 1000)
        assert refused.value.errno == errno.EPIPE
        usb.util.dispose_resources(device)


def test_a_read_stalled_while_parked_ends_at_once() -> None:
    with plugged_printer() as printer:
        device = find(printer)
        threading.Timer(0.1, printer.interface.bulk_in.stall).start()
        started = time.monotonic()
        with pytest.raises(usb.core.USBError) as caught:
            device.read(0x82, 64, 5000)
        assert caught.value.errno == errno.EPIPE
        assert time.monotonic() - started < 2
        device.clear_halt(0x82)
        printer.interface.say(b"again")
        assert device.read(0x82, 64, 1000).tobytes() == b"again"
        usb.util.dispose_resources(device)


def test_no_server_is_an_io_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(usb.core.USBError) as caught:
        usb.core.find(backend=UsbIpBackend("127.0.0.1", port, "1-1", 1))
    assert caught.value.errno == errno.EIO

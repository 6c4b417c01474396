"""Frames in, frames out, with the faults of the line."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from simulators.clock import SimulatorClock
from simulators.fault_menu import FaultMenu
from simulators.zhiantec.answer import Answer, coded
from simulators.zhiantec.codes import BROADCAST, Code, Pid
from simulators.zhiantec.frames import Frame, FrameParser, frame_bytes
from simulators.zhiantec.line import Line
from simulators.zhiantec.sensor import Sensor

_BITS: Final = 10
_LOOK: Final = 0.1  # seconds between two looks at the cable and the wish to stop
_CUT_AFTER: Final = 20  # packets
_SLOW: Final = 2.0  # seconds
_LONGEST_INCOMING: Final = 1 << 16


class Cut(Exception):
    """The cable was pulled, or the simulator is to stop, in the middle of an answer."""


class Conversation:
    """The sensor's side of the line, one frame after the other."""

    def __init__(
        self, sensor: Sensor, line: Line, clock: SimulatorClock, seed: int, stopping: Callable[[], bool]
    ) -> None:
        self._sensor, self._line, self._clock, self._stopping = sensor, line, clock, stopping
        self._parser = FrameParser()
        self._faults: FaultMenu = sensor.faults
        self._random = Random(f"line/{seed}")
        self._expects: Callable[[bytes], None] | None = None
        self._incoming = b""
        self._deaf_until = 0.0

    def power_on(self, deaf: float) -> None:
        """Begin anew: deaf for a while (facts: about 50 ms), then newer modules greet with 0x55."""
        self._parser.forget()
        self._expects = None
        self._sensor.power_on()
        self._clock.sleep(deaf)
        if self._line.is_open:
            self._line.read(0)  # what came meanwhile was not heard
            if self._sensor.model.greets:
                self._line.write(b"\x55", self._sensor.truth.baud)

    def turn(self) -> None:
        """Hear what the host says and answer it, or nothing for a moment."""
        heard = self._line.read(_LOOK)
        if not heard:
            self._parser.forget()  # a frame broken off is forgotten after a pause: assumed
            return
        if self._line.host_baud() not in {None, self._sensor.truth.baud}:
            return  # at another baud rate it is noise
        for byte in heard:
            frame = self._parser.feed(byte)
            if frame is not None:
                self._frame(frame)

    def _frame(self, frame: Frame) -> None:
        self._clock.sleep((12 + len(frame.payload)) * _BITS / self._sensor.truth.baud)
        if self._expects is not None and frame.pid in (Pid.DATA, Pid.LAST_DATA):
            self._take_data(frame)
            return
        self._expects = None
        if not frame.sound:
            self._send(coded(Code.PACKET))
        elif frame.address not in {self._sensor.truth.address, BROADCAST}:
            self._send(coded(Code.ADDRESS))  # assumed; it may as well be silence
        elif frame.pid == Pid.COMMAND and frame.payload:
            self._command(frame.payload)

    def _take_data(self, frame: Frame) -> None:
        """Collect the host's packets; none is acknowledged (facts). A bad one ends the transfer (assumed)."""
        expects = self._expects
        if not frame.sound or len(self._incoming) > _LONGEST_INCOMING:
            self._expects = None
            return
        self._incoming += frame.payload
        if frame.pid == Pid.LAST_DATA and expects is not None:
            self._expects = None
            expects(self._incoming)
            self._sensor.save()

    def _command(self, payload: bytes) -> None:
        with self._clock.computing():
            answer = self._sensor.answer(payload)
        self._clock.sleep(self._sensor.seconds(payload))
        slow = self._faults.strike("slow")
        if slow is not None:
            self._clock.sleep(float(slow or _SLOW))
        if self._faults.strike("no_answer") is None:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        for _ in range(answer.times):
            self._put(Pid.ACKNOWLEDGE, answer.payload, "ack")
        if answer.data is not None:
            self._send_data(answer.data)
        self._expects, self._incoming = answer.expects, b""
        if answer.then is not None:
            answer.then()

    def _send_data(self, data: bytes) -> None:
        size = 32 << self._sensor.truth.packet_code
        packets = [data[start : start + size] for start in range(0, len(data), size)]
        cut = self._faults.strike("cut_upload")
        lacks_last = self._faults.strike("no_last_packet") is not None
        pulled = self._faults.strike("unplugged", "upload") is not None
        for number, packet in enumerate(packets):
            is_last = number == len(packets) - 1
            if pulled and number == len(packets) // 2:
                self._sensor.truth.plugged = False
                raise Cut
            if (cut is not None and number == int(cut or _CUT_AFTER)) or (is_last and lacks_last):
                return
            self._put(Pid.LAST_DATA if is_last else Pid.DATA, packet, "data")

    def _put(self, pid: Pid, payload: bytes, kind: str) -> None:
        """Send one frame, hurt where a fault strikes."""
        if self._stopping() or not self._sensor.truth.plugged:
            raise Cut
        address = self._sensor.truth.address
        if self._faults.strike("wrong_address", kind) is not None:
            address ^= 0x00000100
        frame = bytearray(frame_bytes(address, pid, payload))
        place = self._random.randrange(len(frame))
        if self._faults.strike("bad_sum", kind) is not None:
            frame[-1] ^= 0x5A
        if self._faults.strike("lost_byte", kind) is not None:
            del frame[place]
        if self._faults.strike("doubled_byte", kind) is not None:
            frame.insert(place, frame[place])
        if self._faults.strike("stray_bytes", kind) is not None:
            frame[:0] = b"\x55\x00\xef\xef"
        self._line.write(bytes(frame), self._sensor.truth.baud)

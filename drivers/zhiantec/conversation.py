"""Commands and answers, and the care that no answer is taken for another's.

Nothing in an acknowledgement names its command. After an answer that was bad or late, the line is therefore
drained until it is silent, the password is given again, and ReadSysPara is asked, whose answer has a length
of its own: what comes before it is stale and dropped. Then the whole command is sent again; an image is
never resumed (facts scanners.md, Driver rules).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.zhiantec.codes import Confirmation, Instruction, PacketKind
from drivers.zhiantec.errors import BadFrameError, NoAnswerError, PasswordError, RefusedError
from drivers.zhiantec.frames import HEAD, SUM, FrameBuffer, build_frame
from drivers.zhiantec.port import BITS_PER_BYTE, BytePort
from drivers.zhiantec.readings import SensorParameters

BAUD_STEP = 9600
PARAMETERS_LENGTH = 17  # confirmation and 16 bytes
_ACKNOWLEDGEMENT = (PacketKind.ACKNOWLEDGEMENT,)
_DATA = (PacketKind.DATA, PacketKind.LAST_DATA)


@dataclass(frozen=True)
class Timing:
    """Times in seconds.

    Attributes:
        answer: From a command to its acknowledgement.
        silence: After which a bad line counts as drained (facts: 100 ms).
        drain: Longest draining; a whole image at 9600 baud takes 42 s.
        pause: Longest pause inside a picture.
        wire_factor, wire_slack: Deadline of a transfer: time on the wire, times and plus these (facts).
        poll: Between two looks for a finger (facts: 100 to 200 ms).
        tries: Of a whole command.
    """

    answer: float = 2.0
    silence: float = 0.1
    drain: float = 45.0
    pause: float = 2.0
    wire_factor: float = 1.5
    wire_slack: float = 2.0
    poll: float = 0.15
    tries: int = 3


class Conversation:
    """The exchange of frames with one sensor."""

    def __init__(self, port: BytePort, address: int, password: int, baud: int, timing: Timing) -> None:
        self._port, self._address, self._password, self._timing = port, address, password, timing
        self._frames = FrameBuffer(address)
        self.baud = baud

    def ask(self, payload: bytes, length: int = 1) -> bytes:
        """Send a command and return what its acknowledgement holds; bad and missing answers are mended.

        Args:
            payload: The command.
            length: Of the answer's payload where the confirmation is OK; otherwise it is 1.

        Raises:
            ZhianTecError: There was no good answer in all the tries, or the password is refused.
        """
        return self._mended(lambda: self._exchange(payload, length))

    def ask_once(self, payload: bytes) -> int:
        """Send a command once and return its confirmation.

        Raises:
            ZhianTecError: There was no good answer.
        """
        return self._exchange(payload, 1)[0]

    def fetch(self, payload: bytes, size: int, packet_size: int, came: Callable[[int, int], None]) -> bytes:
        """Send a command that data follows, and return all of it.

        Args:
            payload: The command.
            size: Bytes that must come.
            packet_size: Of every packet but the last, which may be shorter.
            came: Told the bytes that have come, and `size`.

        Raises:
            RefusedError: The sensor has no such data.
            ZhianTecError: The data did not come whole in all the tries.
        """

        def once() -> bytes:
            confirmation = self._exchange(payload, 1)[0]
            if confirmation != Confirmation.OK:
                raise RefusedError("the sensor sends no data", confirmation)
            return self._receive(size, packet_size, came)

        return self._mended(once)

    def verify_password(self) -> None:
        """Give the password, once.

        Raises:
            PasswordError: It is refused.
            ZhianTecError: There was no good answer.
        """
        confirmation = self._exchange(self._password_command(), 1)[0]
        if confirmation == Confirmation.WRONG_PASSWORD:
            raise PasswordError("the sensor refuses the password")
        if confirmation != Confirmation.OK:
            raise RefusedError("password", confirmation)

    def read_parameters(self) -> SensorParameters:
        """Ask for the sensor's parameters.

        Raises:
            ZhianTecError: There was no good answer, or it holds what cannot be.
        """
        return parameters_of(self.ask(bytes([Instruction.READ_PARAMETERS]), PARAMETERS_LENGTH))

    def set_baud(self, baud: int) -> None:
        """Change this end's baud rate; what was half received is dropped."""
        self._port.set_baud(baud)
        self._frames.clear()
        self.baud = baud

    def close(self) -> None:
        """Let go of the line."""
        self._port.close()

    def _mended(self, once: Callable[[], bytes]) -> bytes:
        """Do something, and again after bad or missing answers, as often as `tries` says."""
        for left in range(self._timing.tries - 1, -1, -1):
            try:
                return once()
            except (BadFrameError, NoAnswerError):
                if not left:
                    raise
                self._synchronise(left)
        raise NoAnswerError("no try is allowed")

    def _exchange(self, payload: bytes, length: int) -> bytes:
        self._port.discard()
        self._frames.clear()
        self._send(payload)
        answer = self._acknowledgement(self._deadline(self._timing.answer))
        expected = length if answer[0] == Confirmation.OK else 1
        if len(answer) != expected:
            raise BadFrameError(f"an answer of {len(answer)} bytes, not of {expected}")
        return answer

    def _send(self, payload: bytes) -> None:
        self._port.write(build_frame(self._address, PacketKind.COMMAND, payload))

    def _acknowledgement(self, deadline: float) -> bytes:
        while True:
            frame = self._frames.take(_ACKNOWLEDGEMENT, stray_allowed=True)
            if frame is not None:
                return frame.payload
            self._frames.add(self._port.read(deadline))

    def _receive(self, size: int, packet_size: int, came: Callable[[int, int], None]) -> bytes:
        packets = -(-size // packet_size)
        wire = (size + packets * (HEAD + SUM)) * BITS_PER_BYTE / self.baud
        end = self._deadline(wire * self._timing.wire_factor + self._timing.wire_slack)
        data = bytearray()
        while len(data) < size:
            frame = self._frames.take(_DATA, stray_allowed=False)
            if frame is None:
                self._frames.add(self._port.read(min(end, self._deadline(self._timing.pause))))
                if time.monotonic() >= end:
                    raise NoAnswerError(f"only {len(data)} of {size} bytes have come in time")
                continue
            is_last = len(data) + len(frame.payload) >= size
            if len(frame.payload) != min(packet_size, size - len(data)):
                raise BadFrameError(f"a packet of {len(frame.payload)} bytes")
            if is_last != (frame.kind == PacketKind.LAST_DATA):
                raise BadFrameError(f"the data end elsewhere than after {size} bytes")
            data += frame.payload
            came(len(data), size)
        return bytes(data)

    def _synchronise(self, left: int) -> None:
        """Find back into step; where that fails, later tries may still succeed.

        Raises:
            PasswordError: The sensor refuses the password.
            SensorAbsentError: The port is gone.
        """
        self._drain()
        try:
            self._send(self._password_command())
            self._skip_until(lambda answer: len(answer) == 1)
            self._send(bytes([Instruction.READ_PARAMETERS]))
            self._skip_until(lambda answer: len(answer) == PARAMETERS_LENGTH)
        except (BadFrameError, NoAnswerError):
            if not left:
                raise
            self._drain()

    def _skip_until(self, fits: Callable[[bytes], bool]) -> None:
        deadline = self._deadline(self._timing.answer)
        while True:
            answer = self._acknowledgement(deadline)
            if answer[0] == Confirmation.WRONG_PASSWORD:
                raise PasswordError("the sensor refuses the password")
            if fits(answer):
                return

    def _drain(self) -> None:
        """Drop what comes until the line has been silent for a while."""
        end = self._deadline(self._timing.drain)
        while time.monotonic() < end:
            try:
                self._port.read(self._deadline(self._timing.silence))
            except NoAnswerError:
                break
        self._frames.clear()

    def _password_command(self) -> bytes:
        return bytes([Instruction.VERIFY_PASSWORD]) + self._password.to_bytes(4, "big")

    def _deadline(self, seconds: float) -> float:
        return time.monotonic() + seconds


def parameters_of(answer: bytes) -> SensorParameters:
    """Read the answer to ReadSysPara: status, system id, library size, security, address, packet, baud.

    Raises:
        RefusedError: It is an error code.
        BadFrameError: Packet code or baud rate cannot be.
    """
    if answer[0] != Confirmation.OK:
        raise RefusedError("parameters", answer[0])
    words = [int.from_bytes(answer[at : at + 2], "big") for at in range(1, PARAMETERS_LENGTH, 2)]
    packet_code, steps = words[6], words[7]
    if packet_code > 3 or not 1 <= steps <= 12:
        raise BadFrameError("parameters that cannot be")
    return SensorParameters(
        system_id=words[1],
        library_size=words[2],
        address=words[4] << 16 | words[5],
        packet_size=32 << packet_code,
        baud=steps * BAUD_STEP,
    )

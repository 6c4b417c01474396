"""How long a command takes on the air, on the contacts and in the EEPROM (modelled, not measured).

The air model is that of the fact sheet on chips: 9 bit times a byte (ISO/IEC 14443-3: 8 data bits and
parity), frames of 256 bytes of which 253 are payload (ISO/IEC 14443-4: PCB and CRC are the others), an
R-block for every chained block, a frame delay of 86 microseconds. Ten bit times of frame delimiters
(assumed) bring its table for plain commands out to the millisecond.
"""

from dataclasses import dataclass
from typing import Literal

Interface = Literal["contact", "contactless"]
BitRate = Literal[106, 212, 424, 848]

_CARRIER = 13_560_000  # Hz; 106 kbit/s is the carrier over 128
_SLOWEST = 106
_AIR_PAYLOAD = 253
_AIR_OVERHEAD = 3
_AIR_BYTE = 9
_AIR_DELIMITERS = 10  # assumed
_FRAME_DELAY = 86e-6

_ETU = 16 / 4_000_000  # TA1 = 96: F/D = 512/32 clocks, at 4 MHz (assumed)
_CONTACT_PAYLOAD = 254  # after S(IFS); ISO/IEC 7816-3, 11.4.2
_CONTACT_OVERHEAD = 4  # NAD, PCB, LEN, LRC
_CONTACT_BYTE = 11  # etu, T=1 without extra guard time
_TURNAROUND = 22  # etu, block guard time


@dataclass(frozen=True)
class ChipTiming:
    """Speed of one chip: kbit/s on the air, seconds for each 64-byte EEPROM page (assumed 2 ms)."""

    bit_rate: BitRate = 106
    page_time: float = 0.002

    def transfer(self, interface: Interface, command: int, answer: int) -> float:
        """Seconds that a command and its answer, given in bytes, spend on the way."""
        if interface == "contact":
            return _contact_time(command) + _contact_time(answer)
        return self._air_time(command) + self._air_time(answer)

    def _air_time(self, length: int) -> float:
        blocks = max(1, -(-length // _AIR_PAYLOAD))
        acknowledgements = blocks - 1
        frames = blocks + acknowledgements
        bits = (length + frames * _AIR_OVERHEAD) * _AIR_BYTE + frames * _AIR_DELIMITERS
        bits_per_second = _CARRIER / 128 * (self.bit_rate // _SLOWEST)
        return bits / bits_per_second + frames * _FRAME_DELAY


def _contact_time(length: int) -> float:
    blocks = max(1, -(-length // _CONTACT_PAYLOAD))
    frames = 2 * blocks - 1
    etu = (length + frames * _CONTACT_OVERHEAD) * _CONTACT_BYTE + frames * _TURNAROUND
    return etu * _ETU

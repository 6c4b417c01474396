"""The fault menu of a reader slot: what goes wrong between the card and the reader."""

from enum import Enum

from simulators.chip.faults import Trigger


class SlotFault(Enum):
    """What happens to one APDU on its way. The card is back at once after all but `PULLED`."""

    EMPTY_REPLY = "empty_reply"  # carried out, then the contact is lost before the answer
    ONE_BYTE = "one_byte"  # the answer is 90 and nothing more
    LATE = "late"  # the answer comes after three seconds
    DOUBLE_REPLY = "double_reply"  # the answer comes twice, which shifts every later one
    PULLED = "pulled"  # the card is pulled before the command reaches it


LATE_SECONDS = 3.0


class SlotFaults(Trigger[SlotFault]):
    """The faults of one slot; `at` counts APDUs, not the controls of vpcd."""

    def __init__(self) -> None:
        super().__init__({fault.value: fault for fault in SlotFault})

    def strike_apdu(self) -> SlotFault | None:
        """Count one APDU and give the fault that strikes it."""
        return self.strike(lambda fault, file: True)

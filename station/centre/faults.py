"""What can go wrong on the way to the centre, and what that says of what was sent."""

from station.errors import DeviceAbsent, InputFault, OutcomeUnknown, Refused


def unreachable(problem: str) -> DeviceAbsent:
    """Nothing was sent: the centre is not there."""
    return DeviceAbsent("CENTRE_UNREACHABLE", problem=problem)


def certificate_bad(problem: str) -> DeviceAbsent:
    """Nothing was sent: whoever answers does not show a certificate that counts."""
    return DeviceAbsent("CENTRE_CERTIFICATE_BAD", problem=problem)


def answer_lost(problem: str) -> OutcomeUnknown:
    """Something may have arrived; no answer came."""
    return OutcomeUnknown("CENTRE_ANSWER_LOST", problem=problem)


def answer_unusable(problem: str) -> OutcomeUnknown:
    """Something may have arrived; the answer is not the centre's, or cannot be read."""
    return OutcomeUnknown("CENTRE_ANSWER_UNUSABLE", problem=problem)


def centre_fault(status: int) -> OutcomeUnknown:
    """The centre has a fault of its own; what it did before, it does not say."""
    return OutcomeUnknown("CENTRE_FAULT", status=status)


def receipt_wrong(problem: str) -> OutcomeUnknown:
    """A receipt that is not one for what was sent: nothing is counted."""
    return OutcomeUnknown("CENTRE_RECEIPT_WRONG", problem=problem)


def not_receiving(reason: str) -> Refused:
    """The centre says that it takes nothing at present."""
    return Refused("CENTRE_NOT_RECEIVING", reason=reason)


def station_refused(reason: str) -> Refused:
    """The centre does not let this station in."""
    return Refused("CENTRE_REFUSES_STATION", reason=reason)


def delivery_refused(reason: str) -> InputFault:
    """The centre refuses this one thing for good: it is set aside, the others go on."""
    return InputFault("CENTRE_REFUSED_DELIVERY", reason=reason)

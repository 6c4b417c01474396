"""The JSON documents of SBI 0.9.5, as they come (facts: sbi.md 1).

Numbers are strings, as MockMDS and the compliance toolkit have them; only `deviceSubId` may be either. What
is not named here is ignored.
"""

from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from drivers.sbi.errors import DeviceRefused, MessageMalformed, Reason

Document = TypeVar("Document")
# Texts that are shown or compared: short, and without control characters.
Short = Annotated[str, Field(max_length=256, pattern=r"^[^\x00-\x1f\x7f]*$")]
SUCCESS: Final = frozenset({"0", "", None})


class _Document(BaseModel):
    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, hide_input_in_errors=True
    )


class ErrorPart(_Document):
    """`error` of every answer; success is "0", null, or nothing at all."""

    error_code: str | None = None
    error_info: str | None = None


class WithError(_Document):
    """A part of an answer that can hold an error instead of anything else."""

    error: ErrorPart | None = None

    def require_success(self) -> None:
        """Raise what the service says no with.

        Raises:
            DeviceRefused: it does.
        """
        if self.error is not None and self.error.error_code not in SUCCESS:
            raise refusal(self.error)


class DiscoveredDevice(WithError):
    """One device of a MOSIPDISC answer. Not signed: a hint where to ask."""

    device_id: Short = ""
    device_status: Short = ""
    certification: Short = ""
    callback_id: Short = ""
    device_code: Short = ""
    device_sub_id: tuple[str | int, ...] = ()
    spec_version: tuple[Short, ...] = ()
    purpose: Short = ""


class DeviceInfoItem(WithError):
    """One device of a MOSIPDINFO answer: a token, or unsigned where the device is not registered."""

    device_info: str = ""


class DeviceInfo(_Document):
    """The payload of a device's token."""

    device_status: Short
    device_id: Short
    firmware: Short
    certification: Short
    device_sub_id: tuple[str | int, ...]
    callback_id: Short
    digital_id: str
    device_code: Short
    env: Short
    purpose: Short
    spec_version: tuple[Short, ...]


class DigitalId(_Document):
    """The payload of a device's identity token. `serial_no` is its deviceCode."""

    serial_no: Short
    make: Short
    model: Short
    type: Short
    device_sub_type: Short
    device_provider: Short
    device_provider_id: Short


class CaptureItem(WithError):
    """One finger of an RCAPTURE answer."""

    spec_version: Short = ""
    data: str = ""
    hash: Short = ""


class CaptureAnswer(_Document):
    """An RCAPTURE answer."""

    biometrics: tuple[CaptureItem, ...]


class CapturePayload(_Document):
    """The payload of one finger's token."""

    digital_id: str
    device_code: Short
    bio_type: Short
    bio_sub_type: Short
    purpose: Short
    env: Short
    bio_value: str
    transaction_id: Short
    timestamp: Short
    requested_score: Short
    quality_score: Short


class TokenHeader(_Document):
    """The header of a token (RFC 7515 section 4.1); `crit` names extensions, and none is known here."""

    alg: Short
    x5c: tuple[str, ...] = Field((), alias="x5c")
    crit: tuple[str, ...] | None = None


DISCOVERY_ANSWER: Final = TypeAdapter(tuple[DiscoveredDevice, ...])
INFO_ANSWER: Final = TypeAdapter(tuple[DeviceInfoItem, ...])
DEVICE_INFO: Final = TypeAdapter(DeviceInfo)
DIGITAL_ID: Final = TypeAdapter(DigitalId)
CAPTURE_ANSWER: Final = TypeAdapter(CaptureAnswer)
CAPTURE_PAYLOAD: Final = TypeAdapter(CapturePayload)
TOKEN_HEADER: Final = TypeAdapter(TokenHeader)
ERROR_ANSWER: Final = TypeAdapter(WithError | ErrorPart)


def read(adapter: TypeAdapter[Document], content: bytes) -> Document:
    """Read a document.

    Raises:
        MessageMalformed: NOT_JSON; FIELD_WRONG, with the name of the field and nothing of its value.
    """
    try:
        return adapter.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise MessageMalformed(Reason.NOT_JSON, "the answer is no JSON") from None
        field = ".".join(str(part) for part in first["loc"])
        raise MessageMalformed(Reason.FIELD_WRONG, f"{field or 'document'}: {first['type']}") from None


def refusal(error: ErrorPart) -> DeviceRefused:
    """What a service says no with, as an exception."""
    code = error.error_code or ""
    return DeviceRefused(_REASONS.get(code, Reason.OTHER_REFUSAL), code, error.error_info or "")


# The text's codes, then MockMDS's own. 5xx belong to the vendor: their text is shown, not interpreted.
_REASONS: Final = {
    "100": Reason.NOT_REGISTERED,
    "101": Reason.NO_FINGER,
    "102": Reason.TECHNICAL_ERROR,
    "103": Reason.TAMPERED,
    "104": Reason.KEYS_UNUSABLE,
    "105": Reason.ORIENTATION_WRONG,
    "106": Reason.UNPLUGGED,
    "107": Reason.KEYS_UNUSABLE,
    "108": Reason.KEYS_UNUSABLE,
    "109": Reason.REQUEST_REFUSED,
    "110": Reason.NOT_READY,
    "111": Reason.BUSY,
    "112": Reason.REQUEST_REFUSED,
    "202": Reason.UNPLUGGED,
    "609": Reason.PREVIEW_STOPPED,  # its time is over
    "700": Reason.PREVIEW_STOPPED,  # a capture has begun
    "701": Reason.NO_FINGER,  # the capture's time is over
    "702": Reason.BUSY,  # another plate is in preview
    "703": Reason.BUSY,
    "705": Reason.UNPLUGGED,  # unknown deviceId
    "706": Reason.WRONG_PURPOSE,
    "709": Reason.WRONG_PURPOSE,
    **{str(code): Reason.REQUEST_REFUSED for code in range(113, 124)},
}

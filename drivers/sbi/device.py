"""A scanner as it describes itself: found by discovery, then believed by its signed device info."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from drivers.sbi import documents, tokens
from drivers.sbi.calls import LOOPBACK, SPEC_VERSION
from drivers.sbi.documents import DeviceInfo, DeviceInfoItem, DigitalId
from drivers.sbi.errors import CaptureRejected, DeviceRefused, MessageMalformed, Reason, SbiError
from drivers.sbi.policy import Policy
from drivers.sbi.tokens import Token
from drivers.sbi.trust import require_device

FINGER = "Finger"
REGISTRATION = "Registration"
NOT_REGISTERED = "Not Registered"


@dataclass(frozen=True)
class Device:
    """A scanner that has identified itself with a signature.

    Attributes:
        device_id: how requests name it; it may change with each start of the service.
        sub_ids: its plates: "0" one finger, "1" left four, "2" right four, "3" thumbs.
        status: Ready, Busy, Not Ready.
        identity: who made it, and its serial number.
        trusted: whether its certificates lead to an installed root.
    """

    device_id: str
    sub_ids: tuple[str, ...]
    status: str
    certification: str
    firmware: str
    identity: DigitalId
    trusted: bool


def read_device(answer: bytes, port: int, device_id: str, policy: Policy, now: datetime) -> Device:
    """Read a MOSIPDINFO answer and check what it says of one device.

    Args:
        answer: as it came.
        port: where it came from.
        device_id: of the device, from discovery; several may be behind one port.
        policy: whom to believe, and the environment that is due.
        now: for the certificates' dates.

    Raises:
        MessageMalformed, DeviceRefused, CaptureRejected: see `errors`.
    """
    items = documents.read(documents.INFO_ANSWER, answer)
    if not items:
        raise MessageMalformed(Reason.NO_DATA, "no device is described")
    problem: SbiError | None = None
    for item in items:
        try:
            token = _token(item)
            info = documents.read(documents.DEVICE_INFO, token.payload)
        except SbiError as error:  # it may be another device's: a face camera behind the same port
            problem = problem or error
            continue
        if info.device_id == device_id:
            return _device(info, token, port, policy, now)
    raise problem or DeviceRefused(Reason.UNPLUGGED, "", "the device is not described any more")


def _token(item: DeviceInfoItem) -> Token:
    item.require_success()
    if "." not in item.device_info:
        raise DeviceRefused(Reason.NOT_REGISTERED, "", "its description is not signed")
    return tokens.read(item.device_info)


def _device(info: DeviceInfo, token: Token, port: int, policy: Policy, now: datetime) -> Device:
    trusted = require_signer(token, policy, now)
    require_callback(info.callback_id, port)
    if SPEC_VERSION not in info.spec_version:
        raise MessageMalformed(Reason.VERSION_UNSUPPORTED, f"the device does not speak SBI {SPEC_VERSION}")
    if info.purpose != REGISTRATION:
        raise DeviceRefused(Reason.WRONG_PURPOSE, "", f"its purpose is {info.purpose}, not {REGISTRATION}")
    if info.env != policy.environment:
        raise CaptureRejected(Reason.ENVIRONMENT_WRONG, f"the device is set up for {info.env}")
    identity = read_identity(info.digital_id, policy, now)
    if identity.serial_no != info.device_code or identity.type != FINGER:
        raise CaptureRejected(Reason.DEVICE_WRONG, "its identity is that of another device")
    return Device(
        info.device_id,
        plates(info.device_sub_id),
        info.device_status,
        info.certification,
        info.firmware,
        identity,
        trusted,
    )


def read_identity(text: str, policy: Policy, now: datetime) -> DigitalId:
    """Read a digitalId and check who has signed it.

    On an L0 device its own key signs this, on an L1 device its secure chip's: both lead to an installed root.

    Raises:
        CaptureRejected, MessageMalformed: see `errors`.
    """
    token = tokens.read(text)
    require_signer(token, policy, now)
    return documents.read(documents.DIGITAL_ID, token.payload)


def require_signer(token: Token, policy: Policy, now: datetime) -> bool:
    """Check a token's certificates; tell whether they lead to an installed root (False where there is none).

    Raises:
        CaptureRejected: the dates or the chain are wrong.
    """
    require_device(token.certificates[0], now)
    if policy.roots is None:
        return False
    policy.roots.require_chain(token.certificates, now)
    return True


def require_callback(callback: str, port: int) -> None:
    """Refuse a device that wants to be asked elsewhere.

    Raises:
        MessageMalformed: CALLBACK_ELSEWHERE.
    """
    if callback != f"http://{LOOPBACK}:{port}/":
        raise MessageMalformed(Reason.CALLBACK_ELSEWHERE, "the device names another address than its own")


def plates(sub_ids: Sequence[str | int]) -> tuple[str, ...]:
    """Sub-ids as strings: the text's description has integers, MockMDS strings."""
    return tuple(str(one) for one in sub_ids)

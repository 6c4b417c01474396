"""File control parameters: the template of CREATE FILE, and the one that SELECT gives back."""

from dataclasses import dataclass

from simulators.chip import tlv
from simulators.chip.state import APPLICATION, MASTER_FILE, Condition, ElementaryFile, LifeCycle
from simulators.chip.status import Status, StatusError

# ISO/IEC 7816-4, table 10
_TEMPLATES = (0x62, 0x6F)  # FCP; FCI, which some clients send
_SIZE = 0x80
_TOTAL_SIZE = 0x81  # with structural information; the same for these files
_DESCRIPTOR = 0x82
_IDENTIFIER = 0x83
_LIFE_CYCLE = 0x8A
_ACCESS = 0x8C

_TRANSPARENT_EF = 0x01
_DF = 0x38
_UPDATE_AND_READ = 0x03  # access mode byte for an EF: bit 2 UPDATE, bit 1 READ (7816-4, table 17)
_RESERVED = (MASTER_FILE, 0x3FFF, 0xFFFF)  # 7816-4, 5.3.1.1


@dataclass(frozen=True)
class FilePlan:
    """The file that a CREATE FILE asks for; `file` is None for the DF."""

    identifier: int
    file: ElementaryFile | None


def parse_template(data: bytes) -> FilePlan:
    """Read the data field of CREATE FILE; tags that the profile does not name are passed over.

    Raises:
        StatusError: 6A80, the template is faulty.
    """
    try:
        return _parse(data)
    except ValueError as fault:
        raise StatusError(Status.FAULTY_TEMPLATE) from fault


def _parse(data: bytes) -> FilePlan:
    objects = list(tlv.parse(data))
    if len(objects) != 1 or objects[0][0] not in _TEMPLATES:
        raise ValueError("no file control template")
    inner = list(tlv.parse(objects[0][1]))
    fields = dict(inner)
    if len(fields) != len(inner):
        raise ValueError("a tag stands twice")
    _check_life_cycle(fields.get(_LIFE_CYCLE))
    identifier = _two_bytes(fields.get(_IDENTIFIER))
    if identifier in _RESERVED:
        raise ValueError("reserved file identifier")
    if _kind(fields.get(_DESCRIPTOR)) == _DF:
        if identifier != APPLICATION:  # this chip carries one application only (assumed)
            raise ValueError("unknown DF")
        return FilePlan(identifier, None)
    if identifier == APPLICATION:
        raise ValueError("an EF cannot bear the identifier of the DF")
    return FilePlan(identifier, _plan_ef(fields))


def _plan_ef(fields: dict[int, bytes]) -> ElementaryFile:
    size = _two_bytes(fields.get(_SIZE, fields.get(_TOTAL_SIZE)))
    if size == 0:
        raise ValueError("a file of no bytes")
    update, read = _conditions(fields.get(_ACCESS))
    return ElementaryFile(bytes(size), update, read)


def _check_life_cycle(value: bytes | None) -> None:
    if value is not None and value != bytes([LifeCycle.CREATION]):  # a file is born in creation (assumed)
        raise ValueError("a file cannot be created in this life-cycle state")


def _kind(descriptor: bytes | None) -> int:
    if not descriptor or len(descriptor) > 6 or descriptor[0] not in (_TRANSPARENT_EF, _DF):
        raise ValueError("file descriptor")
    return descriptor[0]


def _two_bytes(value: bytes | None) -> int:
    if value is None or len(value) != 2:
        raise ValueError("a two-byte field")
    return int.from_bytes(value, "big")


def _conditions(access: bytes | None) -> tuple[Condition, Condition]:
    if access is None:  # the profile: channel for both
        return Condition.CHANNEL, Condition.CHANNEL
    if len(access) != 3 or access[0] != _UPDATE_AND_READ:
        raise ValueError("access rules")
    return Condition(access[1]), Condition(access[2])


def encode_ef(template: int, identifier: int, file: ElementaryFile, life_cycle: LifeCycle) -> bytes:
    """Give the template of an EF; `template` is the outer tag, 62 or 6F."""
    access = bytes([_UPDATE_AND_READ, file.update, file.read])
    return tlv.encode(
        template,
        tlv.encode(_SIZE, len(file.content).to_bytes(2, "big"))
        + _common(_TRANSPARENT_EF, identifier, life_cycle)
        + tlv.encode(_ACCESS, access),
    )


def encode_df(template: int, identifier: int, life_cycle: LifeCycle) -> bytes:
    """Give the template of a DF, without size and access."""
    return tlv.encode(template, _common(_DF, identifier, life_cycle))


def _common(descriptor: int, identifier: int, life_cycle: LifeCycle) -> bytes:
    return (
        tlv.encode(_DESCRIPTOR, bytes([descriptor]))
        + tlv.encode(_IDENTIFIER, identifier.to_bytes(2, "big"))
        + tlv.encode(_LIFE_CYCLE, bytes([life_cycle]))
    )

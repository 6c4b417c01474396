"""The numbers of IPP that we use, with the section that gives them."""

from enum import IntEnum

LAST_DELIMITER = 0x0F  # RFC 8010 section 3.5.1: 0x00 to 0x0f delimit, everything above is a value's


class GroupTag(IntEnum):
    """RFC 8010 section 3.5.1."""

    RESERVED = 0x00
    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class ValueTag(IntEnum):
    """RFC 8010 section 3.5.2."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MEDIA_TYPE = 0x49
    MEMBER_NAME = 0x4A


# RFC 8010 section 3.9; a collection's ends carry nothing (3.1.6), nor do the out-of-band values (3.8)
FIXED_LENGTHS: dict[int, int] = {
    ValueTag.INTEGER: 4,
    ValueTag.BOOLEAN: 1,
    ValueTag.ENUM: 4,
    ValueTag.DATE_TIME: 11,
    ValueTag.RESOLUTION: 9,
    ValueTag.RANGE: 8,
    ValueTag.BEGIN_COLLECTION: 0,
    ValueTag.END_COLLECTION: 0,
}


class Operation(IntEnum):
    """RFC 8011 section 5.4.15."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


LAST_SUCCESS = 0x00FF  # RFC 8011 appendix B.1: 0x0000 to 0x00ff are successful
NOT_POSSIBLE = 0x0404
NOT_FOUND = 0x0406
GONE = 0x0407

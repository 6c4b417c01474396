"""What can go wrong between us and a scanner's service, each with a stable reason."""

from enum import StrEnum

LONGEST_TEXT = 160  # characters of what a service tells in its own words


class Reason(StrEnum):
    """Why something was not done. The names are stable: the station translates them."""

    # AddressUnusable, SettingUnusable
    ADDRESS_UNUSABLE = "address_unusable"
    ROOT_FILE_UNREADABLE = "root_file_unreadable"
    ROOT_FILE_WITHOUT_ROOT = "root_file_without_root"
    WISH_IMPOSSIBLE = "wish_impossible"
    # ServiceAbsent
    NOT_LISTENING = "not_listening"
    SCANNER_NOT_FOUND = "scanner_not_found"
    # AnswerLost
    TIMED_OUT = "timed_out"
    CUT_OFF = "cut_off"
    # MessageMalformed
    NOT_HTTP = "not_http"
    HTTP_STATUS = "http_status"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    FIELD_WRONG = "field_wrong"
    NO_DATA = "no_data"
    VERSION_UNSUPPORTED = "version_unsupported"
    CALLBACK_ELSEWHERE = "callback_elsewhere"
    NOT_PREVIEW = "not_preview"
    # DeviceRefused
    NOT_REGISTERED = "not_registered"
    NO_FINGER = "no_finger"
    TECHNICAL_ERROR = "technical_error"
    TAMPERED = "tampered"
    KEYS_UNUSABLE = "keys_unusable"
    ORIENTATION_WRONG = "orientation_wrong"
    UNPLUGGED = "unplugged"
    NOT_READY = "not_ready"
    BUSY = "busy"
    REQUEST_REFUSED = "request_refused"
    PREVIEW_STOPPED = "preview_stopped"
    WRONG_PURPOSE = "wrong_purpose"
    OTHER_REFUSAL = "other_refusal"
    # CaptureRejected: signature and trust
    TOKEN_MALFORMED = "token_malformed"
    ALGORITHM_WRONG = "algorithm_wrong"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_MALFORMED = "certificate_malformed"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CHAIN_UNTRUSTED = "chain_untrusted"
    SIGNATURE_WRONG = "signature_wrong"
    # CaptureRejected: not the answer to what was asked
    TRANSACTION_WRONG = "transaction_wrong"
    TIME_MALFORMED = "time_malformed"
    TIME_NOT_FRESH = "time_not_fresh"
    PURPOSE_WRONG = "purpose_wrong"
    ENVIRONMENT_WRONG = "environment_wrong"
    DEVICE_WRONG = "device_wrong"
    FINGER_WRONG = "finger_wrong"
    COUNT_WRONG = "count_wrong"
    HASH_WRONG = "hash_wrong"
    # RecordUnusable
    RECORD_MALFORMED = "record_malformed"
    POSITION_WRONG = "position_wrong"
    RESOLUTION_UNSUITABLE = "resolution_unsuitable"
    IMPRESSION_UNSUITABLE = "impression_unsuitable"
    COMPRESSION_UNSUITABLE = "compression_unsuitable"
    SIZE_WRONG = "size_wrong"
    NOT_LOSSLESS = "not_lossless"
    IMAGE_BROKEN = "image_broken"
    WSQ_NOT_INSTALLED = "wsq_not_installed"


class SbiError(Exception):
    """Something is wrong with the scanner's service or with what it says.

    Attributes:
        reason: which of the stable ones.
    """

    def __init__(self, reason: Reason, problem: str) -> None:
        """Say it.

        Args:
            reason: see `Reason`.
            problem: in words, for the technician; nothing of a person.
        """
        super().__init__(f"{reason}: {problem}")
        self.reason = reason


class AddressUnusable(SbiError):
    """The scanner's address is none that this driver can use."""


class SettingUnusable(SbiError):
    """What this driver was given to work with is wrong: a root file, or a wish that no scanner can fulfil."""


class ServiceAbsent(SbiError):
    """Nobody listens there, or the scanner is not among those that were found: nothing was captured."""


class AnswerLost(SbiError):
    """The request went out and no whole answer came: what was captured is lost, and nothing is harmed."""


class MessageMalformed(SbiError):
    """The answer is none of SBI 0.9.5."""


class DeviceRefused(SbiError):
    """The service says no.

    Attributes:
        code: its errorCode, in its own spelling.
    """

    def __init__(self, reason: Reason, code: str, info: str) -> None:
        """Keep what the service said, cut and without control characters: its words are shown to people."""
        code, info = shown(code), shown(info)
        super().__init__(reason, f"code {code}: {info}")
        self.code = code


class CaptureRejected(SbiError):
    """The capture came, and it is not to be believed."""


class RecordUnusable(SbiError):
    """The finger image record is broken, or none that can be compared."""


def shown(text: str) -> str:
    """A foreign text as people may see it: printable, and not long."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:LONGEST_TEXT])

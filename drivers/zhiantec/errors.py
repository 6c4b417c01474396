"""How the driver of a ZhianTec sensor fails. What it raises is one of these, or a fault of the program."""


class ZhianTecError(Exception):
    """Something that the driver of a fingerprint sensor could not do."""


class SettingError(ZhianTecError):
    """A baud rate, password, address or time that no sensor can have; nothing was sent."""


class SensorAbsentError(ZhianTecError):
    """The serial port is not there, is held by another program, or was pulled."""


class NoAnswerError(ZhianTecError):
    """The sensor said nothing, or stopped in the middle of an answer or a picture."""


class BadFrameError(ZhianTecError):
    """What came is not a frame as the protocol has it: sum, address, length, kind or number of bytes."""


class PasswordError(ZhianTecError):
    """The sensor refuses the password; it is not tried again."""


class RefusedError(ZhianTecError):
    """The sensor answered a command with an error.

    Attributes:
        code: The confirmation code (`codes.Confirmation` names those that are known).
    """

    def __init__(self, what: str, code: int) -> None:
        super().__init__(f"{what}: the sensor answered {code:02X}")
        self.code = code


class NoFingerError(ZhianTecError):
    """No finger came in time."""


class PlateNotEmptyError(ZhianTecError):
    """Something lies on the plate where a picture of the empty plate is wanted."""

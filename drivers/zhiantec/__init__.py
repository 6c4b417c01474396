"""Driver for fingerprint sensors of the ZhianTec UART family."""

from drivers.zhiantec.codes import Colour, Confirmation, Light
from drivers.zhiantec.conversation import Timing
from drivers.zhiantec.errors import (
    BadFrameError,
    NoAnswerError,
    NoFingerError,
    PasswordError,
    PlateNotEmptyError,
    RefusedError,
    SensorAbsentError,
    SettingError,
    ZhianTecError,
)
from drivers.zhiantec.readings import Progress, SensorImage, SensorParameters, Stage
from drivers.zhiantec.scanner import SensorSettings, ZhianTecScanner

__all__ = [
    "BadFrameError",
    "Colour",
    "Confirmation",
    "Light",
    "NoAnswerError",
    "NoFingerError",
    "PasswordError",
    "PlateNotEmptyError",
    "Progress",
    "RefusedError",
    "SensorAbsentError",
    "SensorImage",
    "SensorParameters",
    "SensorSettings",
    "SettingError",
    "Stage",
    "Timing",
    "ZhianTecError",
    "ZhianTecScanner",
]

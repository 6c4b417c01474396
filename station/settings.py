"""`station.toml`: what this office's station is made of. Devices are named by URL."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from station.errors import InputFault, StationError
from station.folders import make_durably
from station.local_time import TimeZone

DEFAULT_PLACES = (Path("station.toml"), Path("/etc/station/station.toml"))


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficeSettings(_Section):
    """The office that stands on cards and letters."""

    province: str = Field(min_length=1, description="Province in capitals, without the word PROVINSI.")
    regency: str = Field(min_length=1, description="KABUPATEN … or KOTA …, in capitals.")
    time_zone: TimeZone = Field(
        default=TimeZone.WIB, description="The office's time: WIB (UTC+7), WITA (UTC+8) or WIT (UTC+9)."
    )


class KeySettings(_Section):
    """PKCS#11 URLs (RFC 7512) of the station's keys; a PIN is never written here, only its `pin-source`."""

    person: str = Field(description="Secret key for HMAC-SHA-256 of the NIK in the journal.")
    blanks: str = Field(description="AES-128 batch key from which card keys are diversified in the token.")
    signature: str = Field(description="ECDSA P-256 key that signs the data of a chip.")
    journal: str = Field(description="ECDSA P-256 key that signs the heads of the journal.")


class FontSettings(_Section):
    """Where Debian has put the fonts; their SHA-256 is in the layout."""

    folder: Path = Field(
        default=Path("/usr/share/fonts/truetype"), description="Folder of the font packages."
    )


class LaneSettings(_Section):
    """One printer with its chip reader."""

    name: str = Field(pattern=r"^[A-Za-z0-9-]{1,16}$", description="Short name, for example A.")
    printer: str = Field(description="URL of the card printer: usb://, usbip://, socket:// or file://.")
    reader: str = Field(description="URL of the reader at the chip station: pcsc:///Name or apdu://.")
    chip_station: Literal["contact", "contactless"] = Field(
        default="contactless", description="Which of the printer's stations the reader belongs to."
    )


class PolicySettings(_Section):
    """What the office has decided."""

    blanks_per_job: int = Field(
        default=3, ge=1, le=10, description="Blanks that chip faults may cost one job."
    )
    chip_faults_in_a_row: int = Field(
        default=4, ge=2, description="So many chip faults without a good card in between latch the lane."
    )
    quality_check_every: int = Field(
        default=0, ge=0, description="Every n-th card waits for a person; 0 = none."
    )


class Settings(_Section):
    """All of `station.toml`."""

    office: OfficeSettings
    data: Path = Field(
        description="Folder of the database, the lock and the control socket; a relative one starts at "
        "the folder of this file, so that every command finds the same."
    )
    database: str = Field(
        default="sqlite:///station.db",
        description="SQLAlchemy URL; a relative SQLite path is taken from the data folder.",
    )
    clock: Literal["system"] = Field(default="system", description="Where the time comes from.")
    profile: str = Field(default="ktp-el-open", description="Chip profile that is written.")
    keys: KeySettings
    fonts: FontSettings = FontSettings()
    policy: PolicySettings = PolicySettings()
    lanes: tuple[LaneSettings, ...] = Field(min_length=1)

    @field_validator("lanes")
    @classmethod
    def _lanes_share_nothing(cls, lanes: tuple[LaneSettings, ...]) -> tuple[LaneSettings, ...]:
        """Two lanes on one printer or reader would move each other's cards."""
        for part in ("name", "printer", "reader"):
            values = [lane.model_dump()[part] for lane in lanes]
            if len(set(values)) < len(values):
                raise ValueError(f"two lanes have the same {part}")
        return lanes

    @property
    def lock_file(self) -> Path:
        """The file whose lock the one working station process holds."""
        return self.data / "station.lock"

    @property
    def head_anchor(self) -> Path:
        """The file beside the database that keeps the signed heads of the journal."""
        return self.data / "journal-heads.log"

    @property
    def control_socket(self) -> Path:
        """Where `station run` listens to the other commands."""
        return self.data / "station.sock"


def make_data_folder(folder: Path) -> None:
    """Make the data folder, for the station's user alone, if it is not there.

    Raises:
        StationError: DATABASE_UNUSABLE.
    """
    try:
        make_durably(folder, 0o700)
    except OSError as error:
        raise StationError("DATABASE_UNUSABLE", problem=f"{folder}: {error.strerror}") from error


def find_settings(given: Path | None, environment: Mapping[str, str]) -> Path:
    """Find the settings: `--config`, then `$STATION_CONFIG`, `./station.toml`, `/etc/station/station.toml`.

    Raises:
        InputFault: SETTINGS_MISSING.
    """
    named = given or (Path(environment["STATION_CONFIG"]) if environment.get("STATION_CONFIG") else None)
    places = (named,) if named else DEFAULT_PLACES
    for place in places:
        if place.is_file():
            return place
    raise InputFault("SETTINGS_MISSING", places=", ".join(str(place) for place in places))


def load_settings(given: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings. Data stand under `$STATION_DATA` if that is set.

    Raises:
        InputFault: SETTINGS_MISSING, SETTINGS_MALFORMED.
    """
    file = find_settings(given, environment)
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputFault("SETTINGS_MALFORMED", file=file, problem=error) from error
    if environment.get("STATION_DATA"):
        values["data"] = str(Path(environment["STATION_DATA"]).absolute())
    try:
        return _from_folder(file.absolute().parent, Settings.model_validate(values))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputFault("SETTINGS_MALFORMED", file=file, problem=f"{where}: {first['msg']}") from error


def _from_folder(folder: Path, settings: Settings) -> Settings:
    """Take relative paths from the folder of the settings file, never from where a command was given."""
    fonts = settings.fonts.model_copy(update={"folder": folder / settings.fonts.folder})
    return settings.model_copy(update={"data": folder / settings.data, "fonts": fonts})

"""`station.toml`: what this office's station is made of. Devices are named by URL."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ByteSize, ConfigDict, Field, ValidationError, field_validator, model_validator

from station.errors import InputFault, StationError
from station.folders import make_durably
from station.letter_settings import LetterSettings
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
    exchange: str | None = Field(
        default=None, description="ECDH P-256 key that bundles for this station are encrypted to."
    )
    bundles: str | None = Field(
        default=None, description="ECDSA P-256 key that signs the bundles which this station writes."
    )
    records: str | None = Field(
        default=None, description="AES-256 master key that wraps the keys of held records."
    )
    letters: str | None = Field(
        default=None, description="Ed25519 or ECDSA P-256 key that signs the codes of substitute letters."
    )
    letter_signature: str | None = Field(
        default=None, description="ECDSA P-256 key that signs the PDF files of substitute letters."
    )


class FontSettings(_Section):
    """Where Debian has put the fonts; their SHA-256 is in the layout."""

    folder: Path = Field(
        default=Path("/usr/share/fonts/truetype"), description="Folder of the font packages."
    )
    profiles: Path = Field(
        default=Path("/usr/share/color/icc"), description="Folder of the colour profiles, for letters."
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


class ScannerSettings(_Section):
    """The fingerprint scanner on the counter, and the chip reader beside it."""

    url: str = Field(
        pattern=r"^(serial:///|sbi://)\S+$",
        description="`serial:///dev/ttyUSB0?baud=57600`, or `sbi://127.0.0.1:4501`.",
    )
    reader: str | None = Field(
        default=None,
        description="URL of the chip reader on the counter; without it that of the first lane.",
    )
    seconds: float = Field(default=15.0, ge=1, le=120, description="How long one touch is waited for.")
    roots: Path | None = Field(
        default=None,
        description="Certificates that vouch for the devices of an `sbi` service; without them none counts.",
    )
    environment: Literal["Production", "Pre-Production", "Staging", "Developer"] = Field(
        default="Production", description="What an `sbi` service must call its environment."
    )


class IntakeSettings(_Section):
    """Where records come from and whom they are written for (docs/reference/bundle.md)."""

    watch: Path | None = Field(
        default=None, description="Folder that `station run` takes bundles in from as they come."
    )
    senders: Path = Field(
        default=Path("senders"),
        description="Folder of trusted senders' public keys: recording_station/NAME.pem, centre/NAME.pem.",
    )
    recipients: Path = Field(
        default=Path("recipients"),
        description="Folder of the public keys that records are exported to: NAME.pem.",
    )


class CentreSettings(_Section):
    """The data centre, reached over HTTPS (docs/reference/centre.md)."""

    url: str = Field(
        pattern=r"^https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$",
        description="Address of the centre: https://HOST or https://HOST:PORT.",
    )
    station: str = Field(
        pattern=r"^[A-Za-z0-9-]{1,64}$", description="The name by which the centre knows us."
    )
    name: str = Field(
        default="centre",
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="Name of its key files: recipients/NAME.pem, and senders/centre/NAME.pem for signatures.",
    )
    authority: Path = Field(
        default=Path("centre-ca.pem"),
        description="Certificate of the authority that vouches for the centre; no other counts.",
    )
    bytes_per_second: ByteSize | None = Field(
        default=None, ge=1024, description="Most that is sent and fetched in a second; without it no limit."
    )
    piece: ByteSize = Field(
        default=ByteSize(262_144), ge=4096, description="A larger record is sent in pieces of this size."
    )
    patience: float = Field(default=30.0, gt=0, le=600, description="Seconds to wait for an answer.")
    every: float = Field(default=60.0, ge=1, description="Seconds between two rounds while all is well.")
    longest_wait: float = Field(
        default=900.0, ge=1, description="Longest wait, in seconds, between two tries while the centre fails."
    )


class BackupSettings(_Section):
    """The second place that the station backs itself up to."""

    place: Path | None = Field(
        default=None,
        description="Folder on another disk, for example /media/backup; without it none is made.",
    )
    every: str = Field(
        default="24h",
        pattern=r"^([1-9][0-9]{0,3}[mh]|([01][0-9]|2[0-3]):[0-5][0-9])$",
        description="How long between two backups (`24h`, `90m`), or the office's time of day (`21:30`).",
    )
    keep: int = Field(default=7, ge=2, le=1000, description="Backups that are kept; the oldest go first.")


class DiskSpaceSettings(_Section):
    """Room on the disk of the database that is kept for the journal; bytes, or such as `2GB`."""

    warn_below: ByteSize = Field(default=ByteSize(4_000_000_000), description="Below it the station warns.")
    stop_intake_below: ByteSize = Field(
        default=ByteSize(1_000_000_000), description="Below it no record is taken in, nothing is exported."
    )
    stop_cards_below: ByteSize = Field(
        default=ByteSize(100_000_000), description="Below it no card is begun; one that is begun is finished."
    )

    @model_validator(mode="after")
    def _limits_stand_in_order(self) -> "DiskSpaceSettings":
        if not self.warn_below >= self.stop_intake_below >= self.stop_cards_below:
            raise ValueError("warn_below, stop_intake_below and stop_cards_below must fall in this order")
        return self


class RetentionSettings(_Section):
    """When held records are erased by `station records retain`; what is not set is never due."""

    days_after_handover: int | None = Field(
        default=None, ge=0, le=36500, description="Days from the handover of the card to the erasure."
    )
    days_after_rejection: int | None = Field(
        default=None,
        ge=0,
        le=36500,
        description="Days from the centre's verdict that the record is a duplicate to the erasure.",
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
    intake: IntakeSettings = IntakeSettings()
    centre: CentreSettings | None = Field(
        default=None, description="The data centre; without it none is reached."
    )
    backup: BackupSettings = BackupSettings()
    disk_space: DiskSpaceSettings = DiskSpaceSettings()
    retention: RetentionSettings = RetentionSettings()
    letters: LetterSettings | None = Field(
        default=None, description="Substitute letters; without it none is issued."
    )
    scanner: ScannerSettings | None = Field(
        default=None, description="The fingerprint scanner; without it no card is handed over."
    )
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
    def aside_folder(self) -> Path:
        """Where the sealed bytes of records lie that were set aside."""
        return self.data / "set-aside"

    @property
    def vault_folder(self) -> Path:
        """Where the sealed bytes of held records lie."""
        return self.data / "vault"

    @property
    def letters_folder(self) -> Path:
        """Where the sealed files of letters lie."""
        return self.data / "letters"

    @property
    def scanner_folder(self) -> Path:
        """Where the windows of fingerprint scanners lie, as the technician has had them learned."""
        return self.data / "scanners"

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
    fonts = settings.fonts.model_copy(
        update={
            "folder": folder / settings.fonts.folder,
            "profiles": folder / settings.fonts.profiles,
        }
    )
    changed: dict[str, object] = {"data": folder / settings.data, "fonts": fonts}
    changed["intake"] = settings.intake.model_copy(
        update={
            "watch": folder / settings.intake.watch if settings.intake.watch else None,
            "senders": folder / settings.intake.senders,
            "recipients": folder / settings.intake.recipients,
        }
    )
    if settings.centre is not None:
        authority = folder / settings.centre.authority
        changed["centre"] = settings.centre.model_copy(update={"authority": authority})
    if settings.backup.place is not None:
        changed["backup"] = settings.backup.model_copy(update={"place": folder / settings.backup.place})
    if settings.scanner is not None and settings.scanner.roots is not None:
        changed["scanner"] = settings.scanner.model_copy(update={"roots": folder / settings.scanner.roots})
    if settings.letters is not None:
        changed["letters"] = settings.letters.from_folder(folder)
    return settings.model_copy(update=changed)

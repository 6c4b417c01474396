"""`[letters]` in `station.toml`: whose letters these are, who signs them, how they are numbered."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

LONGEST_NUMBER = 60  # characters as printed: the line below the title holds no more
LARGEST_PLACE = (1 << 24) - 1  # three bytes in the code (station/letters/claim/statement.py)
PLACES = re.compile(r"\{(number)(?::0[1-9]d)?\}|\{(year)\}")  # of a pattern; nothing else is filled in


class LetterReason(StrEnum):
    """Why a person has no card in hand."""

    RECORDED_WITHOUT_CARD = "recorded_without_card"
    LOST = "lost"
    DAMAGED = "damaged"
    CHANGED = "changed"


class PrintReadyRule(StrEnum):
    """Whether the record must be print-ready, must not be, or may be either."""

    REQUIRED = "required"
    EXCLUDED = "excluded"
    ANY = "any"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PolicyAmendment(_Section):
    """What a regulation changes from a day on; what it does not name stays as it was."""

    valid_from: date = Field(description="First day, `YYYY-MM-DD`.")
    precision: Literal["day", "month", "year"] = Field(
        default="day", description="How exactly the day is known; else it is the earliest that it can be."
    )
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        description="The regulation or official letter: its number and date."
    )
    evidence: str = Field(default="", max_length=200, description="Where it was read.")
    allowed: bool | None = Field(default=None, description="Whether letters are issued at all.")
    reasons: frozenset[LetterReason] | None = Field(default=None, description="For which reasons.")
    print_ready: PrintReadyRule | None = Field(
        default=None, description="Whether the record must be print-ready (required, excluded, any)."
    )
    needs_blank_stock_out: bool | None = Field(default=None, description="Only while there is no blank.")
    needs_central_record: bool | None = Field(
        default=None, description="Only for people whom the centre knows, also while it cannot be asked."
    )
    papers: frozenset[Literal["a4", "folio"]] | None = Field(default=None, description="On which paper.")


class LetterheadSettings(_Section):
    """The office's lines above a letter; the first, PEMERINTAH with the regency, comes from `[office]`."""

    office: str = Field(min_length=1, description="Name of the office, in capitals.")
    address: str = Field(min_length=1, description="Its address, one line.")
    contact: str = Field(default="", description="Telephone and such, one line; may be empty.")
    town: str = Field(min_length=1, description="The town that stands before the date.")


class LetterSignerSettings(_Section):
    """A person who signs letters."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,16}$", description="Short name to choose by: `--signer`.")
    position: str = Field(min_length=1, description="Position; several lines are possible.")
    name: str = Field(min_length=1, description="Name with titles.")
    rank: str = Field(min_length=1, description="Rank and class.")
    nip: str = Field(pattern=r"^[0-9]{18}$", description="NIP, 18 digits.")


class LetterSettings(_Section):
    """Substitute letters (docs/reference/letters-register.md); without this section none is issued."""

    issuer: str = Field(
        pattern=r"^https?://[!-~]{1,72}$",
        description="URI of the office in the code; it names, it is not opened.",
    )
    number: str = Field(
        default="471.13/{number:05d}/{year}",
        description="Pattern of the number: `{number}` is the place in the year, `{year}` the year. No "
        "official pattern is known.",
    )
    paper: Literal["a4", "folio"] = Field(default="a4", description="Paper; folio is the old style.")
    printer: str | None = Field(
        default=None,
        pattern=r"^(ipp|file)://",
        description="Paper printer: `ipp://HOST/printers/NAME` of CUPS, or `file:///FOLDER`.",
    )
    months: int = Field(default=6, ge=1, le=6, description="Months of validity.")
    list_days: int = Field(
        default=14, ge=1, le=366, description="Days that a signed list of withdrawn letters counts."
    )
    certificate: Path | None = Field(
        default=None,
        description="Certificate, PEM or DER, of the key `letter_signature`; without it no file is signed.",
    )
    trust_list: Path = Field(
        default=Path("letter-trust.json"),
        description="Signed list of the keys that letters are believed from; its signature is FILE.sig.",
    )
    root_key: Path = Field(
        default=Path("letter-root.pem"), description="Public key that signs the list; PEM."
    )
    withdrawal_lists: Path = Field(
        default=Path("letter-withdrawals"),
        description="Folder of signed lists of withdrawn letters that `station letters verify` asks.",
    )
    letterhead: LetterheadSettings
    signers: tuple[LetterSignerSettings, ...] = Field(min_length=1)
    policies: tuple[PolicyAmendment, ...] = Field(
        default=(), description="The office's own dated rows, after those of the program."
    )

    def from_folder(self, folder: Path) -> "LetterSettings":
        """Take relative paths from this folder."""
        return self.model_copy(
            update={
                "certificate": folder / self.certificate if self.certificate else None,
                "trust_list": folder / self.trust_list,
                "root_key": folder / self.root_key,
                "withdrawal_lists": folder / self.withdrawal_lists,
            }
        )

    @field_validator("number")
    @classmethod
    def _has_its_places(cls, pattern: str) -> str:
        """Hold each place once, written out whole: else two letters could have one number."""
        if sorted(found[1] or found[2] for found in PLACES.finditer(pattern)) != ["number", "year"]:
            raise ValueError("a pattern has {number}, such as {number:05d}, and {year}, each once")
        if set("{}") & set(PLACES.sub("", pattern)):
            raise ValueError("a pattern has no braces but those of {number} and {year}")
        longest = pattern.format(number=LARGEST_PLACE, year=9999)
        if not (longest.isascii() and longest.isprintable() and len(longest) <= LONGEST_NUMBER):
            raise ValueError(f"a number has at most {LONGEST_NUMBER} printable ASCII characters")
        return pattern

    @model_validator(mode="after")
    def _signers_are_told_apart(self) -> "LetterSettings":
        keys = [signer.key for signer in self.signers]
        if len(set(keys)) < len(keys):
            raise ValueError("two signers have the same key")
        return self

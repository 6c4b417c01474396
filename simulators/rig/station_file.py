"""The `station.toml` of a rig, and the files by which a person's shell finds it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from simulators.rig.letter_files import CERTIFICATE, ISSUER, LETTERHEAD, ROOT, SIGNER, TRUST
from simulators.rig.options import RigOptions
from simulators.rig.token_files import KEYS, TokenFiles

OFFICE = {"province": "JAWA REKAAN", "regency": "KABUPATEN CONTOHARJO"}  # invented, as the people are
STATION = "contoharjo-1"  # as the centre knows it
ROUND_EVERY = 5  # seconds; a person at the simulators does not wait a minute
PAPER_FOLDER = "letters-on-paper"  # takes letters where the rig has no paper printer
SLOTS = {"contact": 0, "contactless": 1}  # of a virtual reader (fact sheet on PC/SC)


class PrinterPorts(BaseModel):
    """The ready line of a printer simulator."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int
    usbip_port: int
    busid: str
    admin_port: int


class CentrePorts(BaseModel):
    """The ready line of the data centre: its ports, and the files of its certificate and public keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int
    admin_port: int
    ca: str
    signing: str
    encryption: str


class PaperPorts(BaseModel):
    """The ready line of the paper printer's cupsd."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    port: int
    url: str
    admin_port: int


class ScannerPorts(BaseModel):
    """The ready line of the fingerprint scanner."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    admin_port: int


def station_text(
    options: RigOptions,
    files: TokenFiles,
    ports: Mapping[str, PrinterPorts],
    centre: CentrePorts | None,
    paper: PaperPorts | None,
) -> str:
    """Return the text of `station.toml`."""
    keys = {name: files.url(name) for name in KEYS}
    lines = [f"data = {_quoted(str(options.folder / 'data'))}"]
    lines += ["", "[office]", *_pairs(OFFICE), "", "[keys]", *_pairs(keys)]
    if centre is not None:
        lines += ["", "[centre]", *_pairs(_centre(centre)), f"every = {ROUND_EVERY}"]
    if options.scanner:
        lines += ["", "[scanner]", *_pairs({"url": f"serial://{options.scanner_link}"})]
    lines += ["", "[letters]", *_pairs(_letters(options, paper))]
    lines += ["", "[letters.letterhead]", *_pairs(LETTERHEAD), "", "[[letters.signers]]", *_pairs(SIGNER)]
    for lane in options.lanes:
        lines += ["", "[[lanes]]", *_pairs(_lane(options, lane, ports[lane]))]
    return "\n".join(lines) + "\n"


def environment_text(environment: Mapping[str, str]) -> str:
    """Return what a shell reads with `.` to reach the rig."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())


def replace_text(path: Path, text: str) -> None:
    """Write a small file whole."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _centre(centre: CentrePorts) -> dict[str, str]:
    return {
        "url": f"https://127.0.0.1:{centre.port}",
        "station": STATION,
        "authority": centre.ca,
    }


def _letters(options: RigOptions, paper: PaperPorts | None) -> dict[str, str]:
    """Letters go to the paper printer, or into a folder where the rig has none."""
    folder = options.folder / PAPER_FOLDER
    return {
        "issuer": ISSUER,
        "certificate": CERTIFICATE,
        "trust_list": TRUST,
        "root_key": ROOT,
        "printer": paper.url if paper else f"file://{quote(str(folder))}",
    }


def _lane(options: RigOptions, lane: str, ports: PrinterPorts) -> dict[str, str]:
    printer = {
        "usbip": f"usbip://127.0.0.1:{ports.usbip_port}/{ports.busid}",
        "socket": f"socket://127.0.0.1:{ports.port}",
    }
    reader = f"{options.reader_name(lane)} 00 {SLOTS[options.chip_station]:02}"
    return {
        "name": lane,
        "printer": printer[options.connection],
        "reader": f"pcsc:///{quote(reader, safe='')}",
        "chip_station": options.chip_station,
    }


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f"{name} = {_quoted(value)}" for name, value in values.items()]


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are all among TOML's."""
    return json.dumps(text, ensure_ascii=False)

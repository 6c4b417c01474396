"""Chips: the card application `ktp-el-open`, written over SCP03 (docs/reference/ktp-el-open.md).

The write protocol of the real KTP-el is not public; this profile is ours, and a card made with it is
not a KTP-el.
"""

from drivers.chip.biodata import Biodata
from drivers.chip.card_control import CardControl
from drivers.chip.images import ChipFiles, manifest
from drivers.chip.keys import CardKeys, KeyService, ManifestSigner
from drivers.chip.personaliser import ChipPersonaliser, Difference
from drivers.chip.profile import CardProfile, PublicProfile, ktp_el_open, ktp_el_public
from drivers.chip.public import PublicReading, look
from drivers.chip.session import ChipState

__all__ = [
    "Biodata",
    "CardControl",
    "CardKeys",
    "CardProfile",
    "ChipFiles",
    "ChipPersonaliser",
    "ChipState",
    "Difference",
    "KeyService",
    "ManifestSigner",
    "PublicProfile",
    "PublicReading",
    "ktp_el_open",
    "ktp_el_public",
    "look",
    "manifest",
]

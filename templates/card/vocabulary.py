"""The words that a KTP-el may carry (facts: domain.md section 2)."""

from typing import Final

SEXES: Final = ("LAKI-LAKI", "PEREMPUAN")
BLOOD_GROUPS: Final = tuple(
    f"{group}{rhesus}" for group in ("A", "B", "AB", "O") for rhesus in ("", "+", "-")
)
BLOOD_GROUP_UNKNOWN: Final = "-"
MARITAL_STATUSES: Final = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
NATIONALITIES: Final = ("WNI", "WNA")

# The exact list is unverified in the fact sheet: a religion outside it is a warning, never a refusal.
RELIGIONS: Final = (
    "ISLAM",
    "KRISTEN",
    "KATOLIK",
    "HINDU",
    "BUDDHA",
    "KHONGHUCU",
    "KEPERCAYAAN TERHADAP TUHAN YME",
)

CLOSED: Final = {
    "sex": SEXES,
    "blood_group": (*BLOOD_GROUPS, BLOOD_GROUP_UNKNOWN),
    "marital_status": MARITAL_STATUSES,
    "nationality": NATIONALITIES,
}
"""Field name to the only values that the card may carry in it."""

"""The languages of the screen: Indonesian first, English second."""

import gettext
from pathlib import Path
from typing import Literal

LanguageCode = Literal["id", "en"]
DOMAIN = "station"
LOCALE_FOLDER = Path(__file__).parent / "locale"


def marked(message: str) -> str:
    """Mark a message for translation where it is written; it is translated where it is shown."""
    return message


class Language:
    """The language that one command speaks. The messages in the code are the English ones."""

    def __init__(self, code: LanguageCode) -> None:
        self.code = code
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        if code != "en":
            self._catalogue = gettext.translation(DOMAIN, LOCALE_FOLDER, [code])

    def text(self, message: str, **values: object) -> str:
        """Translate a message and fill in its `{named}` values, themselves translated if marked."""
        translated = self._catalogue.gettext(message) if message else ""
        return translated.format(**values) if values else translated

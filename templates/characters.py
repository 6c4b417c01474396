"""Which characters a paper of this office may carry, whatever the font."""

import unicodedata


def unwritable_reason(character: str) -> str:
    """Return why a character may not be written, or an empty text when it may.

    Letters of other scripts are refused although Liberation has some of them: a Cyrillic A looks
    like a Latin one and is another name, and right-to-left letters would stand in the wrong order.
    """
    category = unicodedata.category(character)
    if category[0] == "M":
        return "a combining mark without a composed letter"
    if character != " " and category[0] in "CZ":
        return "not a printable character"
    if category[0] == "L" and not unicodedata.name(character, "").startswith("LATIN "):
        return "not a Latin letter"
    return ""

"""What can be wrong with a bundle as a whole."""

from station.errors import InputFault


def malformed(problem: str) -> InputFault:
    """The file breaks the format; `problem` never repeats what stands in it."""
    return InputFault("BUNDLE_MALFORMED", problem=problem)


def incomplete(have: int, wanted: int) -> InputFault:
    """The file ends before it should: it is still being copied, or it was cut."""
    return InputFault("BUNDLE_INCOMPLETE", have=have, wanted=wanted)

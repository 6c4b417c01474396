"""What keeps the demo from its end."""


class DemoError(Exception):
    """The demo cannot go on; the text says why."""

"""What keeps a rig from standing."""


class RigError(Exception):
    """The rig cannot be started, or has lost a part; the text says which."""


class RigCancelled(RigError):
    """Somebody wanted the rig to stop before it stood."""

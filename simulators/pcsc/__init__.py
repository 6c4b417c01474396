"""A private pcscd with virtual readers, in a network namespace of its own, and the way into it."""

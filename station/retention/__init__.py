"""How long held records stay readable: what is due, what still needs them, and their erasure."""

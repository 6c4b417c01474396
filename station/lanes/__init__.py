"""The lanes: one printer with its chip reader, and whether it works, wants attention or is broken."""

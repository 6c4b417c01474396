"""A private cupsd with one simulated A4 printer behind it. See README.md."""

"""The print gate: only what is print-ready is printed. It fails closed and nobody can override it."""

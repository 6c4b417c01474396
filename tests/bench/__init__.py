"""Measured figures beside what they are measured against: `python -m tests.bench [--name GROUP] [--json]`."""

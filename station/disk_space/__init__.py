"""Disk space: what only fills the disk stops before the journal can suffer."""

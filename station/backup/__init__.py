"""Backup: a second place that a dead disk, a lost workstation or an erasing hand does not reach."""

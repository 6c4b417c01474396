"""Synthetic people: records that look like real ones and belong to nobody. See README.md."""

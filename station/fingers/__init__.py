"""Fingers: images, minutiae, records, comparison (docs/reference/fingers.md)."""

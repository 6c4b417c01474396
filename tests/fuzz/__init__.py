"""Bundles that are hurt in every way that can be thought of, and imports that are killed at any moment."""

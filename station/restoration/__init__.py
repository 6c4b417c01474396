"""Restoration: what a database out of a backup does not know, and what is held back until people do."""

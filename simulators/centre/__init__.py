"""A data centre: it receives, de-duplicates and publishes what is print-ready, and it fails in many ways."""

"""Bundles: signed files that carry sealed records, from a recording station or the centre (`bundle/1`)."""

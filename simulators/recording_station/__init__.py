"""A recording station: made-up people in bundles, written from docs/reference/bundle.md alone."""

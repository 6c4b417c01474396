"""The audit: the journal's chain, its signed heads, and whoever has changed a row."""

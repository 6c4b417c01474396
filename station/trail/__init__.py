"""Everything that was done with one person's data, in one document (UU 27/2022, articles 31 and 32)."""

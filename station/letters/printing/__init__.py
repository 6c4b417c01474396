"""Letters on paper: each attempt in the journal, its job followed to the end, and never two by accident."""

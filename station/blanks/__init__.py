"""The blanks ledger: every blank is in exactly one account."""

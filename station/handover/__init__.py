"""Handover: the holder's finger matches, the letter is withdrawn, the card leaves the office, once."""

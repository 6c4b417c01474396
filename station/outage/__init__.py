"""Outage: three facts about the centre, apart, each with since when and how it is known."""

"""The people who work at the station."""

"""Stand-ins for devices at the station's ports, for tests of the station alone."""

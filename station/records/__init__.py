"""One person's recording, as captured in an office or in the field."""

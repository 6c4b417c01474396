"""The print station: from a print-ready record to a verified card."""

"""The card job: everything done to turn one print-ready record into one verified card."""

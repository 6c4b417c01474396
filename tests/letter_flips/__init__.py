"""Every byte of a signed letter is changed, and every bit of its code: nothing of it may be believed."""

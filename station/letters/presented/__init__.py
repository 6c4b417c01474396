"""What somebody brings, a file, a scan, a photograph or the text of a code: is it a letter, and does it hold?

Nothing here needs the database or the token: only the list of trusted keys, and lists of withdrawn letters.
"""

"""Letters by the thousand.

`group` issues some records' letters in one go, `workshop` keeps what that needs between two groups, `store`
finds who may want one, `folder` and `one_file` are where the letters are written to.
"""

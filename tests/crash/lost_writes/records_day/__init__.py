"""A day of records: they come in, go to the centre, are given out, erased and backed up; and a restore.

What lies below `data` is on the disks that lose power: the station's own, and, as if they were parts of it,
the place of backups, the disk that is carried to the centre, the watched folder and what is given out. What
comes in, and the centre's memory, lie outside and last.
"""

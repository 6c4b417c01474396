"""A power cut: what the page cache held is lost, torn or reordered, and the station opens what is left.

Killing a process loses nothing that it has written. A power cut does: so the station's day is recorded call
by call in a child process, the disks that a cut may legally leave behind are built from the recording, and
each one is opened with the real code beside the devices as they were at that moment.

How it is recorded: by `strace`, which sees every system call, also of a path that nobody has thought of: a
call that changes a file of the data folder in a way that the model does not know stops the run. (A shim
before libc would have to know every wrapper.) It traces only its own child, which needs no privilege. What a
device does is written as a *mark* into a file of the same recording, so that the order is one.

What a disk may do between two syncs (`disk.py`): each write may be missing, be there in part, cut at sectors
of 512 bytes, or land after a later one; a file may have grown without its data; a name that was entered,
replaced or removed may be as it was until its folder was synced; what was moved from one folder to another
may be in the first until both were. What was synced is there. `-shm` is memory
only. SQLite's assumption that a write damages nothing beside it (powersafe overwrite) is shared.

Two days are recorded. On a day of cards (`day.py`, `recorded_day.py`) a lane works off its queue. On a day of
records (`records_day/`) bundles come in, go to the centre by line and by hand, are given out and erased; a
backup is made, goes on, goes bad and is restored.

`python -m tests.crash.lost_writes` prints the counts, `--mutants` takes lines out of our code and shows what
notices.
"""

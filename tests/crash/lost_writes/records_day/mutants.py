"""Lines that make something durable in the rooms of records and backups, each taken out or put wrong.

Those of one rename are: it is not there, it is not on the disk, it comes before the data that it names.
"""

from functools import partial
from typing import Final

from tests.crash.lost_writes.mutant import Mutant

SEGMENTS = "station/vault/segments.py"
LINE = "station/intake/line.py"
GIVING = "station/intake/exporting.py"
WATCHING = "station/intake/watching.py"
BUNDLES = "station/bundles/writing.py"
PULLING = "station/exchange/pulling.py"
COPIES = "station/database/copies.py"
SCRUBBING = "station/database/scrubbing.py"
ASIDE = "station/intake/aside.py"
FILES = "station/backup/files.py"
MAKING = "station/backup/making.py"
PLACE = "station/backup/place.py"
PIECES = "station/backup/segments.py"
RESTORING = "station/backup/restoring.py"
CONTINUATION = "station/backup/continuation.py"

_mutant = partial(Mutant, day="records")

_PROBLEMS = (
    "    found = [str(row[0]) for row in transaction.execute"
    '(text(f"PRAGMA integrity_check({FIRST_PROBLEMS})"))]\n'
)
_ORPHANS = '    orphans = transaction.execute(text("PRAGMA foreign_key_check")).fetchmany(FIRST_PROBLEMS)\n'
_MOVED = """            file.rename(_free_name(place, file.name))
            sync_names(place)
            sync_names(self._folder)
"""
_WRITTEN = """            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(path)
"""
_NAMED_FIRST = """            stream.flush()
        partial.rename(path)
        with path.open("rb+") as named:
            os.fsync(named.fileno())
"""
_PUBLISHED = """            sync_names(place.making)
            place.making.rename(place.backup(manifest.name))
            sync_names(place.backups)
"""
_DAMAGED = """                folder.rename(folder.with_name(DAMAGED + folder.name))
                sync_names(place.backups)
"""
_HIDDEN = """            self.backup(name).rename(hidden)
            sync_names(self.backups)
"""
_RESTORED = """ # over an empty folder too; onto a mount point it is refused
                sync_names(target.parent)
"""

MUTANTS_OF_RECORDS: Final[tuple[Mutant, ...]] = (
    # the vault
    _mutant("sealed bytes not synced", SEGMENTS, "                os.fdatasync(descriptor)\n"),
    _mutant(
        "segment's name not synced", SEGMENTS, "        if fresh:\n            sync_names(self._folder)\n"
    ),
    _mutant(
        "freed segment's name not synced",
        SEGMENTS,
        "        path.unlink()\n        sync_names(folder)\n",
        "        path.unlink()\n",
    ),
    # coming in
    _mutant(
        "batch told of and not committed",
        LINE,
        "        self._writer.commit(under_way.judged, under_way.put.result())\n",
        "        under_way.put.result()\n",
    ),
    _mutant(
        "folder beside the watched one not synced",
        WATCHING,
        "                place.mkdir(mode=FOLDER_MODE)\n                sync_names(self._folder)\n",
        "                place.mkdir(mode=FOLDER_MODE)\n",
        many=True,
    ),
    _mutant(
        "bundle not moved",
        WATCHING,
        _MOVED,
        _MOVED.replace("file.rename(_free_name(place, file.name))", "_free_name(place, file.name)"),
    ),
    _mutant(
        "moved bundle not synced", WATCHING, _MOVED, _MOVED.replace("            sync_names(place)\n", "")
    ),
    _mutant(
        "move out of the watched folder not synced",
        WATCHING,
        _MOVED,
        _MOVED.replace("            sync_names(self._folder)\n", ""),
    ),
    # given out
    _mutant("given files not synced", GIVING, "            os.fsync(stream.fileno())\n"),
    _mutant("given files' names not synced", GIVING, "    sync_names(folder)\n"),
    _mutant("given folder's name not synced", GIVING, "    sync_names(folder.parent)  #", "    #"),
    # carried
    _mutant(
        "bundle not synced",
        BUNDLES,
        _WRITTEN,
        _WRITTEN.replace("            os.fsync(stream.fileno())\n", ""),
    ),
    _mutant("bundle's name not synced", BUNDLES, "        sync_names(path.parent)\n"),
    _mutant("bundle named before it is synced", BUNDLES, _WRITTEN, _NAMED_FIRST, many=True),
    _mutant("bundle not named", BUNDLES, "        partial.rename(path)\n"),
    # fetched
    _mutant("fetched bundle not synced", PULLING, "                os.fsync(stream.fileno())\n"),
    _mutant("fetched bundle not named", PULLING, "                partial.replace(self._file(parcel))\n"),
    _mutant("fetched bundle's name not synced", PULLING, "                sync_names(self._spool)\n"),
    # erased
    _mutant("log not cut", SCRUBBING, "wal_checkpoint(TRUNCATE)", "wal_checkpoint(PASSIVE)"),
    _mutant("log not emptied", SCRUBBING, '"PRAGMA wal_checkpoint(TRUNCATE)"', '"SELECT 0"'),
    _mutant(
        "discarded key not looked for",
        ASIDE,
        "            self._scrub([row.wrapped_key])\n",
        "            pass\n",
    ),
    # backups
    _mutant("copied files not synced", FILES, "        os.fsync(file.fileno())\n"),
    _mutant("written files not synced", FILES, "        os.fsync(descriptor)\n", "        pass\n"),
    _mutant(
        "backup's files' names not synced",
        MAKING,
        _PUBLISHED,
        _PUBLISHED.replace("            sync_names(place.making)\n", ""),
    ),
    _mutant("backup not published", MAKING, "            place.making.rename(place.backup(manifest.name))\n"),
    _mutant(
        "backup's name not synced",
        MAKING,
        _PUBLISHED,
        _PUBLISHED.replace("            sync_names(place.backups)\n", ""),
    ),
    _mutant(
        "damaged backup's name not synced",
        MAKING,
        _DAMAGED,
        _DAMAGED.replace("                sync_names(place.backups)\n", ""),
    ),
    _mutant(
        "damaged backup goes on to be listed",
        MAKING,
        "                folder.rename(folder.with_name(DAMAGED + folder.name))\n",
    ),
    _mutant("place's names not synced", PLACE, "        sync_names(self.folder)\n"),
    _mutant(
        "old backup removed under its name",
        PLACE,
        "            self.backup(name).rename(hidden)\n",
        "            hidden = self.backup(name)\n",
        many=True,
    ),
    _mutant(
        "hidden backup's name not synced",
        PLACE,
        _HIDDEN,
        _HIDDEN.replace("            sync_names(self.backups)\n", ""),
        many=True,
    ),
    _mutant("pieces' names not synced", PIECES, "    sync_names(place.pieces)\n"),
    _mutant("piece not named", PIECES, "    growing.replace(place.piece(piece))\n"),
    _mutant("continuation not synced", CONTINUATION, "                os.fsync(continuation.fileno())\n"),
    _mutant(
        "continuation's name not synced",
        CONTINUATION,
        "        if fresh:\n            sync_names(file.parent)\n",
    ),
    _mutant(
        "holes in the continuation kept",
        CONTINUATION,
        'rows, heads, whole = _parsed(tail[: tail.rfind(b"\\n") + 1])',
        'rows, heads, whole = *_parsed(tail)[:2], tail.rfind(b"\\n") + 1',
    ),
    # restored
    _mutant(
        "restored folder not named",
        RESTORING,
        "                staging.rename(target)  #",
        "                #",
    ),
    _mutant(
        "restored folder's name not synced",
        RESTORING,
        _RESTORED,
        _RESTORED.replace("                sync_names(target.parent)\n", ""),
    ),
    _mutant(
        "restored files not synced",
        RESTORING,
        "                sync_file(file)\n",
        "                pass\n",
    ),
    _mutant("restored segments' names not synced", RESTORING, "            sync_names(folder)\n"),
    # copies
    _mutant("integrity of a copy not checked", COPIES, _PROBLEMS, '    found = ["ok"]\n'),
    _mutant(
        "references of a copy not checked", COPIES, _ORPHANS, "    orphans: list[tuple[str, int, str]] = []\n"
    ),
)

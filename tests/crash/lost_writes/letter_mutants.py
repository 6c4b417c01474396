"""Lines that keep the files of letters on the disk; `letter_rules` notices each that is missing."""

from tests.crash.lost_writes.mutant import Mutant

PAPER_FOLDER = "station/devices/paper_folder.py"
FOLDER = "station/letters/bulk/folder.py"
ONE_FILE = "station/letters/bulk/one_file.py"
FOLDERS = "station/folders.py"
_WHOLE = "                self._writing.replace(self._whole)\n"

MUTANTS_OF_LETTERS = (
    Mutant("printed file's name not synced", PAPER_FOLDER, "        sync_names(self._folder)\n"),
    Mutant(
        "letters' names not synced",
        FOLDER,
        "            sync_names(self._folder)\n",
        "            pass\n",
    ),
    Mutant("one file not known as whole", ONE_FILE, _WHOLE),
    Mutant(
        "one file's hidden name not synced",
        ONE_FILE,
        f"{_WHOLE}                sync_names(self._target.parent)\n",
        _WHOLE,
    ),
    Mutant(
        "one file's name not synced",
        ONE_FILE,
        "            self._letters.unlink(missing_ok=True)\n            sync_names(self._target.parent)\n",
        "            self._letters.unlink(missing_ok=True)\n",
    ),
    Mutant("private file not synced", FOLDERS, "        os.fdatasync(file.fileno())\n"),
    Mutant("file not named without links", FOLDERS, "        partial.replace(target)\n"),
)

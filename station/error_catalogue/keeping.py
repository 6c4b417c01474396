"""Errors of backups, restores, disk space and the permission to print."""

from station.error_catalogue.entry import (
    AUTOMATIC,
    CALL_TECHNICIAN,
    FIX,
    JOB_KEPT,
    NEVER,
    NO_BLANK,
    NOTHING_TECHNICAL,
    ErrorEntry,
    entry,
)
from station.language import marked

STATION_GOES_ON = marked("The station goes on; only the backup is missing.")
OLD_BACKUPS_KEPT = marked("The backups that were there before are untouched.")
NOTHING_RESTORED = marked("Nothing was restored and nothing was overwritten.")

KEEPING: dict[str, ErrorEntry] = {
    "DISK_STOPS_INTAKE": entry(
        marked("The disk of {folder} has {free} MB left; {coming} MB were to come. No more is taken in."),
        marked("No record was half taken in. Cards are still made: the rest of the disk is kept for them."),
        CALL_TECHNICIAN,
        marked("Make room on this disk: move exports and old files away, never files of the data folder."),
        FIX,
    ),
    "DISK_STOPS_CARDS": entry(
        marked("The disk of {folder} has {free} MB left. No card is begun."),
        marked("Cards that were begun are finished; the queue waits. No blank was used for nothing."),
        CALL_TECHNICIAN,
        marked("Make room on this disk: move exports and old files away, never files of the data folder."),
        AUTOMATIC,
    ),
    "DISK_SPACE_LOW": entry(
        marked("The disk of {folder} has {free} MB left."),
        marked("Everything still works; soon no record can be taken in."),
        CALL_TECHNICIAN,
        marked("Make room on this disk: move exports and old files away, never files of the data folder."),
        FIX,
    ),
    "PRINTING_NOT_PERMITTED": entry(
        marked("Print-ready records may not be printed at present ({how}), since {since}."),
        JOB_KEPT,
        marked("Give people a substitute letter if the letter policy allows it: station centre outage."),
        NOTHING_TECHNICAL,
        AUTOMATIC,
    ),
    "CENTRE_WORD_STANDS": entry(
        marked("The centre itself has said no, since {since}. No letter takes that back here."),
        JOB_KEPT,
        marked("Wait until the centre says otherwise: station centre sync."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "BACKUP_PLACE_UNSET": entry(
        marked("No place for backups is set."),
        STATION_GOES_ON,
        CALL_TECHNICIAN,
        marked("Set place under [backup] in station.toml: a folder on another disk. Or give --to."),
        FIX,
    ),
    "BACKUP_PLACE_ABSENT": entry(
        marked("The place for backups is not there: {place}, {problem}."),
        STATION_GOES_ON,
        marked("Plug in the backup disk. The station tries again by itself."),
        marked("See whether the disk is mounted at this place."),
        AUTOMATIC,
    ),
    "BACKUP_PLACE_FULL": entry(
        marked("The place for backups is full: {place}, {needed} MB are needed."),
        OLD_BACKUPS_KEPT,
        CALL_TECHNICIAN,
        marked("Take a larger disk, or keep fewer backups: keep under [backup] in station.toml."),
        AUTOMATIC,
    ),
    "BACKUP_PLACE_FAILED": entry(
        marked("The backup was broken off at {place}: {problem}."),
        OLD_BACKUPS_KEPT,
        marked("See whether the backup disk is still plugged in. The station tries again by itself."),
        marked("Check the cable, the mount and the health of the backup disk."),
        AUTOMATIC,
    ),
    "BACKUP_BUSY": entry(
        marked("Another backup or restore is at work on {folder}."),
        NO_BLANK,
        marked("Wait until it is done."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BACKUP_SAME_DISK": entry(
        marked("The backup {place} is on the same disk as the data."),
        marked("If this disk dies, the backup dies with it."),
        CALL_TECHNICIAN,
        marked("Set place under [backup] in station.toml to a folder on another disk."),
        FIX,
    ),
    "BACKUP_OLD": entry(
        marked("The last good backup is {age} days old."),
        marked("What was done since then would be lost with this disk."),
        marked("Plug in the backup disk and give the command station backup run."),
        marked("station backup list shows what is there; the journal shows why the last ones failed."),
        FIX,
    ),
    "BACKUP_NEVER": entry(
        marked("There is no good backup of this station yet."),
        marked("What was done would be lost with this disk."),
        marked("Plug in the backup disk and give the command station backup run."),
        marked("Set place under [backup] in station.toml: a folder on another disk."),
        FIX,
    ),
    "DRILL_OLD": entry(
        marked("The last restore drill was {age} days ago."),
        marked("A backup that nobody has restored is a hope."),
        marked("Give the command station backup drill."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "DRILL_NEVER": entry(
        marked("No restore drill was ever made."),
        marked("A backup that nobody has restored is a hope."),
        marked("Give the command station backup drill."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BACKUP_UNREADABLE": entry(
        marked("{folder} is no whole backup: {problem}."),
        marked("A backup that was broken off is never taken for a whole one."),
        marked("Take another backup: station backup list."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "BACKUP_DAMAGED": entry(
        marked("The backup {name} is damaged: {count} faults."),
        marked("This backup cannot be trusted. Others may be good."),
        marked("Keep the disk, make another backup and call the technician."),
        marked("The faults stand in the details. Verify the other backups and replace the disk."),
        NEVER,
    ),
    "BACKUP_FOREIGN_TOKEN": entry(
        marked("The backup {name} was not signed with the token of this station."),
        marked("Without the token that it was made with, a backup is dead: nobody can open its records."),
        marked("Plug in the token that belongs to this backup, or the second token that was kept for this."),
        marked("[keys] in station.toml must name the token of the station that made the backup."),
        FIX,
    ),
    "RESTORE_TARGET_IN_USE": entry(
        marked("{folder} is not empty. A backup is only restored into a folder that is empty or not there."),
        NOTHING_RESTORED,
        CALL_TECHNICIAN,
        marked("Give another folder. Keep the old data folder: it may still tell what happened last."),
        FIX,
    ),
    "RESTORE_FAILED": entry(
        marked("The backup could not be restored into {folder}: {problem}."),
        NOTHING_RESTORED,
        CALL_TECHNICIAN,
        marked("Make room or take another disk, then give the command again."),
        FIX,
    ),
    "RESTORE_HOLDS": entry(
        marked("This station was restored from the backup {backup}. Nothing is printed yet."),
        marked(
            "What happened after the backup is unknown: cards may have been made that are not in the books."
        ),
        marked("Count every place, then see station backup compare and do what it says."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "RESTORE_UNCOUNTED": entry(
        marked("Not counted since the restore: {places}."),
        marked("Nothing is released."),
        marked("Count with station blanks count, then give the command again."),
        NOTHING_TECHNICAL,
        FIX,
    ),
    "RESTORE_UNEXPLAINED": entry(
        marked("After the backup, cards were made that nothing explains: {lanes}."),
        marked("Any job in the queue may already have its card. Nothing is released."),
        marked(
            "Look for the cards. If they cannot be found, release with --ask-each: every job is asked about."
        ),
        marked("Look in the old data folder and at the centre for what was made."),
        FIX,
    ),
    "RESTORE_NOT_OPEN": entry(
        marked("No restore waits to be released."),
        NO_BLANK,
        marked("Nothing to do."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
    "CARD_SINCE_BACKUP": entry(
        marked("This person's card of issue {issue} was made after the backup that was restored."),
        NO_BLANK,
        marked("Hand over the card that exists. If it is lost, ask for the next issue."),
        NOTHING_TECHNICAL,
        NEVER,
    ),
}

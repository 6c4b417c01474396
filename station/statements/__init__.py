"""What the office reports of its blanks: the daily statement and the minutes (berita acara)."""

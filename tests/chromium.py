"""Where Chromium is, and what tests say when it is not there."""

import shutil

CHROMIUM = shutil.which("chromium") or ""
ABSENT = "Chromium is not installed: apt-get install chromium"

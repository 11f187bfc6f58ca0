"""Where Chromium is, how tests start it, and what they say when it is not there."""

import shutil

CHROMIUM = shutil.which("chromium") or ""
ABSENT = "Chromium is not installed: apt-get install chromium"
ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # one that sounds, and is allowed

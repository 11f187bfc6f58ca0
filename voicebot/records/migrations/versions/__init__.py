"""The versions. A version that was released is never edited."""

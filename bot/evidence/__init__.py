"""The buyer's files (证据): checked, kept unchanged with their SHA-256, shown as thumbnails."""

"""Channels: how messages come in from and go out to each platform."""

"""Releases: build, switch, roll back."""

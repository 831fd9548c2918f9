"""The only door to git: what changed, when and by whom."""

"""Obligations and scorecards: who owes what by when, and how the portal stands."""

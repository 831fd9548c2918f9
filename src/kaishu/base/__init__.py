"""What every package stands on: problems, strict YAML, the clock, paths, words."""

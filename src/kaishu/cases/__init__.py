"""Filed cases (办件): applications and their answers."""

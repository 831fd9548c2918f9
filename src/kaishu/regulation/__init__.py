"""What the law asks, and when: regulations as data and the clock of working days."""

"""Mail: messages made of the outbox's rows, handed to the operator's server, tried again."""

"""Django's backend, which knows a broken connection without asking the server.

Django sends `SELECT 1` before the first statement of each request, which costs a filing a third of
its ways to the server. A server that has gone has closed the connection, and that can be seen.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Whether a connection may go on being used follows from the connection itself."""

    def is_usable(self) -> bool:
        """Whether the connection is open; between statements a server says nothing but farewell."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)

"""Django wiring: settings, addresses, WSGI."""

"""`python -m backend`: the server, as `make run` and the Procfile start it."""

from .server.startup import serve

serve()

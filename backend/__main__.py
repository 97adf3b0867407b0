"""`python -m backend`: the server, as `make run` and the Procfile start it."""

from .startup import serve

serve()

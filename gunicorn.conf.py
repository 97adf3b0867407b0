"""How the server runs, for `make run`, the Procfile and Docker alike (gunicorn's settings)."""

from pathlib import Path

from backend import services
from backend.reading.feeds import routes as feeds
from backend.server import startup

paperglot = startup.read_settings()

wsgi_app = "backend:create_app()"
bind = f"{'[' + paperglot.bind.strip('[]') + ']' if ':' in paperglot.bind else paperglot.bind}:{paperglot.port}"
workers = paperglot.web_concurrency
# A stream holds a thread while the model writes; threads that wait cost little.
# Of the readers of translations MAX_READERS are served at once, which leaves threads for the rest.
worker_class = "backend.server.gunicorn_worker.Worker"
threads = 320
keepalive = 20
timeout = 60
# Heroku sends SIGKILL 30 s after SIGTERM.
graceful_timeout = 25
# A request line or header that is larger comes from nobody we know.
limit_request_line = 4094
# By default a client on this machine could set SCRIPT_NAME by a header, and get an error 500.
forwarder_headers = ""
accesslog = None
loglevel = "warning"
# Workers tell that they live through a file; in memory it cannot be held up by a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


def on_starting(server):
    """Once, before there are workers: bring the database up to date, so that they cannot race for it."""
    startup.prepare_database(paperglot)


def when_ready(server):
    """Say where the server is and what it can do."""
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    startup.announce(paperglot, host, port)


def post_worker_init(worker):
    """In each worker, once the app is there: the first reader should not wait for what it loads late."""
    services.of(worker.wsgi).warm_up(startup.settle)
    feeds.warm_up(worker.wsgi)


def worker_exit(server, worker):
    """In each worker, at its end: stop the model's work, give leases back, let threads end."""
    if getattr(worker, "wsgi", None):
        services.of(worker.wsgi).close()

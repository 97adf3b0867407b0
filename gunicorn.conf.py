"""How the server runs, for `make run`, the Procfile and Docker alike (gunicorn's settings)."""

from pathlib import Path

from backend import database_start, services
from backend.monitoring import log_format
from backend.reading.feeds import routes as feeds
from backend.server import counting, startup

paperglot = startup.read_settings()

wsgi_app = "backend:create_app()"
bind = f"{'[' + paperglot.bind.strip('[]') + ']' if ':' in paperglot.bind else paperglot.bind}:{paperglot.port}"
workers = paperglot.web_concurrency
# Some 140 of these threads may wait for lists and papers (MAX_WAITING); the rest is for what is stored.
# Requests that may ask the model have threads of their own: LONG_THREADS.
worker_class = "backend.server.gunicorn_worker.Worker"
threads = 224
# Clients that wait hold a connection, and a file, but no thread; the longest waiting make room for others.
worker_connections = startup.room_for_connections()
keepalive = 20
timeout = 60
# When a worker that is late is killed: within it readers have had their last word.
graceful_timeout = paperglot.stop_seconds + 1
# A request line or header that is larger comes from nobody we know.
limit_request_line = 4094
# By default a client on this machine could set SCRIPT_NAME by a header, and get an error 500.
forwarder_headers = ""
accesslog = None
loglevel = "warning"
logconfig_dict = log_format.configuration(paperglot.log_format)
# Workers tell that they live through a file; in memory it cannot be held up by a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


def on_starting(server):
    """Once, before there are workers: bring the database up to date, so that they cannot race for it."""
    database_start.prepare(paperglot)
    counting.begin(server)


def when_ready(server):
    """Say where the server is and what it can do."""
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    startup.announce(paperglot, host, port)


def post_fork(server, worker):
    """In each worker, before the app is there."""
    counting.inherit(server, worker)


def post_worker_init(worker):
    """In each worker, once the app is there: the first reader should not wait for what it loads late."""
    counting.join(worker, paperglot)
    services.of(worker.wsgi).warm_up(startup.settle)
    feeds.warm_up(worker.wsgi)


def worker_exit(server, worker):
    """In each worker, at its end: stop the model's work, give leases back, let threads end."""
    if getattr(worker, "wsgi", None):
        counting.finish(worker)
        services.of(worker.wsgi).close()


def child_exit(server, worker):
    """In the first process, when a worker has ended, however it did."""
    counting.leave(server, worker)


def on_exit(server):
    """In the first process, at its end."""
    counting.end(server)

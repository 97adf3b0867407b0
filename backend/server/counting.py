"""How gunicorn's processes count together, in one folder, and tell of each request in the log.

Nothing here may stop the server: where there is no room for the folder, each process counts alone.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from .. import services
from ..api import request_log
from ..config import Config
from ..monitoring.metrics_folder import MetricsFolder, parent_folder

log = logging.getLogger(__name__)

_FOLDER = "paperglot_metrics_folder"


def begin(server: Any) -> None:
    """In the first process, before there are workers."""
    try:
        folder = MetricsFolder.make(parent_folder())
    except OSError as error:
        folder = None
        log.warning("no folder for metrics, each process counts alone: %s", type(error).__name__)
    setattr(server, _FOLDER, folder)


def inherit(server: Any, worker: Any) -> None:
    """In a worker, right after it began."""
    setattr(worker, _FOLDER, getattr(server, _FOLDER, None))


def join(worker: Any, config: Config) -> None:
    """In a worker, once it has its app: it counts with the others and tells of each request."""
    request_log.write_lines(worker.wsgi, config.log_format)
    folder: MetricsFolder | None = getattr(worker, _FOLDER, None)
    if folder is None:
        return
    try:
        folder.reserve(os.getpid())
    except OSError as error:
        folder.forget(os.getpid())
        log.warning("no room for metrics, this process counts alone: %s", type(error).__name__)
        return
    # Where prometheus-client looks for it, each time it opens a file.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder.path)
    services.of(worker.wsgi).monitor.share(folder)


def leave(server: Any, worker: Any) -> None:
    """In the first process, after a worker's end."""
    folder: MetricsFolder | None = getattr(server, _FOLDER, None)
    if folder is None:
        return
    try:
        folder.retire(worker.pid)
    except Exception as error:  # whatever it is, the first process goes on
        log.warning("the metrics of a process are lost: %s", type(error).__name__)


def end(server: Any) -> None:
    """In the first process, at the server's end."""
    folder: MetricsFolder | None = getattr(server, _FOLDER, None)
    if folder is not None:
        folder.remove()

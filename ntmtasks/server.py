"""gunicorn around the application, without a configuration file of its own."""

import gc
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from ntmtasks.core.db import db

THREADS = 4
RUBBISH_AFTER = 20_000
"""New objects after which Python looks for cycles; its own 700 come about thirty times a page."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def run(
    app: Flask,
    host: str,
    port: int,
    workers: int,
    when_ready: Callable[[], object] | None = None,
) -> None:
    """Serve `app` until stopped. `when_ready` runs once inside each worker process."""

    # What is there now stays: nobody needs to look through it again for rubbish, and it remains
    # shared between the processes. A page makes thousands of objects and few cycles.
    gc.collect()
    gc.freeze()
    gc.set_threshold(RUBBISH_AFTER)

    def after_fork(_server: object, _worker: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # a connection is no thing to share between processes
        if when_ready is not None:
            when_ready()

    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 10,
        "post_fork": after_fork,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    _Server(app, options).run()

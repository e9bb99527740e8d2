"""How gunicorn runs the service; its command is `gunicorn --config cloudrun/gunicorn.conf.py`, whatever the folder."""

import os
from pathlib import Path

pythonpath = str(Path(__file__).resolve().parent)
wsgi_app = "service.app:app"
bind = f"0.0.0.0:{os.environ.get('PORT') or '8080'}"

# One process, so that what warm requests share is there once; each conversion is a process of its own anyway.
workers = 1
worker_class = "gthread"
threads = int(os.environ.get("CONCURRENCY") or "2")
# Settings that are missing end the program at once.
preload_app = True

# Seconds. Cloud Run kills 10 after SIGTERM; its own proxy keeps connections open.
graceful_timeout = 9
keepalive = 75
# For a worker that hangs as a whole; a conversion has its own limit.
timeout = 60
# Requests are logged by Cloud Run itself; what the service has to say, it says in JSON.
loglevel = "warning"
# No second door.
control_socket_disable = True

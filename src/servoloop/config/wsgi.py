"""The web application, as granian or any other WSGI server loads it."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from servoloop.storage.server.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")

if os.environ.get("SERVOLOOP_SUPERVISED"):
    # A web server killed with -9 cannot end its workers; they would keep its port.
    # SIGKILL, because a worker waits for its own server to tell it to stop.
    end_with_parent(signal.SIGKILL)

application = get_wsgi_application()

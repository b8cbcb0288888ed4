"""The live updates, as granian loads them: web.live under the lifeline of its server."""

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")

from servoloop.storage.server.lifeline import end_with_parent
from servoloop.web.live import application

__all__ = ["application"]

if os.environ.get("SERVOLOOP_SUPERVISED"):
    end_with_parent(signal.SIGKILL)  # as in wsgi.py

"""Django's settings, from the environment alone: where things are, never how the desk works.

Hours, service levels and routing belong to versioned definitions. docs/reference/settings.md
describes every variable.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from servoloop.config import environment
from servoloop.storage.folder import kept_secret_key, running_database_url, var_folder

PACKAGE = Path(__file__).resolve().parents[1]
VAR = var_folder()

DEBUG = environment.flag("SERVOLOOP_DEBUG")
SECRET_KEY = environment.text("SERVOLOOP_SECRET_KEY") or kept_secret_key(VAR)

# ── Addresses ────────────────────────────────────────────────────────────────────────────────────
SERVOLOOP_URL = environment.text("SERVOLOOP_URL", "http://127.0.0.1:8000").rstrip("/")
SERVOLOOP_LIVE_URL = environment.text("SERVOLOOP_LIVE_URL", "http://127.0.0.1:8001").rstrip("/")
SERVOLOOP_BEHIND_PROXY = environment.flag("SERVOLOOP_BEHIND_PROXY")
IS_HTTPS = SERVOLOOP_URL.startswith("https://")

_own_host = urlsplit(SERVOLOOP_URL).hostname or "localhost"
ALLOWED_HOSTS = [
    *dict.fromkeys(
        [_own_host, *(environment.words("SERVOLOOP_ALLOWED_HOSTS") or ["localhost", "127.0.0.1"])]
    )
]
# Who may open an event stream on SERVOLOOP_LIVE_URL; its token must be valid as well.
SERVOLOOP_LIVE_ORIGINS = environment.neighbours(SERVOLOOP_URL, ALLOWED_HOSTS)
# Systems that service steps may call, NAME=URL; a definition names only the NAME.
SERVOLOOP_HTTP_SERVICES = environment.pairs("SERVOLOOP_HTTP_SERVICES")
SERVOLOOP_DIAGNOSES_DAYS = environment.days("SERVOLOOP_DIAGNOSES_DAYS", 30)
CSRF_TRUSTED_ORIGINS = [environment.origin(SERVOLOOP_URL)]

ROOT_URLCONF = "servoloop.config.urls"
WSGI_APPLICATION = "servoloop.config.wsgi.application"

# ── Parts ────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "servoloop.accounts.apps.AccountsConfig",
    "servoloop.storage.apps.StorageConfig",
    "servoloop.workers.apps.WorkersConfig",
    "servoloop.web.apps.ShellConfig",
    "servoloop.web.apps.PortalConfig",
    "servoloop.web.apps.RunConfig",
    "servoloop.web.apps.DesignConfig",
    "servoloop.web.apps.MeasureConfig",
    "servoloop.web.apps.DiagnoseConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "servoloop.web.shell.middleware.viewer_zone",
    "servoloop.web.shell.middleware.without_nul",
    "servoloop.web.shell.middleware.lead_back",
    "axes.middleware.AxesMiddleware",  # last: it turns a lockout into the answer
]

_context_processors = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "servoloop.web.shell.context.shell",
]
TEMPLATES = [
    {
        # Hot lists: three times as quick as Django's own language (docs/decisions/0005).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "servoloop.web.shell.jinja.environment",
            "context_processors": _context_processors,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [*_context_processors, "servoloop.web.shell.context.shell"]
        },
    },
]

# ── Database ─────────────────────────────────────────────────────────────────────────────────────
# Without DATABASE_URL: the embedded server that `servoloop up` started in this folder. When none
# runs, the socket is missing, and connecting says so.
DATABASES = {
    "default": environment.database(
        environment.text("DATABASE_URL")
        or running_database_url(VAR)
        or f"host={VAR.postgres / 'run'} dbname=servoloop user=servoloop"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A "task" is a person's work here, and `tasks.py` a module of views; what procrastinate calls tasks
# are side effects, in the `effects.py` of an application.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "effects"

# ── People ───────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked name is not even tried
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # memory-hard, in the standard library
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "servoloop.web.shell.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Only against floods: allauth would lock a name for everybody after five wrong passwords, which
# lets anybody lock out a colleague. Axes counts per name and address, and across processes.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SERVOLOOP_BEHIND_PROXY else 0
AXES_CLIENT_IP_CALLABLE = "servoloop.config.guessing.client_address"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "servoloop.config.guessing.typed_name"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# ── Languages and time ───────────────────────────────────────────────────────────────────────────
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_CODE = environment.text("SERVOLOOP_LANGUAGE", "en")
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("SERVOLOOP_TIME_ZONE", "Asia/Shanghai")  # until a browser says its own

# ── Files ────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = VAR.static
# `servoloop up` collects the files once; until then (tests, a bare manage command) they are
# served from where they lie, under their plain names.
_is_collected = (VAR.static / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = not _is_collected
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR.root / "uploads"},
    },
    "staticfiles": {
        "BACKEND": "servoloop.config.static_files.CollectedFiles"
        if _is_collected or environment.flag("SERVOLOOP_COLLECT")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────
DEFAULT_FROM_EMAIL = environment.text("SERVOLOOP_MAIL_FROM", f"Servoloop <desk@{_own_host}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if _mail_url := environment.text("SERVOLOOP_MAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(environment.mail(_mail_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR.mail

# ── Security headers ─────────────────────────────────────────────────────────────────────────────
if SERVOLOOP_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "servoloop.web.shell.errors.csrf_failure"
SESSION_COOKIE_NAME = "servoloop_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "servoloop.web.shell.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # bpmn-js places its watermark and labels with style attributes.
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF, environment.origin(SERVOLOOP_LIVE_URL)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ── Log ──────────────────────────────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{process}] {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.text("SERVOLOOP_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # its own handlers would say it twice
        "axes": {"level": "WARNING"},  # three lines for every login
        "procrastinate.blueprints": {"level": "WARNING"},  # one line at every start
    },
}

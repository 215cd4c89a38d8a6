"""Settings, by environment alone. A wrong or missing value stops the start and names its variable (`portal.env`).

Two profiles, told apart by the scheme of BASE_URL: plain http for this machine only, and TLS for everybody else.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.http.request import validate_host
from django.utils.translation import gettext_lazy as _

from portal import env, keys, logs

# Some classes of Django take a type argument in the stubs alone: this lets `ModelForm[Project]` also run.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(Path(env.text("ENV_FILE", str(BASE_DIR / ".env"))))

# --- Where things are -------------------------------------------------------------------------------------------------

VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
BASE_URL = env.base_url("BASE_URL", "http://127.0.0.1:8000")
BASE_HOST = urlsplit(BASE_URL).hostname or ""
TLS = BASE_URL.startswith("https://")

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", *([BASE_HOST] if TLS else [])])
if not env.is_loopback(BASE_HOST) and not validate_host(BASE_HOST, ALLOWED_HOSTS):
    raise env.SettingError("ALLOWED_HOSTS", f"does not contain {BASE_HOST}, the host of BASE_URL")

DEBUG = env.flag("DEBUG", default=False)
if DEBUG and not all(env.is_loopback(host) for host in [*ALLOWED_HOSTS, BASE_HOST]):
    raise env.SettingError("DEBUG", "is for this machine only: BASE_URL and ALLOWED_HOSTS must be loopback addresses")

# Plain http beyond this machine sends passwords in the clear, so it takes a word of its own.
ALLOW_PLAIN_HTTP = env.flag("ALLOW_PLAIN_HTTP", default=False)
if not TLS and not ALLOW_PLAIN_HTTP and not env.is_loopback(BASE_HOST):
    raise env.SettingError(
        "BASE_URL", "plain http is for this machine only: use https:// (or set ALLOW_PLAIN_HTTP=true)"
    )

# --- Keys -------------------------------------------------------------------------------------------------------------

SECRET_KEY = keys.secret("SECRET_KEY", VAR_DIR / "secret.key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Apart from SECRET_KEY, because rotating that one must not break the sealed audit trail.
AUDIT_KEY = keys.secret("AUDIT_KEY", VAR_DIR / "audit.key")
# Keys before this one: new seals are made with AUDIT_KEY, old ones checked with the key they were made with.
AUDIT_KEY_FALLBACKS = env.words("AUDIT_KEY_FALLBACKS")

# Who brings it may read the numbers at /metrics; without one that page does not exist.
METRICS_TOKEN = keys.optional("METRICS_TOKEN")

# --- Application ------------------------------------------------------------------------------------------------------

PROCESS = "portal.process.PROCESS"
CURRENCY = env.currency("CURRENCY", "CNY")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "axes",
    "django_htmx",
    "portal",
    "portal.common",
    "portal.accounts",
    "portal.policy",
    "portal.audit",
    "portal.health",
    "portal.links",
    "portal.notifications",
    "metrics",
    "projects",
    "risks",
    "retros",
    "portal.desk",
    "portal.backup",
]

# The first three stand outermost, so that an answer made by any other, an error included, has its headers too.
MIDDLEWARE = [
    "portal.common.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.common.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.common.middleware.ProbeMiddleware",
    "portal.common.middleware.ReadOnceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SessionAgeMiddleware",
    "portal.accounts.middleware.PersonLocaleMiddleware",
    "portal.common.pace.PaceMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.common.middleware.PortalErrorMiddleware",
    # Last: it turns the refusal of a locked-out sign-in into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.common.forms.FormRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # with the cached loader
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.desk.context.desk_count",
                "portal.desk.context.standstill",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": env.database("DATABASE_URL", VAR_DIR / "foresight.sqlite3")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
SQLITE_IN_USE = DATABASES["default"]["ENGINE"] == env.SQLITE
if SQLITE_IN_USE:
    # IMMEDIATE takes the write lock when a transaction begins: read-check-write would else fail or race.
    _OPTIONS |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000",
    }
else:
    _TIMEOUTS = {"statement_timeout": "10s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "60s"}
    _OPTIONS |= {
        "options": " ".join([_OPTIONS.get("options", ""), *(f"-c {k}={v}" for k, v in _TIMEOUTS.items())]).strip()
    }
    _OPTIONS.setdefault("connect_timeout", 5)

# --- People and sessions ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "portal.accounts.backends.PersonBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Lengths first: the others needn't read a megabyte. No rule on the kinds of characters, which only makes them guessable.
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "portal.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "staff_number")},
    },
]
PASSWORD_RESET_TIMEOUT = 60 * 60

# Lockout counts in the database, because a counter per process is one an attacker can spread over.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "portal.lockout.name_tried"
AXES_CLIENT_IP_CALLABLE = "portal.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "portal.lockout.refuse"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# With the __Host- prefix a browser takes the cookie from this host alone, over TLS alone.
_COOKIE_PREFIX = "__Host-" if TLS else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_LIMIT = timedelta(hours=8)
SESSION_ABSOLUTE_LIMIT = timedelta(days=7)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}foresight-session"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}foresight-csrf"
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}foresight-language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = "/"

# --- Browser boundary -------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "portal.common.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = TLS
# A probe asks this machine itself, without TLS, and learns nothing but a word.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$"]
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
# W021 asks for HSTS preload: that is a promise for the company's whole domain, which is not ours to make.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if env.flag("TRUST_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUST_FORWARDED_FOR = env.flag("TRUST_FORWARDED_FOR", default=False)

# Of one person: forms sent within a minute (counted by each server process), and searches and files made at the same time.
DEEDS_A_MINUTE = 300
COSTLY_AT_A_TIME = 2
#: Where programs ask, and how often those of one person may within a minute, counted in the database for all processes.
API_ROOT = "/api/"
API_READS_A_MINUTE = 1200
API_WRITES_A_MINUTE = 300
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
#: Where a file may come along, and then how large the whole of it may be: 10 MB and the form around it.
UPLOAD_PATHS = r"/projects/P-[0-9]+/documents/file/"
UPLOAD_MAX_SIZE = 10 * 2**20 + 65_536
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# --- Languages and time -----------------------------------------------------------------------------------------------

LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "en", of=[code for code, _name in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules" / "bootstrap" / "dist"),
    ("bootstrap-icons", BASE_DIR / "node_modules" / "bootstrap-icons" / "font"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "media"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
# Our files are for our pages; its default invites every site to read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Mail -------------------------------------------------------------------------------------------------------------

_MAIL = env.email("EMAIL_URL", VAR_DIR / "mail")
EMAIL_BACKEND: str = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH: str | None = _MAIL.get("EMAIL_FILE_PATH")
EMAIL_HOST: str = _MAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT: int = _MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = _MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = _MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", f"Foresight <foresight@{BASE_HOST or 'localhost'}>")

# --- Queue ------------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", "filesystem://localhost/")
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_SOFT_TIME_LIMIT = 60
if CELERY_BROKER_URL.startswith("filesystem:"):
    _BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(_BROKER_DIR / "messages"),
        "data_folder_out": str(_BROKER_DIR / "messages"),
        "control_folder": str(_BROKER_DIR / "control"),
    }
    for _folder in CELERY_BROKER_TRANSPORT_OPTIONS.values():
        Path(_folder).mkdir(mode=0o700, parents=True, exist_ok=True)
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 4 * CELERY_TASK_TIME_LIMIT, "socket_connect_timeout": 1}
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"max_retries": 0}
elif CELERY_BROKER_URL.startswith("amqp"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True, "max_retries": 0}
# The rows are the truth and the sweep reads them, so a broker that is down may not keep a person waiting: without
# `max_retries` a message would be tried again after two seconds, while its sender looks on. Worker and beat go on trying.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Tasks act on rows they lease, so running one again is harmless and losing one is not.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
SWEEP_EVERY_SECONDS = env.number("SWEEP_EVERY_SECONDS", 60, minimum=1, maximum=3600)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # A sweep that waited longer than a period has been overtaken by the next one.
    "sweep": {
        "task": "portal.notifications.tasks.sweep",
        "schedule": float(SWEEP_EVERY_SECONDS),
        "options": {"expires": max(SWEEP_EVERY_SECONDS - 5, 1)},
    },
    "seal": {"task": "portal.audit.tasks.seal", "schedule": 60.0, "options": {"expires": 55}},
    "tidy": {"task": "portal.accounts.tasks.tidy", "schedule": 24 * 3600.0},
}

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = logs.configure(env.choice("LOG_LEVEL", "INFO", of=["DEBUG", "INFO", "WARNING", "ERROR"]))

"""Settings of the tests: those of the portal, in a folder of their own, with nothing taken from the developer's machine.

DATABASE_URL alone is kept: it says on which database the suite runs. xdist workers share the folder, not the database.
"""

import atexit
import os
import shutil
import tempfile

_FOLDER = "FORESIGHT_TEST_DIR"
if _FOLDER not in os.environ:
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="foresight-test-")
    atexit.register(shutil.rmtree, os.environ[_FOLDER], ignore_errors=True)

for _name in (
    "SECRET_KEY",
    "AUDIT_KEY",
    "SECRET_KEY_FILE",
    "AUDIT_KEY_FILE",
    "AUDIT_KEY_FALLBACKS",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DEBUG",
    "CURRENCY",
    "METRICS_TOKEN",
    "TRUST_FORWARDED_FOR",
    "METRICS_TOKEN_FILE",
    "EMAIL_URL",
    "MAIL_FROM",
    "LANGUAGE_CODE",
    "TIME_ZONE",
    "LOG_LEVEL",
    "ALLOW_PLAIN_HTTP",
):
    os.environ.pop(_name, None)
os.environ |= {"ENV_FILE": os.devnull, "VAR_DIR": os.environ[_FOLDER], "CELERY_BROKER_URL": "memory://"}

from portal.settings import *  # noqa: E402, F403 -- after the environment is clean
from portal.settings import DATABASES, SQLITE_IN_USE, STORAGES, VAR_DIR  # noqa: E402 -- as above

# A threaded test must see what another thread committed, so SQLite runs on a file, never in memory.
DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")} if SQLITE_IN_USE else {}
# Connections that outlive their test would keep PostgreSQL from dropping the database.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Transactional tests empty the tables behind them, the audit trail included.
AUDIT_MAY_BE_FLUSHED = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Tests are faster than anybody types, and drop files half read; the tests of the limits set their own.
DEEDS_A_MINUTE = 1_000_000
COSTLY_AT_A_TIME = 1_000

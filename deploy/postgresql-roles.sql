-- Two roles for Foresight: the owner changes tables, the portal itself only reads and writes rows.
-- The portal can then neither drop a table nor take away the triggers that keep the audit trail as it was written.
--
--   sudo -u postgres psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER" -v app_password="$APP" -f deploy/postgresql-roles.sql
--
-- Once, before the first `manage.py migrate`, which is run as foresight_owner.

CREATE ROLE foresight_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE foresight_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE foresight OWNER foresight_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE foresight FROM PUBLIC;
GRANT CONNECT ON DATABASE foresight TO foresight_app;

\connect foresight
-- Foresight's search uses it where it is there; without it a search reads more rows and finds the same.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO foresight_owner;
GRANT USAGE ON SCHEMA public TO foresight_app;

-- Of every table that a migration will make: rows, and nothing else (no TRUNCATE, no TRIGGER, no REFERENCES).
ALTER DEFAULT PRIVILEGES FOR ROLE foresight_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO foresight_app;
ALTER DEFAULT PRIVILEGES FOR ROLE foresight_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO foresight_app;

#!/bin/sh
# Run once by the image of PostgreSQL, on an empty data folder.
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -f /roles.sql

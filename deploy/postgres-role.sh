#!/bin/sh
# Makes the role that the app connects as: it owns its database and is no superuser, so that it can switch no trigger off.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_APP_PASSWORD" --username "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE sinetral LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE sinetral OWNER sinetral ENCODING 'UTF8' TEMPLATE template0;
SQL

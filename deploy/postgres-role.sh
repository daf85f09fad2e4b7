#!/bin/sh
# Makes the role that the app connects as: it owns its database and is no superuser, so that it cannot read
# the files of the server. As the owner of the tables it could still drop the triggers of the audit log.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_APP_PASSWORD" --username "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE sinetral LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE sinetral OWNER sinetral ENCODING 'UTF8' TEMPLATE template0;
SQL

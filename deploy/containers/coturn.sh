#!/bin/sh
# deploy/coturn.conf, and what is not written down there: coturn.sh <the file> <secret's file> <realm> <address> > turnserver.conf
set -eu
cat "$1"
printf 'static-auth-secret=%s\nrealm=%s\n' "$(cat "$2")" "$3"
[ -z "${4:-}" ] || printf 'external-ip=%s\n' "$4"

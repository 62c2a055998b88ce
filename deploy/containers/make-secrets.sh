#!/bin/sh
# Makes what compose.yaml reads its secrets from: deploy/containers/make-secrets.sh [directory, secrets]
# Nothing that is there already is written over. The directory is its owner's alone; the files in it are readable by the
# containers' users, which Compose cannot give them to.
set -eu
dir=${1:-secrets}
mkdir -p "$dir"
chmod 0700 "$dir"
make() {
  [ -e "$dir/$1" ] || cat > "$dir/$1"
  chmod 0444 "$dir/$1"
}
openssl rand -hex 24 | make postgres_password
openssl rand -hex 24 | make nats_password
openssl rand -hex 32 | make turn_secret
openssl rand -hex 16 | make grafana_password
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | make token_key
printf 'postgres://switchboard:%s@postgres:5432/switchboard\n' "$(cat "$dir/postgres_password")" | make database_url
printf 'nats://switchboard:%s@nats:4222\n' "$(cat "$dir/nats_password")" | make nats_url
printf 'authorization { user: switchboard, password: "%s" }\nhttp: 127.0.0.1:8222\n' "$(cat "$dir/nats_password")" |
  make nats_conf

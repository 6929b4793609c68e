#!/usr/bin/env bash
# Builds the images of the nine tiers and of the program that buys from outside, and buys in the shop that is made of them:
# `npm run deploy:images`. They run as a cluster would run them (no root, no capabilities, a read-only root, limits), in a
# network of their own. As root, on Linux.
set -euo pipefail
cd "$(dirname "$0")/../.."

node_version=${NODE_VERSION:-24.18.0}
work=${TMPDIR:-/tmp}/retro-station-images
services=(cartservice checkoutservice currencyservice emailservice frontend paymentservice productcatalogservice
  recommendationservice shippingservice)

missing=()
for tool in buildah podman runc debootstrap redis-server locust curl; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if [[ ${#missing[@]} -gt 0 || $(id -u) -ne 0 ]]; then
  echo "deploy:images is skipped: it needs root, and ${missing[*]:-nothing else}" >&2
  [[ ${REQUIRE_ALL:-0} != 1 ]] || exit 1
  exit 0
fi

# Where the kernel lets nobody have namespaces of their own, such as in most containers, no tool helps.
if ! unshare --mount --net --propagation private true; then
  echo "deploy:images is left out: this machine lets nobody make a network or mount of their own" >&2
  [[ ${REQUIRE_ALL:-0} != 1 ]] || exit 1
  exit 0
fi

build() {
  # Once more if a download broke.
  deploy/tools/base-images.sh "$work/bases" || deploy/tools/base-images.sh "$work/bases"
  for service in "${services[@]}" purchase; do
    buildah bud --quiet --pull-never --layers --isolation chroot --network host --file deploy/Dockerfile \
      --build-arg "BUILD_IMAGE=localhost/retro-station-base/build:$node_version" \
      --build-arg "RUNTIME_IMAGE=localhost/retro-station-base/runtime:$node_version" \
      --build-arg "SERVICE=$service" --tag "localhost/retro-station/$service" . >/dev/null
    user=$(podman image inspect "localhost/retro-station/$service" --format '{{.Config.User}}')
    bytes=$(podman image inspect "localhost/retro-station/$service" --format '{{.Size}}')
    [[ $user == 65532:65532 ]] || { echo "$service runs as $user" >&2; return 1; }
    echo "$service: $((bytes / 1000000)) MB"
  done
}

# Two tiers share a port in a cluster; on one machine they cannot.
declare -A ports=([cartservice]=7070 [checkoutservice]=5050 [currencyservice]=7000 [emailservice]=8081 [frontend]=8080
  [paymentservice]=50051 [productcatalogservice]=3550 [recommendationservice]=8082 [shippingservice]=50052)

run_hardened() {
  podman run --network host --read-only --user 65532:65532 --cap-drop ALL --security-opt no-new-privileges \
    --memory 256m "$@"
}

start() {
  run_hardened --detach --replace --name "retro-$1" \
    --env-file deploy/kubernetes/overlays/local/keys-for-local-use-only.env --env "PORT=${ports[$1]}" \
    --env RATES=snapshot --env DECLINE_LIMIT=0 --env REDIS_ADDR=localhost:6379 --env EMAIL_SERVICE_ADDR=localhost:8081 \
    --env RECOMMENDATION_SERVICE_ADDR=localhost:8082 --env SHIPPING_SERVICE_ADDR=localhost:50052 \
    "localhost/retro-station/$1" >/dev/null
}

# The processor time that a tier has taken so far, in hundredths of a second, and its memory.
pid_of() { podman inspect "retro-$1" --format '{{.State.Pid}}'; }
ticks() { awk '{ print $14 + $15 }' "/proc/$(pid_of "$1")/stat"; }
memory() {
  awk '/^RssAnon/ { own = $2 } /^VmHWM/ { most = $2 } END { printf "%d MB its own, %d MB at most", own / 1000, most / 1000 }' \
    "/proc/$(pid_of "$1")/status"
}

# In a network of its own: see the last line.
shop() {
  export CONTAINERS_CONF=$PWD/deploy/tools/containers.conf
  ip link set lo up
  redis-server --save '' --appendonly no --daemonize yes --dir "$work" --pidfile "$work/redis.pid" >/dev/null
  trap 'podman rm --force --time 0 "${services[@]/#/retro-}" >/dev/null 2>&1; kill "$(cat "$work/redis.pid")"' EXIT
  for service in "${services[@]}"; do start "$service"; done
  curl --silent --fail --output /dev/null --retry 60 --retry-delay 1 --retry-connrefused localhost:8080/_healthz
  run_hardened --rm --env FRONTEND_ADDR=localhost:8080 localhost/retro-station/purchase
  local -A before=()
  for service in "${services[@]}"; do
    before[$service]=$(ticks "$service")
    echo "$service: $(memory "$service") before shopping"
  done
  PATIENCE_SECONDS=60 MAX_P95_MS=5000 WAIT_SECONDS=0.1-0.3 node scripts/load.mjs --users 10 --time 20s
  for service in "${services[@]}"; do
    echo "$service: $(memory "$service"), $((($(ticks "$service") - before[$service]) / 2)) m of a processor while shopping"
  done
  if podman exec retro-frontend node -e 'require("fs").writeFileSync("/shop/a", "")' 2>/dev/null; then
    echo "an image can be changed while it runs" >&2
    return 1
  fi
  if ! podman exec retro-frontend node -e 'require("fs").statSync(`dist/program.js.${process.versions.v8}-${process.arch}`)'; then
    echo "an image holds what another V8 than its own has compiled" >&2
    return 1
  fi
  for service in "${services[@]}"; do
    podman stop --time 15 "retro-$service" >/dev/null
    code=$(podman inspect "retro-$service" --format '{{.State.ExitCode}}')
    [[ $code == 0 ]] || { echo "$service ends with $code when it is asked to stop" >&2; return 1; }
  done
  echo "the shop made of images sold, and stopped when it was asked to"
}

if [[ ${1:-} == shop ]]; then
  shop
else
  mkdir -p "$work"
  build
  unshare --mount --net --propagation private bash "$0" shop
fi

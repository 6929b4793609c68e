#!/usr/bin/env bash
# Brings up the shop of deploy/compose.yaml, buys in it from outside and takes it down: `npm run deploy:compose`, after
# `npm run deploy:images`, whose images it takes. As root, on Linux, with podman and podman-compose.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ ${1:-} != inside ]]; then
  exec unshare --mount --net --propagation private bash "$0" inside
fi

ip link set lo up
export CONTAINERS_CONF=$PWD/deploy/tools/containers.conf

here=$(mktemp --suffix .yaml)
echo 'services: { redis-cart: { image: "localhost/retro-station-base/redis" } }' >"$here"
compose() { podman-compose --project-name retro-station-compose --file deploy/compose.yaml --file "$here" "$@"; }
end() {
  compose down --volumes >/dev/null 2>&1 || true
  podman network rm --force retro-station-compose_default >/dev/null 2>&1 || true
  rm "$here"
}
trap end EXIT

compose up --detach frontend
npm run --silent purchase -- --host http://localhost:8080

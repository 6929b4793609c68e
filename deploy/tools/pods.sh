#!/usr/bin/env bash
# Plays the pods that scripts/deploy/playable.ts wrote into a folder, on a network where each has the name of its Service,
# and does to them what happens to pods while shoppers buy: `npm run deploy:pods`, after `npm run deploy:images`. As root, on
# Linux, with podman and iptables.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:?the folder of the pods}

if [[ ${2:-} != inside ]]; then
  exec unshare --mount --net --propagation private bash "$0" "$folder" inside
fi

ip link set lo up
CONTAINERS_CONF=$folder/containers.conf
export CONTAINERS_CONF
cat >"$CONTAINERS_CONF" <<'END'
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END

network=retro-station-pods
declare -A addresses=([frontend]=10.97.0.80 [redis-cart]=10.97.0.79)
end() {
  for file in "$folder"/*.yaml; do podman kube down "$file" >/dev/null 2>&1 || true; done
  podman volume rm --force retro-station-pods-data >/dev/null 2>&1 || true
  podman network rm --force "$network" >/dev/null 2>&1 || true
}
trap end EXIT
podman network create --subnet 10.97.0.0/24 "$network" >/dev/null
for file in "$folder"/*.yaml; do
  name=$(basename "$file" .yaml)
  address=${addresses[$name]:-}
  podman kube play --network "$network:alias=$name" ${address:+--ip "$address"} "$file" >/dev/null
done
podman run --rm --network "$network" --read-only --user 65532:65532 --cap-drop ALL \
  --env FRONTEND_ADDR=frontend:8080 localhost/retro-station/purchase:check
node --import tsx scripts/pods.ts --website "http://${addresses[frontend]}:8080" --redis "${addresses[redis-cart]}:6379"

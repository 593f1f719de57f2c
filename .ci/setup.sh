# What ./test and ./demo share: Debian packages, the release build, messages. Sourced, not run.
# shellcheck shell=bash

BUILD_PACKAGES="g++ cmake ninja-build pkg-config libhwy-dev libeigen3-dev libsimdjson-dev zlib1g-dev
                libminizip-dev libfast-float-dev libcli11-dev libfmt-dev nlohmann-json3-dev"
TEST_PACKAGES="git ccache libgtest-dev libgmock-dev librapidcheck-dev python3 python3-venv"

# Paths relative to the checkout, so that other folders with the same sources, as another clone or the
# unpacked sdist, are the same to ccache. The rest is what it needs to work with precompiled headers.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

say() { printf '%s\n' "$*" >&2; }

# Installs those of the named packages that are missing; does nothing when there are none.
install_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || { say "no dpkg here: taking the packages as installed"; return; }
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "install these packages first: ${missing[*]}"; exit 2; }
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${root[@]}" apt-get update -qq >/dev/null
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# Runs a command with its output in a file, which is shown only when the command fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    say "failed: $*"
    return 1
  fi
}

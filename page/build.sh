#!/usr/bin/env bash
# Makes sfclaim.html, the whole program in one page. Needs Rust, Node.js and npm.
#
#     page/build.sh [FOLDER]
#
# The page goes into FOLDER, or into `target` of the checkout. Nothing is written into the source but page/node_modules.
set -euo pipefail
cd "$(dirname "$0")/.."
out="${1:-target}"
mkdir -p "$out"
out="$(cd "$out" && pwd)"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

# The engine, for WebAssembly: without Parquet and without threads.
libraries="$(rustc --print sysroot)/lib/rustlib/wasm32-wasip1"
if [ ! -d "$libraries" ] && ! rustup target add wasm32-wasip1; then
    echo "Rust's standard library for wasm32-wasip1 is missing, and rustup could not add it. Run 'rustup target add wasm32-wasip1' where" \
        "static.rust-lang.org can be reached, or put the folder lib/rustlib/wasm32-wasip1 of such a toolchain, of the same version, into" \
        "$libraries. Debian 12's rustc-web, rust-web-src and wasi-libc do not do: its wasi-libc lacks pthread_create and realpath." >&2
    exit 1
fi
cargo build --locked --profile page --no-default-features --target wasm32-wasip1

# The page around it. The lock file fixes every version.
(cd page && npm ci --no-audit --no-fund --loglevel=error)
(cd page && node_modules/.bin/tsc)
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
node page/build.mjs "$CARGO_TARGET_DIR/wasm32-wasip1/page/sfclaim.wasm" "$out/sfclaim.html" "$version"

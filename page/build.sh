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

# The engine, for WebAssembly: without Parquet and without threads. Where Rust's own standard library for it cannot be had, Debian's
# compiler makes it from Debian's source. DEBIAN_USR says where its packages were unpacked, if not installed.
flags=()
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-wasip1" ] && ! rustup target add wasm32-wasip1; then
    usr="${DEBIAN_USR:-/usr}"
    libraries="$usr/lib/llvm-19/lib/clang/19/lib/wasi"
    start="$usr/lib/wasm32-wasi/crt1-command.o"
    linker="$usr/lib/llvm-19/bin/wasm-ld"
    for file in "$usr/bin/rustc" "$usr/lib/rustlib/src/rust/library/std" "$start" "$linker" "$libraries/libclang_rt.builtins-wasm32.a"; do
        if [ ! -e "$file" ]; then
            echo "The target wasm32-wasip1 is missing and could not be added with rustup. $file is not there either: on Debian, install" \
                "rustc-web rust-web-src wasi-libc lld-19 libclang-rt-19-dev-wasm32, and run this again." >&2
            exit 1
        fi
    done
    echo "The target wasm32-wasip1 could not be added: Debian's compiler makes the standard library." >&2
    # A standard library is made with what else only a nightly compiler allows.
    export RUSTC="$usr/bin/rustc" RUSTC_BOOTSTRAP=1
    export CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="-Clinker=$linker -Clink-self-contained=no -Clink-arg=$start -L$usr/lib/wasm32-wasi -L$libraries -lstatic=clang_rt.builtins-wasm32"
    flags=(-Zbuild-std=std,panic_abort)
fi
cargo build --locked --profile page --no-default-features --target wasm32-wasip1 ${flags[@]+"${flags[@]}"}

# The page around it. The lock file fixes every version.
(cd page && npm ci --no-audit --no-fund --loglevel=error)
(cd page && node_modules/.bin/tsc)
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
node page/build.mjs "$CARGO_TARGET_DIR/wasm32-wasip1/page/sfclaim.wasm" "$out/sfclaim.html" "$version"

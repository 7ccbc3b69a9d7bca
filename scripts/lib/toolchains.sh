# shellcheck shell=bash
# Rust and Node, which a distribution's packages do not bring in the versions that we need.
# Needs lib/say.sh.

RUST_MINIMUM=1.95
NODE_MINIMUM=20

# at_least HAVE WANT: true when version HAVE is WANT or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_rust() {
    # rustup's own folder is not on the path of a shell that was open before it was installed.
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        export PATH="$HOME/.cargo/bin:$PATH"
    fi
    command -v cargo >/dev/null || fail "missing: Rust $RUST_MINIMUM or newer (install it with rustup)"
    local have
    have=$(rustc --version | cut -d ' ' -f 2)
    at_least "$have" "$RUST_MINIMUM" || fail "Rust is $have; $RUST_MINIMUM or newer is needed (rustup update)"
}

need_node() {
    command -v node >/dev/null || fail "missing: Node $NODE_MINIMUM or newer"
    command -v npm >/dev/null || fail "missing: npm (package npm, or the one that comes with Node)"
    local have
    have=$(node --version | tr -d v)
    at_least "$have" "$NODE_MINIMUM" || fail "Node is $have; $NODE_MINIMUM or newer is needed"
}

# npm_install FOLDER: the locked packages, when they are not there yet or the lock is newer.
npm_install() {
    local stamp="$1/node_modules/.package-lock.json"
    if [ -e "$stamp" ] && [ ! "$1/package-lock.json" -nt "$stamp" ]; then return; fi
    say "Installing the locked npm packages of ${1#"$PROJECT"/}"
    # Browsers come from the distribution; a package that would fetch its own only fails behind closed networks.
    export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1
    local quiet=(--no-audit --no-fund --loglevel=error)
    # A registry that lacks the optional parts for other systems makes `npm ci` call the lock file stale;
    # `npm install` takes the same locked versions and leaves out what this system does not need.
    npm --prefix "$1" ci "${quiet[@]}" >/dev/null 2>&1 ||
        npm --prefix "$1" install --no-save "${quiet[@]}" ||
        fail "npm could not install the packages of $1"
    touch "$stamp"
}

# build_console: web-console/dist, made again when a source is newer than it.
build_console() {
    local console="$PROJECT/web-console"
    npm_install "$console"
    if [ -e "$console/dist/index.html" ] && [ -z "$(find "$console" \
        \( -name node_modules -o -name dist \) -prune -o -type f -newer "$console/dist/index.html" -print -quit)" ]; then
        return
    fi
    say "Building the console"
    npm --prefix "$console" run --silent build || fail "the console did not build"
}

# shellcheck shell=bash
# Installs Debian or Ubuntu packages that are missing: says which, asks nothing, or fails by name.
# Needs lib/say.sh.

# Prints those of its arguments that are not installed, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        if ! dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
            printf '%s\n' "$package"
        fi
    done
}

# need_packages PACKAGE…: after this call they are installed, or the script has ended with their names.
need_packages() {
    if ! command -v dpkg-query >/dev/null; then
        note "This is not Debian or Ubuntu; what their packages hold is taken to be here: $*"
        return
    fi
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            fail "missing packages: ${missing[*]}
       Install them as root (apt-get install ${missing[*]}), or let this user run sudo without a password."
        fi
    fi
    say "Installing missing packages: ${missing[*]}"
    # The lists of a fresh machine are empty or old; updating them is cheap beside a failed install.
    "${as_root[@]}" apt-get update -qq || note "apt-get update failed; trying with the lists that are here"
    local said
    if ! said=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" 2>&1); then
        printf '%s\n' "$said" | tail -n 20 >&2
        fail "could not install: $(missing_packages "${missing[@]}" | tr '\n' ' ')"
    fi
    # The tests start a relay of their own; the machine's is not to run because of them.
    if [ -d /run/systemd/system ] && printf '%s\n' "${missing[@]}" | grep -qx coturn; then
        "${as_root[@]}" systemctl disable --now --quiet coturn || note "coturn's own service could not be stopped"
    fi
}

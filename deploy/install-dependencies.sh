#!/usr/bin/env bash
# Installs what Countersign needs on Debian 12, and nothing when it is all there already.
#
#   deploy/install-dependencies.sh run     what building and running needs (default)
#   deploy/install-dependencies.sh test    the same and what the tests need
#   deploy/install-dependencies.sh dev     the same and what the clang and fuzz presets need
#   deploy/install-dependencies.sh --list [run|test|dev]    only prints the package names
#
# Runs as root or through sudo; where neither is possible it names the command to type.
set -euo pipefail

# The configure step of every preset looks for GoogleTest, so a plain `cmake --preset release` works
# with the packages of `run` alone.
run_packages=(
    ca-certificates ccache cmake curl g++ libboost1.81-dev libcli11-dev libcurl4-openssl-dev libfmt-dev
    libgmock-dev libgtest-dev libhowardhinnant-date-dev libpq-dev libre2-dev libsqlite3-dev libssl-dev
    ninja-build tzdata
)
# The workbench is bundled with npm. One from elsewhere (nodesource, nvm) is as good and excludes Debian's.
command -v npm >/dev/null && command -v node >/dev/null || run_packages+=(nodejs npm)
# GoogleTest is above; what tests start beside the program belongs here.
test_packages=(chromium dpkg-dev file postgresql)
dev_packages=(clang clang-format clang-tidy libclang-rt-14-dev python3 shellcheck)

fail() {
    printf 'install-dependencies: %s\n' "$1" >&2
    exit 1
}

list_only=false
if [ "${1:-}" = --list ]; then
    list_only=true
    shift
fi
case "${1:-run}" in
run) packages=("${run_packages[@]}") ;;
test) packages=("${run_packages[@]}" "${test_packages[@]}") ;;
dev) packages=("${run_packages[@]}" "${test_packages[@]}" "${dev_packages[@]}") ;;
*) fail "unknown mode '$1'; one of: run, test, dev" ;;
esac
if $list_only; then
    printf '%s\n' "${packages[@]}"
    exit 0
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this is no Debian system. Install by hand, under the names that your system uses: ${packages[*]}"
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
    grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
# What a reader without the rights has to have typed for him.
by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
        fail "packages are missing, and this is neither root nor a user with sudo. As root: $by_hand"
    if ! sudo -n true 2>/dev/null; then
        [ -t 0 ] ||
            fail "packages are missing, and sudo has no terminal to ask for a password. As root: $by_hand"
        printf 'install-dependencies: sudo may ask for your password, to install: %s\n' "${missing[*]}"
    fi
    as_root=(sudo)
fi
# A package being configured must never wait for an answer; another apt at work is waited for.
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 "$@"
}
# --no-remove: libboost1.81-dev excludes other Boost versions, and what is on a machine is its owner's.
install_missing() { apt install -y --no-remove --no-install-recommends "${missing[@]}"; }

printf 'install-dependencies: installing %s\n' "${missing[*]}"
# The package lists are read anew only when they are absent or lead to a file that is gone.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if install_missing >"$log" 2>&1; then
    exit 0
fi
if ! apt update >"$log" 2>&1 || ! install_missing >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    if grep -q 'Packages need to be removed' "$log"; then
        fail "apt would have to remove packages first (another Boost version?); decide yourself: $by_hand"
    fi
    fail "apt could not install them (its last words are above). By hand: $by_hand"
fi

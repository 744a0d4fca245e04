#!/usr/bin/env bash
# Makes the Debian package of a build tree, unpacks it, and uses what is in it as an operator would:
# the program, the packaged configuration, the systemd unit, the manual page.
#
#   tests/deploy/package_test.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1
source=$2
work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
fail() {
    printf 'package_test: %s\n' "$1" >&2
    exit 1
}

(cd "$work" && cpack --config "$build/CPackConfig.cmake" -B "$work/out" >"$work/cpack.log" 2>&1) || {
    tail -n 20 "$work/cpack.log" >&2
    fail "cpack made no package"
}
package=$(echo "$work"/out/*.deb)
root=$work/root
dpkg-deb -x "$package" "$root"
dpkg-deb -e "$package" "$work/control"
program=$root/usr/bin/countersign

depends=$(dpkg-deb -f "$package" Depends)
for library in libpq5 libsqlite3-0 libssl3 tzdata; do
    [[ $depends == *$library* ]] || fail "the package does not depend on $library: $depends"
done
grep -qxF /etc/countersign/countersign.json "$work/control/conffiles" ||
    fail "an upgrade would overwrite the operator's configuration"
for script in postinst prerm postrm; do
    [ -x "$work/control/$script" ] || fail "$script is missing or cannot run"
    sh -n "$work/control/$script" || fail "$script is no shell script"
done

# The unit names the program and the configuration at the places where the package puts them.
unit=$root/lib/systemd/system/countersign.service
[ -f "$unit" ] || unit=$root/usr/lib/systemd/system/countersign.service
start=$(sed -n 's/^ExecStart=//p' "$unit")
for path in $(grep -oE '(^| )/[^ ]+' <<<"$start"); do
    [ -e "$root$path" ] || fail "the unit names $path, which is not in the package"
done
if command -v systemd-analyze >/dev/null; then
    # Only our own unit's complaints count: the machine of a test has neither its user nor its paths.
    sed "s|/usr/bin/countersign|$program|" "$unit" >"$work/countersign.service"
    complaints=$(systemd-analyze verify --man=no "$work/countersign.service" 2>&1 |
        grep countersign.service || true)
    [ -z "$complaints" ] || fail "systemd does not accept the unit: $complaints"
fi

# The manual page knows every command, and no other.
page=$source/deploy/package/countersign.1
manual=$(sed -n '/^.SH COMMANDS/,/^.SH FILES/s/^\.B \([a-z][a-z-]*\)$/\1/p' "$page" |
    grep -vx countersign | sort)
commands=$("$program" --help | awk '/^  [a-z]/ { print $1 }' | sort)
[ "$manual" = "$commands" ] ||
    fail "commands in the manual page and in --help differ: $(diff <(echo "$manual") <(echo "$commands"))"

"$program" check "$source/test-fixtures/requests/uc-infliximab-ciclosporin.json" >"$work/cards.txt"
grep -qi critical "$work/cards.txt" || fail "the packaged program shows no critical card"

mkdir "$work/state"
STATE_DIRECTORY=$work/state "$program" serve --config "$root/etc/countersign/countersign.json" \
    --listen 127.0.0.1:0 >"$work/log" 2>&1 &
server=$!
url=
for ((attempt = 0; attempt < 600; attempt++)); do
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2 && fail "the packaged program did not start"; }
    url=$(grep -v '^{' "$work/log" | grep -oE 'http://[^ ,]*[0-9]' | head -n 1) || true
    [ -z "$url" ] || ! curl --noproxy '*' -fsS -m 5 -o "$work/health.json" "$url/healthz" 2>/dev/null || break
    sleep 0.1
done
[ -s "$work/health.json" ] || fail "the packaged program did not answer /healthz"
kill -TERM "$server"
wait "$server" || fail "the packaged program did not end with status 0 after SIGTERM"
server=
echo "package_test: $(basename "$package") unpacked, checked, started and stopped"

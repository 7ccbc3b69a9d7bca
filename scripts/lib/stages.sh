# shellcheck shell=bash
# A test run as stages: each is logged, timed and counted; one that fails does not hide the next.
# Needs lib/project.sh.

PASSED=0
FAILED=0
SUMMARY=()

# stage NAME COUNTER COMMAND…: runs the command, its output on the screen and in artefacts/test/NAME.log.
# COUNTER prints "PASSED FAILED" for that log. A command that fails without a failed test counts as one.
stage() {
    local name=$1 counter=$2 log="$ARTEFACTS/test/$1.log" began=$SECONDS code=0 passed failed
    shift 2
    mkdir -p "$ARTEFACTS/test"
    say "$name: $*"
    "$@" 2>&1 | tee "$log" || code=$?
    read -r passed failed < <("$counter" "$log")
    if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
        note "$name ended with code $code before or outside a test"
        failed=1
    fi
    PASSED=$((PASSED + passed))
    FAILED=$((FAILED + failed))
    SUMMARY+=("$(printf '%-22s %5d passed %3d failed  %4d s' "$name" "$passed" "$failed" $((SECONDS - began)))")
    return 0
}

# finish_stages: the table, then the one line that sums it up, alone; fails when a test did, or none ran.
finish_stages() {
    printf '\n'
    printf '%s\n' "${SUMMARY[@]}"
    printf '\n%d passed, %d failed\n' "$PASSED" "$FAILED"
    [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}

# The counters. A log without a result counts nothing: `stage` turns that into a failure by the exit code.
count_nothing() { echo "0 0"; }

count_cargo() {
    awk '/^test result: / { for (i = 1; i < NF; i++) { if ($(i + 1) ~ /^passed/) p += $i; if ($(i + 1) ~ /^failed/) f += $i } }
         END { print p + 0, f + 0 }' "$1"
}

# Vitest and Playwright say it in JSON beside the log.
count_vitest() { count_json "$ARTEFACTS/test/vitest.json" 'r.numPassedTests' 'r.numFailedTests'; }
count_playwright() { count_json "$ARTEFACTS/test/playwright.json" 'r.stats.expected + r.stats.flaky' 'r.stats.unexpected'; }
count_json() {
    # shellcheck disable=SC2016 # the dollars are JavaScript's
    node -e '
        let r; try { r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); } catch { r = null }
        console.log(r ? `${eval(process.argv[2])} ${eval(process.argv[3])}` : "0 0")' "$1" "$2" "$3"
}

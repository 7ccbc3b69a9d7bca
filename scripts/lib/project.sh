# shellcheck shell=bash
# Every script begins with this: strict, in the project's folder, with the other libraries loaded.

set -euo pipefail
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$PROJECT"
# shellcheck source=scripts/lib/say.sh
. "$PROJECT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/packages.sh
. "$PROJECT/scripts/lib/packages.sh"
# shellcheck source=scripts/lib/toolchains.sh
. "$PROJECT/scripts/lib/toolchains.sh"

# A C compiler for SQLite and the cryptography, and the codec Opus; nothing else of ours is in C.
BUILD_PACKAGES=(build-essential ca-certificates libopus-dev pkg-config)
# Real phones, a real relay, a real database, a real browser. `fonts-noto-cjk`: Chinese on the screenshots.
TEST_PACKAGES=(baresip coturn curl fonts-noto-cjk iproute2 nftables openssl pebble postgresql python3 shellcheck sip-tester tshark)
# Ubuntu has Chromium as a snap only: there another Chrome does, named in CENTRALITA_CHROMIUM if need be.
if [ -z "${CENTRALITA_CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then
    TEST_PACKAGES+=(chromium)
fi
TARGET=${CARGO_TARGET_DIR:-$PROJECT/target}
ARTEFACTS=$PROJECT/artefacts
export PROJECT BUILD_PACKAGES TEST_PACKAGES TARGET ARTEFACTS

#!/bin/sh
# Makes sure that what must come from Debian is there: installs it when run as root, otherwise names it in one line.
# Usage: sh scripts/system.sh [python] [font] [chromium] [nginx] [postgres] [strace] [java]
set -eu

missing=""
for want in "$@"; do
    case "$want" in
        python)
            ${PYTHON:-python3} -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
                || { echo "需要 Python 3.11 或更高版本。" >&2; exit 1; }
            ${PYTHON:-python3} -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv" ;;
        font)
            ls /usr/share/fonts/*/*/*CJK* /usr/share/fonts/*/*/*wqy* /usr/share/fonts/*/*/*[Hh]an[Ss]ans* >/dev/null 2>&1 \
                || ls /usr/share/fonts/*/noto/*CJK* >/dev/null 2>&1 || missing="$missing fonts-noto-cjk" ;;
        chromium)
            command -v chromium >/dev/null 2>&1 || missing="$missing chromium" ;;
        nginx)
            command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light" ;;
        strace)
            command -v strace >/dev/null 2>&1 || missing="$missing strace" ;;
        postgres)
            command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
                || missing="$missing postgresql" ;;
        java)
            command -v java >/dev/null 2>&1 || [ -n "${JAVA_HOME:-}" ] || missing="$missing default-jre-headless" ;;
        *)
            echo "unknown: $want" >&2; exit 2 ;;
    esac
done

[ -z "$missing" ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "正在安装系统组件:$missing" >&2
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of package names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "请先以管理员身份安装系统组件: apt-get install$missing" >&2
    # Without a font or browser the dashboard itself still runs; tests and the environment do not.
    case "$missing" in *chromium*|*python3-venv*|*nginx*|*postgresql*|*strace*|*-jre-*) exit 1 ;; esac
fi

#!/bin/sh
# Makes the virtual environment that the Makefile works in, with everything that it needs.
# Does nothing, quickly, when nothing has changed.
set -eu
cd "$(dirname "$0")/.."

usage() {
    cat <<'END'
usage: scripts/setup.sh [--extras LIST] [--python PATH] [--venv DIR] [--gui] [--desktop]
       scripts/setup.sh --pythons

  --extras LIST   optional dependency groups besides those installed before, e.g. "test,check"
  --python PATH   use this Python instead of looking for one
  --venv DIR      the environment's folder (default: .venv)
  --gui           also what a visible window needs: the X11 libraries and, where there is no
                  display, a virtual one
  --desktop       also what the tests of tray and notifications need: a session bus and a virtual
                  display; without them those tests are skipped
  --pythons       only list the suitable Pythons, oldest first: version, space, path
END
}

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

extras='' python='' venv=.venv gui=no desktop=no list=no
while [ $# -gt 0 ]; do
    case $1 in
    --extras | --python | --venv)
        [ $# -ge 2 ] || { usage >&2; exit 2; }
        case $1 in
        --extras) extras=$2 ;;
        --python) python=$2 ;;
        --venv) venv=$2 ;;
        esac
        shift 2
        ;;
    --gui) gui=yes && shift ;;
    --desktop) gui=yes desktop=yes && shift ;;
    --pythons) list=yes && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
done

# --- Debian and Ubuntu as root: install what is missing; everyone else: say what is missing -------

may_apt() { [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; }

apt_install() {
    say "installing $*"
    log=$(mktemp)
    if { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@"; } </dev/null >"$log" 2>&1; then
        rm -f "$log"
    else
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# --- a suitable Python ----------------------------------------------------------------------------

# Prints the version if this Python really runs and is one that Tickglass supports.
version_of() {
    "$1" -c 'import sys; v = sys.version_info
if not (3, 11) <= v[:2] < (3, 14): sys.exit(1)
print("%d.%d.%d" % v[:3])' 2>/dev/null </dev/null
}

makes_venvs() { "$1" -c 'import ensurepip, venv' 2>/dev/null </dev/null; }

on_path() {
    for name in python3.13 python3.12 python3.11 python3; do
        command -v "$name" || true
    done
}

in_pyenv() {
    for minor in 13 12 11; do
        for path in "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor".*/bin/python; do
            [ ! -x "$path" ] || printf '%s\n' "$path"
        done
    done
}

# The first of the given Pythons (one a line) that runs, is supported and can make environments.
first_suitable() {
    while read -r path; do
        if version_of "$path" >/dev/null && makes_venvs "$path"; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

find_python() {
    on_path | first_suitable && return
    in_pyenv | first_suitable && return
    if command -v uv >/dev/null; then
        { uv python find '>=3.11,<3.14' 2>/dev/null || true; } | first_suitable && return
        uv python install -q 3.13 2>/dev/null &&
            uv python find --managed-python 3.13 | first_suitable && return
    fi
    if may_apt; then
        apt_install python3 python3-venv || return 1
        on_path | first_suitable && return
    fi
    return 1
}

if [ $list = yes ]; then
    { on_path && in_pyenv; } | while read -r path; do
        if version=$(version_of "$path") && makes_venvs "$path"; then
            printf '%s %s\n' "$version" "$path"
        fi
    done | sort -t . -k 1,1n -k 2,2n -k 3,3n -s | awk '!seen[$1]++'
    exit
fi

# --- what Qt needs from the system (Linux) --------------------------------------------------------

# The Debian package that has this library; the library's own name if we do not know.
package_of() {
    case $1 in
    libEGL.so.*) echo libegl1 ;;
    libGL.so.* | libGLX.so.*) echo libgl1 ;;
    libOpenGL.so.*) echo libopengl0 ;;
    libdbus-1.so.*) echo libdbus-1-3 ;;
    libfontconfig.so.*) echo libfontconfig1 ;;
    libfreetype.so.*) echo libfreetype6 ;;
    libglib-2.0.so.* | libgthread-2.0.so.* | libgobject-2.0.so.* | libgio-2.0.so.*) echo libglib2.0-0 ;;
    libxkbcommon.so.*) echo libxkbcommon0 ;;
    libxkbcommon-x11.so.*) echo libxkbcommon-x11-0 ;;
    libX11.so.*) echo libx11-6 ;;
    libX11-xcb.so.*) echo libx11-xcb1 ;;
    libxcb.so.*) echo libxcb1 ;;
    libxcb-*.so.*) # libxcb-cursor.so.0 is in libxcb-cursor0, libxcb-icccm.so.4 in libxcb-icccm4, …
        printf '%s%s\n' "${1%%.so.*}" "${1##*.so.}" ;;
    libz.so.*) echo zlib1g ;;
    libzstd.so.*) echo libzstd1 ;;
    *) echo "$1" ;;
    esac
}

# Debian packages of the libraries that these files need and the system does not have.
missing_for() {
    for file in "$@"; do
        [ ! -e "$file" ] || ldd "$file" 2>/dev/null || true
    done | awk '/=> not found/ { print $1 }' | sort -u | while read -r library; do
        # Qt's own libraries are found through the file that loads them, not through the system.
        case $library in libQt6* | libpyside6* | libshiboken6*) ;; *) package_of "$library" ;; esac
    done | sort -u
}

has_font() {
    for folder in /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts"; do
        [ ! -d "$folder" ] || find -L "$folder" -name '*.[to]t[fc]' 2>/dev/null | head -n 1
    done | grep -q .
}

missing_packages() {
    qt=$(echo "$venv"/lib/python3.*/site-packages/PySide6)
    missing_for "$qt"/QtWidgets.abi3.so "$qt"/Qt/lib/libQt6Widgets.so.6 \
        "$qt"/Qt/lib/libQt6DBus.so.6 "$qt"/Qt/plugins/platforms/libqoffscreen.so
    has_font || echo fonts-dejavu-core
    if [ $gui = yes ]; then
        missing_for "$qt"/Qt/plugins/platforms/libqxcb.so
        [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ $desktop = no ] ||
            command -v Xvfb >/dev/null || echo xvfb
    fi
    [ $desktop = no ] || command -v dbus-daemon >/dev/null || echo dbus-daemon
}

check_system() {
    [ "$(uname -s)" = Linux ] && command -v ldd >/dev/null || return 0
    missing=$(missing_packages | sort -u | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if may_apt; then
        # shellcheck disable=SC2086 # a list of package names
        apt_install $missing || say "could not install the packages above"
        missing=$(missing_packages | sort -u | tr '\n' ' ')
        [ -n "$missing" ] || return 0
    fi
    say "system libraries that Qt needs are missing; on Debian and Ubuntu:" \
        "apt-get install --no-install-recommends ${missing% }"
    gui=no desktop=no
    [ -z "$(missing_packages)" ] || exit 1
}

# --- the environment ------------------------------------------------------------------------------

# The stamp says what the environment was made from, where, and with which extras.
stamp=$venv/.tickglass-setup
inputs=$(cat pyproject.toml constraints.txt | cksum)
made_from='' made_in='' made_with='' had_extras=''
if [ -r "$stamp" ]; then
    { read -r made_from && read -r made_in && read -r made_with && read -r had_extras; } \
        <"$stamp" || true
fi

have=''
if [ -x "$venv/bin/python" ]; then
    have=$(version_of "$venv/bin/python") || have=''
fi
if [ -n "$python" ]; then
    wanted=$(version_of "$python") || fail "$python is not a Python from 3.11 to 3.13 that runs"
else
    wanted=$have
fi
# A copied or moved environment still points to where it was made.
if [ -z "$have" ] || [ "$have" != "$wanted" ] || [ "${made_in:-$PWD}" != "$PWD" ]; then
    have='' made_from='' had_extras=''
fi

all_extras=$(printf '%s,%s' "$had_extras" "$extras" | tr -s ', ' '[\n*]' | sort -u | sed '/^$/d' |
    paste -s -d , -)

if [ -n "$have" ] && [ "$made_from" = "$inputs" ] && [ "$made_with" = "$have" ] &&
    [ "$had_extras" = "$all_extras" ]; then
    check_system
    exit 0
fi

if [ -z "$have" ]; then
    if [ -z "$python" ]; then
        python=$(find_python) || fail "Tickglass needs Python 3.11, 3.12 or 3.13 with its venv" \
            "module: install one (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv;" \
            "others: python.org, pyenv or uv) and try again"
    fi
    if ! makes_venvs "$python" && may_apt; then
        apt_install python3-venv || true
    fi
    say "making $venv with Python $(version_of "$python")"
    "$python" -m venv --clear "$venv" || fail "$python could not make $venv; its venv module" \
        "may be missing (Debian, Ubuntu: apt-get install python3-venv)"
    have=$(version_of "$venv/bin/python")
fi

say "installing Tickglass and its dependencies${all_extras:+ ($all_extras)} into $venv"
rm -f "$stamp"
PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip install -qq --no-input \
    -c constraints.txt -e ".${all_extras:+[$all_extras]}" </dev/null ||
    fail "pip could not install the dependencies; its reason stands above"
check_system
QT_QPA_PLATFORM=offscreen "$venv/bin/python" -c 'import PySide6.QtWidgets' ||
    fail "Qt cannot be loaded; its reason stands above"
printf '%s\n' "$inputs" "$PWD" "$have" "$all_extras" >"$stamp"

#!/bin/sh
# Shows the window on the embedded exchanges. Without a display, runs it for a while on a virtual
# one and leaves a picture and the figures in build/.
set -eu
cd "$(dirname "$0")/.."

tickglass=${VENV:-.venv}/bin/tickglass
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
    exec "$tickglass" --demo "$@"
fi

seconds=${DEMO_SECONDS:-20}
picture=build/demo.png
figures=build/demo.json
mkdir -p build
rm -rf "$picture" "$figures" build/demo-config

server='' app='' number=''
stop() {
    trap - EXIT HUP INT TERM
    for process in $app $server; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    [ -z "$number" ] || rm -f "$number"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

xcb_loads() {
    for plugin in "${VENV:-.venv}"/lib/python3.*/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so; do
        ! ldd "$plugin" 2>/dev/null | grep -q 'not found' || return 1
    done
}

# Starts Xvfb on a free display of its own choice; its number comes through descriptor 3.
start_display() {
    number=$(mktemp)
    Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp 3>"$number" >/dev/null 2>&1 &
    server=$!
    tries=100
    until [ -s "$number" ]; do
        tries=$((tries - 1))
        if [ $tries = 0 ] || ! kill -0 "$server" 2>/dev/null; then
            return 1
        fi
        sleep 0.1
    done
    DISPLAY=:$(cat "$number")
    export DISPLAY QT_QPA_PLATFORM=xcb
}

if command -v Xvfb >/dev/null && xcb_loads && start_display; then
    echo "No display here: $seconds s on the virtual display $DISPLAY …"
else
    export QT_QPA_PLATFORM=offscreen
    echo "No display here, nor a virtual one: $seconds s offscreen …"
fi

"$tickglass" --demo --for "$seconds" --screenshot "$picture" --stats "$figures" \
    --config-dir build/demo-config "$@" &
app=$!
status=0
wait "$app" || status=$?
app=''
if [ "$status" != 0 ] || [ ! -s "$picture" ] || [ ! -s "$figures" ]; then
    echo "The demo failed (exit status $status)." >&2
    exit 1
fi
echo "The window: $picture"
echo "The figures ($figures):"
"${VENV:-.venv}/bin/python" -m json.tool "$figures"

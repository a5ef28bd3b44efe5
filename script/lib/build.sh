# Shared by the scripts that build. Sourced, with the project's root as working directory.

# setup_build DIR [MESON-OPTION...]: configure DIR, unless it is there, whole, and was configured with the same options.
setup_build() {
    _dir=$1
    shift
    if [ -f "$_dir/build.ninja" ] && [ "$(cat "$_dir/options" 2>/dev/null)" = "$*" ] &&
        meson introspect --buildoptions "$_dir" >/dev/null 2>&1; then
        return 0
    fi
    rm -rf "$_dir"
    _log=$(mktemp)
    meson setup "$_dir" "$@" >"$_log" 2>&1 || {
        cat "$_log" >&2
        rm -f "$_log"
        return 1
    }
    rm -f "$_log"
    echo "$*" >"$_dir/options"
}

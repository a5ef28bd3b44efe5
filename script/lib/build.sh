# Shared by the scripts that build. Sourced, with the project's root as working directory.

# setup_build DIR [MESON-OPTION...]: configure DIR once; a folder left half configured or by another meson is made anew.
setup_build() {
    _dir=$1
    shift
    if [ -f "$_dir/build.ninja" ] && meson introspect --buildoptions "$_dir" >/dev/null 2>&1; then
        return 0
    fi
    rm -rf "$_dir"
    meson setup "$_dir" "$@" >"$_dir.log" 2>&1 || {
        cat "$_dir.log" >&2
        rm -f "$_dir.log"
        return 1
    }
    rm -f "$_dir.log"
}

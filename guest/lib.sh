# shellcheck shell=bash disable=SC2154
# Functions that the scripts here share. Sourced, never run; `here` is this folder, `LOCK` the lock file.

# The archive: the one that this machine's own apt uses. DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR may name another, such
# as a dated copy in Debian's snapshot service when a pinned package has left the main archive.
machine_mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed 's,/$,,' | grep -m1 "/$1\$" || :; }
: "${DEBIAN_MIRROR:=$(machine_mirror debian)}"
: "${DEBIAN_SECURITY_MIRROR:=$(machine_mirror debian-security)}"
DEBIAN_SUITE=bookworm
DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf 'guest: %s\n' "$*" >&2; }
die() { printf 'guest: error: %s\n' "$*" >&2; exit 1; }

# need_tools TOOL...: stop with one message that names all missing tools.
need_tools() {
  local tool missing=()
  for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || die "these tools are missing: ${missing[*]} (see guest/README.md)"
}

# apt_setup FOLDER: an apt of its own below FOLDER, for i386, that reads and writes nothing of
# the machine's own apt or dpkg. Sets APT_CONFIG, which every apt command obeys.
apt_setup() {
  local dir=$1
  [ -n "$DEBIAN_MIRROR" ] && [ -n "$DEBIAN_SECURITY_MIRROR" ] ||
    die "this machine's apt names no Debian archive: name one in DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR"
  mkdir -p "$dir"/{etc,state/lists/partial,cache/archives/partial,log}
  : > "$dir/state/status"
  cat > "$dir/etc/sources.list" <<LIST
deb [signed-by=$DEBIAN_KEYRING] $DEBIAN_MIRROR $DEBIAN_SUITE main
deb [signed-by=$DEBIAN_KEYRING] $DEBIAN_MIRROR $DEBIAN_SUITE-updates main
deb [signed-by=$DEBIAN_KEYRING] $DEBIAN_SECURITY_MIRROR $DEBIAN_SUITE-security main
deb-src [signed-by=$DEBIAN_KEYRING] $DEBIAN_MIRROR $DEBIAN_SUITE main
deb-src [signed-by=$DEBIAN_KEYRING] $DEBIAN_MIRROR $DEBIAN_SUITE-updates main
deb-src [signed-by=$DEBIAN_KEYRING] $DEBIAN_SECURITY_MIRROR $DEBIAN_SUITE-security main
LIST
  cat > "$dir/apt.conf" <<CONF
APT::Architecture "i386";
APT::Architectures { "i386"; };
APT::Sandbox::User "root";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Dir::Etc::sourcelist "$dir/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::State "$dir/state";
Dir::State::status "$dir/state/status";
Dir::Cache "$dir/cache";
Dir::Log "$dir/log";
CONF
  export APT_CONFIG=$dir/apt.conf
}

# lock_lines KIND: the lock's lines of one kind, without the kind.
lock_lines() { sed -n "s/^$1 //p" "$LOCK"; }

# fetch_package FOLDER NAME VERSION ARCHITECTURE SHA256: a locked package, from the archive where FOLDER does not have it.
# Sets package_file. Status 1 where it cannot be had or is not the locked one; then package_fault says which.
fetch_package() {
  local folder=$1 name=$2 version=$3 architecture=$4 sum=$5
  package_file=$folder/${name}_${version//:/%3a}_$architecture.deb
  if [ ! -e "$package_file" ] && ! (cd "$folder" && apt-get -qq download "$name=$version"); then
    package_fault="$name $version: not in the archive"
    return 1
  fi
  [ "$(sha256sum < "$package_file")" = "$sum  -" ] && return
  package_fault="$name $version: its checksum is not the locked one"
  return 1
}

# image_packages: "name version" of each package that something in the image comes from.
image_packages() {
  awk 'NR == FNR { if ($1 !~ /^#/ && $1 != "licences") wanted[$2] = 1; next }
       $1 == "binary" && $2 in wanted { print $2, $3 }' "$here/packages.list" "$LOCK" | LC_ALL=C sort
}

# The build tools whose versions may change the image's bytes: "name version" a line.
tool_versions() {
  local tool
  for tool in gcc ld bison flex lz4; do
    printf '%s %s\n' "$tool" "$("$tool" --version | sed -n '1s/^[^0-9(]*\(([^)]*)\)\{0,1\}.*[^0-9.]\([0-9][0-9.]*[0-9]\).*/\2 \1/p' | sed 's/ *$//')"
  done
  printf 'mksquashfs %s\n' "$(mksquashfs -version | sed -n '1s/mksquashfs version \([0-9.]*\).*/\1/p')"
}

#!/bin/bash
# Puts the initramfs together: rootfs.sh PACKAGES-FOLDER ROOT-FOLDER
# PACKAGES-FOLDER holds the unpacked userland packages. Every program and library is copied
# byte for byte; nothing is stripped or rebuilt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
packages=$(cd "$1" && pwd)
mkdir -p "$2"
root=$(cd "$2" && pwd)
export LC_ALL=C

# merged PATH: where a package's file lives once /bin, /sbin and /lib are links into /usr.
merged() { case $1 in bin/*|sbin/*|lib/*) echo "usr/$1" ;; *) echo "$1" ;; esac; }

# take PATH: copies one file or link of a package into the root.
take() {
  local target
  target=$root/$(merged "$1")
  mkdir -p "$(dirname "$target")"
  cp -P "$packages/$1" "$target"
}

rm -rf "${root:?}"
mkdir -p "$root"/{etc/dropbear,proc,sys,dev,run,tmp,mnt,root/.ssh,var/log,usr/bin,usr/sbin,usr/lib}
ln -s usr/bin usr/sbin usr/lib "$root"
ln -s /run "$root/var/run"
cp "$here"/rootfs/etc/* "$root/etc/"
mkdir -p "$root/usr/lib/refigure"
cp "$here/init" "$root/usr/lib/refigure/init"
chmod 755 "$root/usr/lib/refigure/init"
chmod 700 "$root/root" "$root/root/.ssh"
chmod 600 "$root/etc/shadow"
chmod 1777 "$root/tmp"
ln -s /proc/self/mounts "$root/etc/mtab"

while read -r path; do
  case $path in ''|'#'*) continue ;; esac
  take "$path"
done < "$here/rootfs.list"

# Shared libraries: what the programs name as NEEDED, then what those libraries need.
# A library's file is copied under the name that is asked for.
find "$packages" \( -type f -o -type l \) -path '*/i386-linux-gnu/*' -name '*.so*' \
  -not -path '*/xtables/*' | sort > "$root.libraries"
library_dir=$root/usr/lib/i386-linux-gnu
mkdir -p "$library_dir"
cp -L "$packages/lib/ld-linux.so.2" "$root/usr/lib/ld-linux.so.2"
chmod 755 "$root/usr/lib/ld-linux.so.2"
pending=1
while [ $pending -eq 1 ]; do
  pending=0
  # objdump fails on what is not ELF; that is no error here.
  needed=$(find "$root/usr" -type f \( -perm -u+x -o -name '*.so*' \) | sort |
    { xargs objdump -p 2>/dev/null || true; } | awk '$1 == "NEEDED" { print $2 }' | sort -u)
  for name in $needed; do
    [ "$name" != ld-linux.so.2 ] || continue
    [ ! -e "$library_dir/$name" ] || continue
    ! grep -q "^$name " "$here/stubs.list" || continue
    file=$(grep -m1 "/$name\$" "$root.libraries") || { echo "rootfs.sh: no package in packages.list has $name" >&2; exit 1; }
    cp -L "$file" "$library_dir/$name"
    chmod 644 "$library_dir/$name"
    pending=1
  done
done
rm -f "$root.libraries"
"$here/stubs.sh" "$root"

# /bin/sh is dash: busybox's own shell would run its own ip and ping instead of the real ones.
ln -s dash "$root/usr/bin/sh"

# busybox's names for everything else.
while read -r applet; do
  case $applet in ''|'#'*) continue ;; esac
  ln -s busybox "$root/usr/bin/$applet"
done < "$here/busybox.list"

# iptables: the nft back end, which is Debian 12's default.
for command in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -s xtables-nft-multi "$root/usr/sbin/$command"
done

#!/bin/bash
# Lists a folder for the kernel's gen_init_cpio, sorted, everything owned by 0:0:
# cpio-list.sh ROOT-FOLDER
set -euo pipefail
export LC_ALL=C
root=$(cd "$1" && pwd)

# The console of the first process, before devtmpfs is mounted.
echo "dir /dev 755 0 0"
echo "nod /dev/console 600 0 0 c 5 1"
find "$root" -mindepth 1 -printf '%P\t%y\t%m\t%l\n' | sort | while IFS=$'\t' read -r path type mode target; do
  [ "$path" != dev ] || continue
  case $type in
    d) echo "dir /$path $mode 0 0" ;;
    f) echo "file /$path $root/$path $mode 0 0" ;;
    l) echo "slink /$path $target 777 0 0" ;;
    *) echo "cpio-list.sh: /$path is neither folder, file nor link" >&2; exit 1 ;;
  esac
done

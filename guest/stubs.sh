#!/bin/bash
# Makes the stand-in libraries of stubs.list: stubs.sh ROOT-FOLDER
# The functions of each are those that programs and libraries already in ROOT-FOLDER ask for.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$1" && pwd)
export LC_ALL=C
work=$root.stubs
rm -rf "$work"
mkdir -p "$work"
cd "$work" # relative names: no path gets into the result

# "VERSION-NODE FUNCTION" a line, - for no version. objdump fails on what is not ELF or has no
# dynamic symbols; that is no error here.
find "$root/usr" -type f \( -perm -u+x -o -name '*.so*' \) | sort | { xargs objdump -T 2>/dev/null || true; } |
  awk '/\*UND\*/ { node = $(NF - 1); if (!gsub(/[()]/, "", node)) node = "-"; print node, $NF }' | sort -u > wanted

while read -r library node functions results; do
  case $library in ''|'#'*) continue ;; esac
  grep -E "^$node ($functions)" wanted > mine || { echo "stubs.sh: nothing asks for $library" >&2; exit 1; }
  grep -vE "^$node ($functions)" wanted > rest || true
  mv rest wanted
  {
    echo "static const long zeros[64];"
    while read -r _ function; do
      result=0
      for pair in $results; do
        [ "${pair%%=*}" != "$function" ] || result=${pair#*=}
      done
      case $result in
        zeroed) result=zeros ;;
        *[!0-9-]*) result="\"${result//_/ }\"" ;;
      esac
      echo "const void *$function(void) { return (const void *)$result; }"
    done < mine
  } > stub.c
  version_script=()
  if [ "$node" != - ]; then
    echo "$node { global: *; };" > stub.map
    version_script=(-Wl,--version-script,stub.map)
  fi
  gcc -m32 -march=i686 -O2 -fPIC -ffreestanding -fno-builtin -fno-stack-protector -fcf-protection=none \
    -fno-asynchronous-unwind-tables -nostdlib -shared -s -w \
    -Wl,--build-id=none -Wl,-soname,"$library" "${version_script[@]}" -Wl,-z,noexecstack \
    -o "$root/usr/lib/i386-linux-gnu/$library" stub.c
  chmod 644 "$root/usr/lib/i386-linux-gnu/$library"
done < "$here/stubs.list"
cd /
rm -rf "$work"

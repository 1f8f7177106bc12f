#!/bin/bash
# Builds the kernel: kernel.sh SOURCE-FOLDER OUTPUT-FILE. SOURCE_DATE_EPOCH must be set.
# The source is built in place, so that no path of this machine gets into the result.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$1
output=$2

export LC_ALL=C TZ=UTC
export KBUILD_BUILD_TIMESTAMP="@$SOURCE_DATE_EPOCH"
export KBUILD_BUILD_USER=refigure KBUILD_BUILD_HOST=refigure KBUILD_BUILD_VERSION=1
unset CFLAGS CPPFLAGS LDFLAGS KCFLAGS MAKEFLAGS

kernel_make() { make -s -C "$source" ARCH=i386 "$@"; }

kernel_make KCONFIG_ALLCONFIG="$here/kernel.config" allnoconfig >/dev/null

# Kconfig drops an option with an unmet dependency without a word. Not here.
wrong=0
while IFS= read -r line; do
  case $line in
    CONFIG_*=*) grep -qxF "$line" "$source/.config" || { echo "kernel.config: not accepted: $line" >&2; wrong=1; } ;;
    '# CONFIG_'*' is not set')
      name=${line#\# }; name=${name%% *}
      ! grep -q "^$name=" "$source/.config" || { echo "kernel.config: stayed on: $name" >&2; wrong=1; } ;;
  esac
done < "$here/kernel.config"
[ $wrong -eq 0 ]

kernel_make -j"$(nproc)" bzImage
cp "$source/arch/x86/boot/bzImage" "$output"

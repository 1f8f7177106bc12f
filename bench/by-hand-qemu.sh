#!/bin/sh
# The yardstick under QEMU: what one would write by hand to run the same commands in the same image. QEMU, ssh and sh; one
# ssh a command over one kept connection, output to the screen; no journal, no evidence, no claims, no report.
#   sh bench/by-hand-qemu.sh COMMANDS_FILE        one command a line; Linux
set -eu
commands=$1
image=$(dirname "$0")/../guest/image
folder=$(mktemp -d)
qemu=
trap '[ -z "$qemu" ] || kill "$qemu"; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
key=$(cut -d ' ' -f 2 "$folder/key.pub")
port=$((20000 + $$ % 20000))

qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -m 512 -nodefaults -display none -no-reboot \
  -serial "file:$folder/console" -kernel "$image/vmlinuz" -initrd "$image/initramfs.cpio.lz4" \
  -append "console=ttyS0 quiet rdinit=/init refigure.key=$key" \
  -netdev "user,id=net,restrict=on,net=192.168.86.0/24,hostfwd=tcp:127.0.0.1:$port-192.168.86.100:22" \
  -device virtio-net-pci,netdev=net,romfile= -device virtio-rng-pci &
qemu=$!
tries=0
until grep -q 'refigure-guest: ready' "$folder/console" 2>/dev/null; do
  tries=$((tries + 1))
  if [ "$tries" -eq 1200 ] || ! kill -0 "$qemu"; then
    tail "$folder/console" >&2
    exit 1
  fi
  sleep 0.05
done
grep -o 'ssh-ed25519 [A-Za-z0-9+/=]*' "$folder/console" | sed "s/^/[127.0.0.1]:$port /" >"$folder/known"

run() {
  ssh -q -p "$port" -i "$folder/key" -o IdentitiesOnly=yes -o UserKnownHostsFile="$folder/known" -o ControlMaster=auto \
    -o ControlPath="$folder/control" -o ControlPersist=60 root@127.0.0.1 "$1" </dev/null 2>&1 || true
}
run true
echo "first-command $(date +%s)"
while IFS= read -r command; do run "$command"; done <"$commands"
run 'exit'
ssh -q -O exit -o ControlPath="$folder/control" root@127.0.0.1 2>/dev/null || true

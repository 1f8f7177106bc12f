#!/bin/sh
# The yardstick for a distribution's disk under QEMU: what one would write by hand to run the same commands on the same
# image. QEMU, ssh and sh; an overlay, a seed for cloud-init (the guest makes one host key, where Refigure's seed brings
# one), one ssh a command over one kept connection, output to the screen; no journal, no evidence, no claims, no report.
#   sh bench/by-hand-disk.sh COMMANDS_FILE DISK USER MIB        one command a line; Linux
set -eu
commands=$1 disk=$2 user=$3 memory=$4
folder=$(mktemp -d)
qemu=
trap '[ -z "$qemu" ] || kill "$qemu"; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
mkdir "$folder/seed"
ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
printf 'instance-id: by-hand\n' >"$folder/seed/meta-data"
printf '#cloud-config\nssh_genkeytypes: [ed25519]\nssh_authorized_keys: ["%s"]\n' "$(cat "$folder/key.pub")" \
  >"$folder/seed/user-data"
qemu-img create -q -f qcow2 -F qcow2 -b "$disk" "$folder/overlay.qcow2"
port=$((20000 + $$ % 20000))

qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -m "$memory" -nodefaults -display none -no-reboot \
  -serial "file:$folder/console" \
  -drive "file=$folder/overlay.qcow2,if=none,id=disk,cache=unsafe" -device virtio-blk-pci,drive=disk,bootindex=0 \
  -blockdev "driver=vvfat,node-name=seed,dir=$folder/seed,label=cidata,read-only=true" -device virtio-blk-pci,drive=seed \
  -netdev "user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:$port-:22" \
  -device virtio-net-pci,netdev=net,romfile= -device virtio-rng-pci &
qemu=$!

# Trust on first use: nobody has told the host key.
run() {
  printf '%s\n' "$1" | ssh -q -p "$port" -i "$folder/key" -o IdentitiesOnly=yes -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile="$folder/known" -o ConnectTimeout=2 -o ControlMaster=auto -o ControlPath="$folder/control" \
    -o ControlPersist=60 "$user@127.0.0.1" sudo -n sh 2>&1
}
tries=0
until run true; do
  tries=$((tries + 1))
  if [ "$tries" -eq 300 ] || ! kill -0 "$qemu"; then
    tail "$folder/console" >&2
    exit 1
  fi
  sleep 0.2
done
run 'i=0; while [ ! -e /run/cloud-init/result.json ] && [ $i -lt 240 ]; do sleep 0.5; i=$((i + 1)); done'
echo "first-command $(date +%s)"
while IFS= read -r command; do run "$command" || true; done <"$commands"
ssh -q -O exit -o ControlPath="$folder/control" "$user@127.0.0.1" 2>/dev/null || true

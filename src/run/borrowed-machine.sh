# Looks at a machine of the user's before a run, and leaves it as it was afterwards.
#
# Comes over standard input behind journal.sh, whose rf_find_family it uses, and needs nothing on the machine's disk: a run
# may have lost its folder, or never got that far. borrowed-machine.ts sets these, and calls rb_look or rb_clean:
#     rb_folder                  of the run's files; also the mark in the environment of its processes
#     rb_namespaces rb_devices   what the study makes, separated by blanks
#     rb_netns                   what /run/netns was before: `absent`, `folder` or `mount`
#
# Prints lines `WHAT|TEXT`. WHAT is `there` for what the study makes and is there, `process` and `folder` for what else is
# left of the run, `said` for what a command complained of, `netns` as above, and otherwise a part of the machine's state.
# The last line is `done|`.

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

rb_look() {
  rb_print_there
  rb_print_state
  echo 'done|'
}

# In this order: a namespace lives on, without its name, for as long as a process is in it. Devices that were moved into a
# namespace go with it.
rb_clean() {
  rb_end_other_cleanings
  rb_end_processes
  for rb_name in $rb_devices; do
    if rb_has_device "$rb_name"; then rb_run ip link delete dev "$rb_name"; fi
  done
  for rb_name in $rb_namespaces; do
    if rb_has_namespace "$rb_name"; then rb_run ip netns delete "$rb_name"; fi
  done
  rb_restore_netns
  case $rb_folder in
    /tmp/refigure-?*) rm -rf "$rb_folder" ;;
  esac
  rb_print_there
  rb_find_processes
  for rb_pid in $rb_pids; do echo "process|$rb_pid"; done
  if [ -e "$rb_folder" ]; then echo "folder|$rb_folder"; fi
  rb_print_state
  echo 'done|'
}

rb_run() {
  "$@" </dev/null 2>&1 | sed 's/^/said|/'
}

rb_has_device() {
  ip link show dev "$1" </dev/null >/dev/null 2>&1
}

rb_has_namespace() {
  [ -e "/run/netns/$1" ] || [ -e "/var/run/netns/$1" ]
}

rb_print_there() {
  for rb_name in $rb_namespaces; do
    if rb_has_namespace "$rb_name"; then echo "there|namespace $rb_name"; fi
  done
  for rb_name in $rb_devices; do
    if rb_has_device "$rb_name"; then echo "there|device $rb_name"; fi
  done
}

# One whose connection was lost goes on, and could meet what the next run makes. REFIGURE_CLEANING is this shell's own
# mark; what else has it just now is `grep`, which has ended when its answer is read.
rb_end_other_cleanings() {
  for rb_file in $(grep -ls "REFIGURE_CLEANING=$rb_folder" /proc/[0-9]*/environ 2>/dev/null); do
    rb_file=${rb_file#/proc/}
    rb_pid=${rb_file%/environ}
    if [ "$rb_pid" != $$ ]; then kill -s KILL "$rb_pid" 2>/dev/null; fi
  done
}

# rb_find_processes: sets rb_pids to the run's processes, found by the mark in their environment (plan.ts, runMark), and to
# all that they started. So one is found that outlived its parents, but not if it has thrown its environment away, too.
# This script's own have no mark.
rb_find_processes() {
  rb_pids=
  for rb_file in $(grep -ls "REFIGURE_RUN=$rb_folder" /proc/[0-9]*/environ 2>/dev/null); do
    rb_file=${rb_file#/proc/}
    rb_pids="$rb_pids ${rb_file%/environ}"
  done
  if [ -n "$rb_pids" ]; then
    rf_find_family "$rb_pids"
    rb_pids="$rb_pids$rf_family"
  fi
}

# Several rounds: a shell whose command was ended may start the next one before its own turn comes.
rb_end_processes() {
  for rb_signal in TERM KILL KILL KILL; do
    rb_find_processes
    [ -n "$rb_pids" ] || return 0
    for rb_pid in $rb_pids; do kill -s "$rb_signal" "$rb_pid" 2>/dev/null; done
    sleep 1
  done
}

# `ip netns add` makes the folder, and mounts it on itself to share it (ip-netns(8)); neither is undone by the deletion.
rb_restore_netns() {
  case $rb_netns in
    absent | folder) ;;
    *) return 0 ;;
  esac
  if rb_is_mount && [ -z "$(ls -A /run/netns)" ]; then rb_run umount /run/netns; fi
  if [ "$rb_netns" = absent ] && [ -d /run/netns ]; then rmdir /run/netns 2>/dev/null; fi
}

rb_is_mount() {
  grep -q ' /run/netns ' /proc/mounts
}

rb_print_state() {
  if rb_is_mount; then echo 'netns|mount'
  elif [ -d /run/netns ]; then echo 'netns|folder'
  else echo 'netns|absent'
  fi
  rb_print link ip -o link
  rb_print address ip -o address
  rb_print route ip -4 route show table all
  rb_print route ip -6 route show table all
  rb_print rule ip -4 rule
  rb_print rule ip -6 rule
  rb_print namespace ip netns list
}

# rb_print WHAT COMMAND…
rb_print() {
  rb_what=$1
  shift
  "$@" </dev/null 2>/dev/null | sed "s/^/$rb_what|/"
}

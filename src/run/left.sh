# What an experiment leaves behind: namespaces, devices and processes that are there when it is over and were not before.
#
# Sourced by a plan beside journal.sh; the plan calls `rf_note` before the first step, and behind the last, in a shell of its own,
# rf_command with `what_is_left`. Nothing is forked but for a process that was left.

# rf_note: sets rf_namespaces, rf_devices and rf_processes to what is there, each between slashes.
rf_note() {
  rf_names /run/netns/*
  rf_namespaces=$rf_list
  rf_names /sys/class/net/*
  rf_devices=$rf_list
  rf_names /proc/[0-9]*
  rf_processes=$rf_list
}

# rf_names PATH…: sets rf_list to the last parts of those that are there.
rf_names() {
  rf_list=/
  for rf_path; do
    if [ -e "$rf_path" ]; then rf_list=$rf_list${rf_path##*/}/; fi
  done
}

what_is_left() {
  rf_tell_new namespace "$rf_namespaces" /run/netns/*
  rf_tell_new device "$rf_devices" /sys/class/net/*
  for rf_path in /proc/[0-9]*; do
    rf_child=${rf_path#/proc/}
    case $rf_processes in *"/$rf_child/"*) continue ;; esac
    if rf_is_left "$rf_path"; then
      IFS= read -r rf_name <"$rf_path/comm" && printf 'process %s %s\n' "$rf_child" "$rf_name"
    fi
  done 2>/dev/null
  return 0
}

# rf_tell_new KIND LIST PATH…: those that are not in LIST.
rf_tell_new() {
  rf_kind_of=$1
  rf_known=$2
  shift 2
  for rf_path; do
    [ -e "$rf_path" ] || continue
    case $rf_known in *"/${rf_path##*/}/"*) continue ;; esac
    printf '%s %s\n' "$rf_kind_of" "${rf_path##*/}"
  done
}

# rf_is_left /proc/N: a process that the run has started, by its environment, and that is neither this shell nor of the plan's
# watch. Whoever ends in this moment is not left, nor is one that has ended and was asked for by nobody (proc(5), the state Z).
rf_is_left() {
  IFS= read -r rf_stat <"$1/stat" || return 1
  rf_rest=${rf_stat##*) }
  rf_parent=${rf_rest#? }
  rf_parent=${rf_parent%% *}
  case $rf_rest in Z*) return 1 ;; esac
  case $rf_parent in 2 | "$rf_watcher" | "$$" | "$rf_pid") return 1 ;; esac
  [ "${1#/proc/}" != "$rf_pid" ] || return 1
  [ -n "${REFIGURE_RUN-}" ] || return 1
  tr '\0' '\n' <"$1/environ" | grep -qxF "REFIGURE_RUN=$REFIGURE_RUN" || return 1
  ! tr '\0' '\n' <"$1/cmdline" | grep -qE '/follow[.]sh$|[.]journal$'
}

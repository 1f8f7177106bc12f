# Processes in the background: what a study starts before a step's commands, and what is stopped when nobody needs it any more.
#
# Sourced by a plan beside journal.sh, whose header tells the marks; the plan calls, from its own shell:
#     rf_background PLACE ID TEXT READY LIMIT   between `rf_step` and `rf_program`
#     rf_stop PLACE SIGNAL SECONDS              between two steps, or between `rf_end_program` and `rf_step_end`
# PLACE is a number, of the plan's own for each process. Beside PLAN.state there come to be
#     PLAN.state.backPLACE          what it has printed, 16 MiB at most
#     PLAN.state.backPLACE.pid      of the shell that its text was handed to, or of the program that this became
#     PLAN.state.backPLACE.status   its exit status, and the uptime at which it ended
#     PLAN.state.backPLACE.over     all that it printed is there

# How much is kept of what one of them prints; in bytes, and in the blocks of ulimit (POSIX; bash under its own name has
# blocks of twice that).
rf_kept_bytes=16777216
rf_kept_blocks=32768

# rf_background PLACE ID TEXT READY LIMIT: READY is a condition of the shell, in which $rf_printed is the file of what it has
# printed; empty: it need not be waited for. LIMIT is that of the readiness, in s.
rf_background() {
  rf_seq=$((rf_seq + 1))
  rf_uptime
  rf_later "background $rf_seq $2"
  rf_waiting="$rf_waiting$3"
  rf_later "started $rf_seq $rf_now"
  rf_flush
  eval "rf_back_$1=$rf_seq"
  rf_printed=$rf_state.back$1
  : >"$rf_printed"
  rf_replaced "$3"
  rf_spawn "$rf_printed" "$rf_text" 2>/dev/null
  rf_set_state idle
  until [ -s "$rf_printed.pid" ]; do rf_pause; done
  if [ -n "$4" ]; then
    rf_await "$4" "$5"
    rf_uptime
    rf_mark "ready $rf_seq $rf_now $rf_found"
    rf_set_state idle
  fi
}

# rf_replaced TEXT: sets rf_text to TEXT, by which the shell becomes the program where TEXT is but its name and plain words: a
# shell that stays would print that its child was terminated, and return its own status.
rf_replaced() {
  rf_text=$1
  case $1 in
    *[!A-Za-z0-9' '_./:@%+,=-]*) ;;
    *)
      case $(command -v "${1%% *}") in
        /*) rf_text="exec $1" ;;
      esac
      ;;
  esac
}

# rf_spawn FILE TEXT: leaves a process behind that no shell waits for. `&` would have it ignore interrupts for good
# (POSIX.1-2017, 2.11), and all that it runs. So it is the first of a pipeline in the foreground, whose shell the second ends.
rf_spawn() {
  (
    IFS=' ' read -r rf_self rf_rest </proc/self/stat
    rf_keep "$1" "$2" </dev/null >/dev/null 8>&- | kill -KILL "$rf_self"
  )
}

# What a daemon leaves behind may hold the pipe; `over` comes when nobody does.
rf_keep() {
  {
    (
      IFS=' ' read -r rf_self rf_rest </proc/self/stat
      printf '%s\n' "$rf_self" >"$1.pid"
      cd "$REFIGURE_STUDY" && exec $rf_setsid sh -c "$2"
    ) 2>&1
    rf_status=$?
    rf_uptime
    printf '%s %s\n' "$rf_status" "$rf_now" >"$1.status"
  } | (
    (
      ulimit -f "$rf_kept_blocks"
      exec cat >"$1"
    )
    cat >/dev/null
    printf 'over\n' >"$1.over"
  )
}

# rf_await CONDITION LIMIT: sets rf_found to `ready`; to `late` after LIMIT s; or to `ended` where the process did before. The
# watch ends a condition that does not come to an end itself.
rf_await() {
  rf_deadline=$((${rf_now%.*} + $2))
  (
    IFS=' ' read -r rf_pid rf_rest </proc/self/stat
    rf_set_state busy
    while :; do
      if (eval "$1") </dev/null >/dev/null 2>&1 8>&-; then exit 0; fi
      if [ -s "$rf_printed.status" ]; then exit 2; fi
      rf_uptime
      if [ "${rf_now%.*}" -ge "$rf_deadline" ]; then exit 1; fi
      rf_pause
    done
  ) 2>/dev/null
  case $? in
    0) rf_found=ready ;;
    2) rf_found=ended ;;
    *) rf_found=late ;;
  esac
}

# Not every sleep knows of tenths.
rf_pause() {
  sleep 0.1 2>/dev/null || sleep 1
}

# rf_stop PLACE SIGNAL SECONDS: SECONDS are those that the process has after SIGNAL, before it is killed. Then what it has
# printed is told.
rf_stop() {
  eval "rf_mine=\${rf_back_$1-}"
  if [ -z "$rf_mine" ]; then return; fi
  eval "rf_back_$1="
  rf_printed=$rf_state.back$1
  IFS=' ' read -r rf_main rf_rest <"$rf_printed.pid"
  rf_how=exited
  if [ ! -s "$rf_printed.status" ]; then rf_end_process "$2" "$3"; fi
  # What it started and left behind; a session of its own is a group of its own.
  if [ -n "$rf_setsid" ]; then kill -KILL "-$rf_main" 2>/dev/null; fi
  rf_wait_for "$rf_printed.over" 2
  rf_tell_background
  rm -f "$rf_printed" "$rf_printed".*
}

rf_tell_background() {
  rf_cut=whole
  if [ "$(wc -c <"$rf_printed")" -ge "$rf_kept_bytes" ]; then rf_cut=cut; fi
  rf_mark "output $rf_mine $rf_cut"
  head -c "$rf_kept_bytes" "$rf_printed" >&8
  rf_uptime
  rf_found=137 # it could not even be killed
  if [ -s "$rf_printed.status" ]; then IFS=' ' read -r rf_found rf_now <"$rf_printed.status"; fi
  rf_mark "end $rf_mine $rf_now $rf_found $rf_how"
  rf_set_state idle
}

# rf_end_process SIGNAL SECONDS: signals what the shell runs, so that this returns its status; a shell that goes on is a loop,
# or has a trap, and is signalled, too.
rf_end_process() {
  rf_how=stopped
  rf_find_family "$rf_main"
  if [ "$rf_family" != ' ' ]; then
    rf_signal "$1" $rf_family 2>/dev/null
    rf_wait_for "$rf_printed.status" 1 && return
    rf_find_family "$rf_main"
  fi
  rf_signal "$1" "$rf_main" $rf_family 2>/dev/null
  rf_wait_for "$rf_printed.status" "$2" && return
  rf_how=killed
  rf_find_family "$rf_main"
  rf_signal KILL "$rf_main" $rf_family 2>/dev/null
  rf_wait_for "$rf_printed.status" 5
}

# rf_wait_for FILE SECONDS: until something is in FILE.
rf_wait_for() {
  rf_uptime
  rf_until=$((${rf_now%.*} + $2 + 1))
  until [ -s "$1" ]; do
    rf_uptime
    if [ "${rf_now%.*}" -ge "$rf_until" ]; then return 1; fi
    rf_pause
  done
}

# The journal: runs commands one after another and frames each in one append-only file, byte for byte.
#
# Sourced by a plan (made by plan.ts) whose output is piped through `tee` into the journal, and which calls:
#     rf_open NONCE STATE_FILE QUANTUM
#     ( rf_step ID PURPOSE; rf_command ID 'TEXT' …; rf_script FILE; rf_flush ); rf_step_end "$?" ID   once for each step
#     rf_close
#
# POSIX shell plus Linux's /proc; runs alike on dash, bash and busybox. It forks as little as it can: under an emulator
# a fork with exec costs 50 ms, so times come from /proc by the shell's own `read`. Commands write to a pipe, not to the
# journal itself: a command that opens /dev/stdout would truncate a file.
#
# Format 2. The first line is `refigure-journal 2 NONCE`. Then come marks and, between them, raw bytes. A mark is
#     \n#NONCE NUMBER KIND FIELDS…\n
# whose NUMBER is greater than that of every mark before it. What looks like a mark but has an old number is output (of
# a command that printed the journal, say). A newline before `#` belongs to the mark; it is there, unless another process
# printed something just then (see rf_later). The kinds:
#     clock EPOCH UPTIME        the guest's wall clock (s since 1970, to within one) at an uptime (s), as all times below
#     step ID PURPOSE           a step begins; PURPOSE is `study` (of its commands), `topology` (the network is observed after
#                               it) or `facts` (the guest is asked what it is)
#     command N ID [SUBJECT]    what follows is the text of command N. ID says which one of the step it is: `cK` the K-th that
#                               the study lists, `lK` the one that begins in line K of the script, or the name of a probe of
#                               Refigure's own; SUBJECT is the namespace that a probe looks into
#     run N UPTIME              it starts now; what follows is what it prints
#     stderr N                  (only where asked for) what follows is what it printed on standard error
#     end N UPTIME STATUS HOW   it ended; HOW is `exited`, `limit` (over its time limit) or `left` (its shell ended)
#     step-end ID STATUS
#     done UPTIME               nothing follows
# An `end` is written with the `command` that follows it, or when its step is over: what a process that was left behind
# prints before that still counts as the command's output. Bytes outside a command's text and output belong to no command.
# Format 1 had neither PURPOSE nor ID nor SUBJECT (evidence/journal-format-1.ts).
# What this file's own shell complains of (that it killed a step, say) is held back and comes before `done`.

LC_ALL=C
export LC_ALL

# rf_uptime: sets rf_now to the uptime in seconds; its resolution is 10 ms (proc(5)).
rf_uptime() {
  IFS=' ' read -r rf_now rf_rest </proc/uptime
}

# rf_boot_time: sets rf_booted to when the machine booted, by its wall clock as it is now, in whole s since 1970 (proc(5),
# btime). `date` would be a process more.
rf_boot_time() {
  while IFS=' ' read -r rf_key rf_booted rf_rest; do
    if [ "$rf_key" = btime ]; then break; fi
  done </proc/stat
}

# rf_later 'KIND FIELDS…': a mark that goes out with what is written next, since each write wakes tee, sshd and the
# network, which can take longer than a command. rf_flush writes what waits; rf_mark waits for nothing.
#
# Nothing can come into one write of fewer than PIPE_BUF bytes (pipe(7)); but bash writes line by line, so what a process
# that was left behind prints may come between the first newline of a mark and the rest.
rf_later() {
  rf_number=$((rf_number + 1))
  rf_waiting="$rf_waiting
#$rf_nonce $rf_number $1
"
}

# Again where it failed: busybox's printf gives up, with nothing written, when a child ends while it waits for room in the
# pipe.
rf_flush() {
  if [ -n "$rf_waiting" ]; then
    { printf '%s' "$rf_waiting" || printf '%s' "$rf_waiting" || printf '%s' "$rf_waiting"; } >&8
  fi
  rf_waiting=
}

rf_mark() {
  rf_later "$1"
  rf_flush
}

# rf_set_state STATE: `idle` or `busy`, with the counts, for the watch and for the shell around the step's.
rf_set_state() {
  printf '%s %s %s %s %s\n' "$1" "$rf_seq" "$rf_number" "$rf_pid" "$rf_deadline" >"$rf_state"
}

rf_open() {
  rf_nonce=$1
  rf_state=$2
  rf_number=0
  rf_seq=0
  rf_pid=0
  rf_deadline=0
  exec 8>&1 2>"$rf_state.errors"
  rf_uptime
  rf_boot_time
  rf_waiting="refigure-journal 2 $rf_nonce
"
  # Both were cut to whole seconds, so that half a second is missing of each.
  rf_mark "clock $((rf_booted + ${rf_now%.*} + 1)) $rf_now"
  rf_set_state idle
  rf_watch "$3" </dev/null >/dev/null 2>&1 8>&- &
  rf_watcher=$!
}

rf_step() {
  IFS=' ' read -r rf_pid rf_rest </proc/self/stat
  rf_later "step $1 $2"
}

# rf_step_end STATUS ID: also ends a command whose shell ended in its midst (`exit`, `exec`, or killed). The step ran in
# a subshell, so its counts come from the state; marks that it made after its last state are jumped over.
rf_step_end() {
  IFS=' ' read -r rf_was rf_seq rf_number rf_rest <"$rf_state"
  rf_number=$((rf_number + 10))
  if [ "$rf_was" = busy ]; then
    rf_how=left
    if [ -e "$rf_state.limit$rf_seq" ]; then rf_how=limit; fi
    rf_uptime
    if [ -e "$rf_state.stderr$rf_seq" ]; then rf_show_stderr; fi
    rf_mark "end $rf_seq $rf_now $1 $rf_how"
  fi
  rf_mark "step-end $2 $1"
  rf_set_state idle
}

# rf_command 'ID [SUBJECT]' TEXT LIMIT [SEPARATE]: runs TEXT in this shell, so that variables and `cd` last for the rest of
# the step. LIMIT is in s; standard error is kept apart where SEPARATE is not empty.
rf_command() {
  rf_limit=$3
  rf_separate=${4:-}
  rf_seq=$((rf_seq + 1))
  rf_uptime
  rf_deadline=$((${rf_now%.*} + rf_limit))
  rf_set_state busy
  rf_later "command $rf_seq $1"
  rf_waiting="$rf_waiting$2"
  rf_later "run $rf_seq $rf_now"
  rf_flush
  rf_run "$2"
  rf_status=$?
  rf_uptime
  if [ -n "$rf_separate" ]; then rf_show_stderr; fi
  rf_how=exited
  if [ -e "$rf_state.limit$rf_seq" ]; then rf_how=limit; fi
  rf_later "end $rf_seq $rf_now $rf_status $rf_how"
  rf_set_state idle
}

# rf_run TEXT: a function of its own, so that a `return` in the text ends the command only.
rf_run() {
  if [ -n "$rf_separate" ]; then
    eval "$1" </dev/null >&8 2>"$rf_state.stderr$rf_seq" 4<&-
  else
    eval "$1" </dev/null >&8 2>&8 4<&-
  fi
}

rf_show_stderr() {
  rf_mark "stderr $rf_seq"
  cat "$rf_state.stderr$rf_seq" >&8
}

# rf_script FILE: runs each complete command of a script by itself; its ID is `l` with the line in which it begins. The plan
# defines rf_annotate, which sets rf_limit and rf_separate for a line. Blank lines and comments between commands are skipped; lines are gathered until this very shell accepts them as complete, so compound commands, here-documents and
# continued lines work. What never becomes complete is run as it stands, and the shell's own error is its output.
rf_script() {
  rf_gathered=
  rf_lines=0
  while IFS= read -r rf_line <&4 || [ -n "$rf_line" ]; do
    rf_lines=$((rf_lines + 1))
    if [ -n "$rf_gathered" ]; then
      rf_gathered="$rf_gathered
$rf_line"
    else
      rf_indent=${rf_line%%[! 	]*}
      case ${rf_line#"$rf_indent"} in '' | '#'*) continue ;; esac
      rf_gathered=$rf_line
      rf_first=$rf_lines
    fi
    if rf_complete "$rf_gathered"; then
      rf_whole=$rf_gathered
      rf_gathered=
      rf_annotate "$rf_first"
      rf_command "l$rf_first" "$rf_whole" "$rf_limit" "$rf_separate"
    fi
    rf_line=
  done 4<"$1"
  if [ -n "$rf_gathered" ]; then
    rf_annotate "$rf_first"
    rf_command "l$rf_first" "$rf_gathered" "$rf_limit" "$rf_separate"
  fi
}

# rf_complete TEXT: asks the shell, by wrapping the text into a function (a fork, so only where the text holds something
# that could leave it open).
rf_complete() {
  case $1 in
    *[\'\"\`\(\{\\\|\&\<]* | *if* | *for* | *while* | *until* | *case* | *select*) ;;
    *) return 0 ;;
  esac
  (eval "rf_probe() {
$1
}") >/dev/null 2>&1
}

# rf_watch QUANTUM: ends what runs over its limit. It looks every QUANTUM seconds, so a limit is kept to within that.
rf_watch() {
  while sleep "$1"; do
    IFS=' ' read -r rf_was rf_seq rf_number rf_pid rf_deadline <"$rf_state" || continue
    rf_uptime
    if [ "$rf_was" != busy ] || [ "${rf_now%.*}" -lt "$rf_deadline" ]; then continue; fi
    : >"$rf_state.limit$rf_seq"
    rf_end TERM
    sleep 1
    rf_end KILL || continue
    sleep 1
    rf_end KILL "$rf_pid" # a loop of the shell itself
  done
}

# rf_end SIGNAL [PID]: for PID and all descendants of the step's shell; false when the command has ended. They are found
# before the first one is signalled: once they end, the next command begins, and its processes are not meant.
rf_end() {
  rf_find_family "$rf_pid"
  rf_still_running "$rf_seq" || return 1
  for rf_child in ${2:-} $rf_family; do kill -"$1" "$rf_child"; done
  return 0
}

rf_still_running() {
  IFS=' ' read -r rf_was rf_current rf_rest <"$rf_state"
  [ "$rf_was $rf_current" = "busy $1" ]
}

# rf_find_family PID: sets rf_family to all its descendants. A process's parent is the 4th field of /proc/N/stat
# (proc(5)); the 2nd, its name, may hold blanks and parentheses.
rf_find_family() {
  rf_family=' '
  rf_grown=yes
  while [ -n "$rf_grown" ]; do
    rf_grown=
    for rf_dir in /proc/[0-9]*; do
      IFS= read -r rf_stat 2>/dev/null <"$rf_dir/stat" || continue
      rf_child=${rf_dir#/proc/}
      rf_parent=${rf_stat##*) ? }
      rf_parent=${rf_parent%% *}
      case $rf_family in *" $rf_child "*) continue ;; esac
      case " $1$rf_family" in
        *" $rf_parent "*)
          rf_family="$rf_family$rf_child "
          rf_grown=yes
          ;;
      esac
    done
  done
}

rf_close() {
  kill "$rf_watcher"
  if [ -s "$rf_state.errors" ]; then cat "$rf_state.errors" >&8; fi
  rf_uptime
  rf_mark "done $rf_now"
  rm -f "$rf_state" "$rf_state".*
}

# The journal: runs a plan's steps one after another and frames each command in one append-only file, byte for byte.
#
# Sourced by a plan (made by plan.ts), whose output is the journal, and which calls:
#     rf_open NONCE PLAN QUANTUM COPY…
#     once for each step:
#     rf_step ID study; [rf_whole TEXT LIMIT;] rf_program FOLDER FILE WORDS…; rf_step_end "$?" ID
# where something belongs to the step beside its program, and to the experiment beside its steps (background.sh, collect.sh):
#     rf_step ID study; [rf_background …;] rf_program …; rf_end_program "$?"; [rf_stop …;] [rf_collect …;] rf_step_end "$rf_ended" ID
#     rf_stop …
#     once for what Refigure asks itself:
#     ( rf_step ID PURPOSE; rf_command ID 'TEXT' LIMIT …; rf_flush ); rf_step_end "$?" ID
#     rf_close
#
# POSIX shell plus Linux's /proc; runs alike on dash, bash and busybox. It forks as little as it can: under an emulator
# a fork with exec costs 50 ms, so times come from /proc by the shell's own `read`.
#
# What prints writes to a named pipe, PLAN.pipe, which COPY (`cat`, say) copies to the journal. A program of the study's is a process of its
# own in a session of its own, with nothing open but /dev/null and that pipe: what it does to itself (`kill 0`, `exec >log`,
# `exec 8>x`, `set -C`) it does to nobody else. Its marks are written by itself (mark.sh), before each of its commands, by the
# pipe's path, so that they keep their place among what it prints. PLAN.state says how far it is.
#
# Format 3. The first line is `refigure-journal 3 NONCE`. Then come marks and, between them, raw bytes. A mark is
#     \n#NONCE NUMBER KIND FIELDS…\n
# whose NUMBER is greater than that of every mark before it. What looks like a mark but has an old number is output (of
# a command that printed the journal, say); each journal has a nonce of its own. A newline before `#` belongs to the mark; it
# is there, unless another process printed something just then (see rf_later). Root of the same machine could forge a mark
# on purpose; nothing that is printed by accident is one. The kinds:
#     clock EPOCH UPTIME        the guest's wall clock (s since 1970, to within one) at an uptime (s), as all times below
#     step ID PURPOSE           a step begins; PURPOSE is `study` (of its commands), `topology` (the network is observed after
#                               it), `needs` (the guest is asked for what the experiment needs), `left` (what that has left
#                               behind) or `facts` (what it is)
#     command N ID [SUBJECT]    what follows is the text of command N. ID says which one of the step it is: `cK` the K-th that
#                               the study lists, `lK` the one that begins in line K of the script, `whole` a script that can't
#                               be traced, `fK` the K-th file that is collected after it (what it "prints" is that file), or
#                               the name of a probe of Refigure's own; SUBJECT is what a probe looks into: a namespace, say
#     run N UPTIME              it starts now; what follows is what it prints
#     stderr N                  (only where asked for, and of a file that can't be collected) what follows is what it printed
#                               on standard error
#     end N UPTIME STATUS HOW   it ended; HOW is `exited`, `limit` (over its time limit) or `left` (its shell ended in its midst)
#     background N ID           what follows is the text of command N, which runs beside those that come; ID is `bK`, the K-th
#                               that the study has its step start
#     started N UPTIME          it has; nothing follows
#     ready N UPTIME HOW        what it was waited for is there: HOW is `ready`; or it is not: `late` (its time is over), `ended`
#                               (the process did)
#     output N HOW              when it has been stopped: what follows is what it had printed, the `whole`, or `cut` where that
#                               was more than is kept; then comes its `end`, whose HOW is `exited` (by itself, before), `stopped`
#                               (by the signal) or `killed` (it did not mind that)
#     step-end ID STATUS        STATUS is that of the step's program
#     done UPTIME               nothing follows
# An `end` is written with the `command` that follows it, or when its step is over: what a process that was left behind, or a
# trap on EXIT, prints before that still counts as the command's output. Bytes outside a command's text and output belong to
# no command. Format 2 had nothing in the background, no `needs` and no `left`; format 1 had neither PURPOSE nor ID nor SUBJECT either
# (evidence/journal-format-1.ts).
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

# rf_later 'KIND FIELDS…': a mark that goes out with what is written next, since each write wakes cat, sshd and the
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

# rf_set_state STATE: `idle`, `busy` with a command, busy with the `last` one of its program (which then says the status that
# it had), or with a `whole` script; with the counts, for the watch and for the shell around the step's.
rf_set_state() {
  printf '%s %s %s %s %s - 0\n' "$1" "$rf_seq" "$rf_number" "$rf_pid" "$rf_deadline" >"$rf_state"
}

# rf_open NONCE PLAN QUANTUM COPY…: PLAN is where its pipe, its state and what it complains of are, less their endings; COPY is the
# command that copies the pipe to where the journal is read.
rf_open() {
  rf_nonce=$1
  rf_plan=$2
  rf_state=$2.state
  rf_number=0
  rf_seq=0
  rf_pid=0
  rf_deadline=0
  rf_kind=idle
  rf_setsid=
  if command -v setsid >/dev/null; then rf_setsid=setsid; fi
  mkfifo "$rf_plan.pipe"
  rf_quantum=$3
  shift 3
  "$@" <"$rf_plan.pipe" &
  exec 8>"$rf_plan.pipe" >&8 2>"$rf_state.errors"
  rf_uptime
  rf_boot_time
  rf_waiting="refigure-journal 3 $rf_nonce
"
  # Both were cut to whole seconds, so that half a second is missing of each.
  rf_mark "clock $((rf_booted + ${rf_now%.*} + 1)) $rf_now"
  rf_set_state idle
  # In a shell of its own: dash keeps open what it puts in the place of a function's descriptors, the pipe's among them.
  (rf_watch "$rf_quantum") </dev/null >/dev/null 2>&1 8>&- &
  rf_watcher=$!
}

rf_step() {
  IFS=' ' read -r rf_pid rf_rest </proc/self/stat
  rf_later "step $1 $2"
}

# rf_whole TEXT LIMIT: the program that comes is one command.
rf_whole() {
  rf_begin whole "$1" "$2"
  rf_kind=whole
}

# rf_program FOLDER FILE WORDS…: runs a program of the study's by WORDS, from the study's folder. Where it is traced, FOLDER holds
# the text with marks in it, which stands in the place of FILE when its shell opens it. What it replaces is there as
# `original`, and comes back: by the first mark where somebody may read it, and else when the program has ended.
rf_program() {
  rf_folder=$1
  rf_file=$REFIGURE_STUDY/$2
  shift 2
  rf_flush
  if [ -e "$rf_folder/program" ]; then mv -f "$rf_folder/program" "$rf_file"; fi
  rf_run_program "$@"
  rf_status=$?
  if [ -e "$rf_folder/original" ]; then mv -f "$rf_folder/original" "$rf_file"; fi
  return "$rf_status"
}

# Not in the background: there an interrupt would be ignored for good (POSIX.1-2017, 2.11).
rf_run_program() (
  IFS=' ' read -r rf_pid rf_rest </proc/self/stat
  rf_set_state "$rf_kind"
  exec </dev/null 2>&8 8>&-
  cd "$REFIGURE_STUDY" && exec $rf_setsid "$@"
)

# rf_step_end STATUS ID: STATUS is that of the step's program.
rf_step_end() {
  rf_end_program "$1"
  rf_mark "step-end $2 $1"
  rf_set_state idle
}

# rf_end_program STATUS: ends the last command, and one whose shell ended in its midst (`exit`, `exec`, or killed). The
# step ran in another shell, so its counts come from the state; marks that it made after its last state are jumped over.
rf_end_program() {
  rf_ended=$1
  IFS=' ' read -r rf_was rf_seq rf_number rf_pid rf_deadline rf_apart rf_found <"$rf_state"
  rf_number=$((rf_number + 10))
  rf_how=exited
  case $rf_was in
    busy) rf_how=left rf_found=$1 ;;
    whole) rf_found=$1 ;;
  esac
  if [ "$rf_was" != idle ]; then rf_end_last "$rf_found"; fi
  rf_kind=idle
  rf_set_state idle
}

rf_end_last() {
  if [ -e "$rf_state.limit$rf_seq" ]; then rf_how=limit; fi
  rf_uptime
  if [ "$rf_apart" != - ]; then
    rf_mark "stderr $rf_seq"
    cat "$rf_apart" >&8
  fi
  rf_mark "end $rf_seq $rf_now $1 $rf_how"
}

# rf_begin 'ID [SUBJECT]' TEXT LIMIT: the marks before a command.
rf_begin() {
  rf_seq=$((rf_seq + 1))
  rf_uptime
  rf_deadline=$((${rf_now%.*} + $3))
  rf_later "command $rf_seq $1"
  rf_waiting="$rf_waiting$2"
  rf_later "run $rf_seq $rf_now"
}

# rf_command 'ID [SUBJECT]' TEXT LIMIT: runs a command of Refigure's own in this shell. LIMIT is in s.
rf_command() {
  rf_begin_own "$@"
  eval "$2" </dev/null >&8 2>&8
  rf_end_own "$?"
}

# rf_command_kept: the same; also sets rf_kept to what it printed, which goes out with its end. A dot keeps its last newlines.
rf_command_kept() {
  rf_begin_own "$@"
  rf_kept=$(
    eval "$2" </dev/null 2>&1
    rf_status=$?
    echo .
    exit "$rf_status"
  )
  rf_status=$?
  rf_kept=${rf_kept%.}
  rf_waiting="$rf_waiting$rf_kept"
  rf_end_own "$rf_status"
}

rf_begin_own() {
  rf_begin "$@"
  rf_set_state busy
  rf_flush
}

# rf_end_own STATUS
rf_end_own() {
  rf_status=$1
  rf_uptime
  rf_how=exited
  if [ -e "$rf_state.limit$rf_seq" ]; then rf_how=limit; fi
  rf_later "end $rf_seq $rf_now $rf_status $rf_how"
  rf_set_state idle
}

# rf_watch QUANTUM: ends what runs over its limit. It looks every QUANTUM seconds, so a limit is kept to within that.
rf_watch() {
  while sleep "$1"; do
    IFS=' ' read -r rf_was rf_seq rf_number rf_pid rf_deadline rf_rest <"$rf_state" || continue
    rf_uptime
    if [ "$rf_was" = idle ] || [ "${rf_now%.*}" -lt "$rf_deadline" ]; then continue; fi
    : >"$rf_state.limit$rf_seq"
    rf_end_descendants && rf_end_shell
  done
}

# rf_end_descendants: interrupts the command's processes, so that ping prints what it counted, and then ends those that do
# not mind. True when the command goes on all the same: it is a loop of the shell itself.
rf_end_descendants() {
  for rf_signal in INT TERM KILL; do
    rf_find_family "$rf_pid"
    rf_still_running "$rf_seq" || return 1
    [ "$rf_family" != ' ' ] || return 0
    rf_signal "$rf_signal" $rf_family
    sleep 1
  done
  rf_still_running "$rf_seq"
}

# Its descendants are found before it is signalled: once it ends, they are nobody's.
rf_end_shell() {
  for rf_signal in TERM KILL KILL; do
    rf_find_family "$rf_pid"
    rf_still_running "$rf_seq" || return
    rf_signal "$rf_signal" "$rf_pid" $rf_family
    sleep 1
  done
}

# rf_signal SIGNAL PID…
rf_signal() {
  rf_sent=$1
  shift
  for rf_child; do kill -"$rf_sent" "$rf_child"; done
}

rf_still_running() {
  IFS=' ' read -r rf_was rf_current rf_rest <"$rf_state"
  [ "$rf_was" != idle ] && [ "$rf_current" = "$1" ]
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
  rm -f "$rf_state" "$rf_state".* "$rf_plan.pipe"
}

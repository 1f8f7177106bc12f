# Files of the guest that a study collects after a step's commands: each is a command of the journal, which prints it.
#
# Sourced by a plan beside journal.sh; the plan calls it between `rf_end_program` and `rf_step_end`.

# rf_collect ID TEXT FILE LIMIT: of FILE, LIMIT bytes at most. TEXT is the command that would print it. Its status is 1 where there
# is no such file, and 2 where that has more bytes.
rf_collect() {
  rf_begin "$1" "$2" 0
  rf_flush
  rf_found=0
  rf_why=
  if [ ! -e "$3" ]; then
    rf_found=1 rf_why="there is no file $3"
  elif [ ! -f "$3" ]; then
    rf_found=1 rf_why="$3 is no plain file"
  else
    if ! head -c "$4" "$3" >&8; then rf_found=1 rf_why="$3 cannot be read"; fi
    rf_bytes=$(wc -c <"$3")
    if [ "$rf_bytes" -gt "$4" ]; then rf_found=2 rf_why="$3 has $((rf_bytes)) bytes, more than the limit of $4"; fi
  fi
  if [ "$rf_found" != 0 ]; then
    rf_mark "stderr $rf_seq"
    printf '%s\n' "$rf_why" >&8
  fi
  rf_uptime
  rf_mark "end $rf_seq $rf_now $rf_found exited"
  rf_set_state idle
}

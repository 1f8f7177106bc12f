# sh follow.sh PLAN JOURNAL OFFSET
#
# Starts a plan, once, and prints its journal from a byte offset on as it grows, until standard input ends. Called again
# after a lost connection it only prints: what is asked for twice does not run twice.
#
# The plan writes to a file, and `tail` reads that: so neither a connection that is lost nor one that is slow holds up a
# command. Beside JOURNAL there come to be
#     JOURNAL.begun     the plan was started
#     JOURNAL.done      it ran to its end
#     JOURNAL.over      it has ended, in whatever way
#     JOURNAL.errors    what this file's shell complained of, that it could not write the journal say
plan=$1 journal=$2 offset=$3

exec 3<&0
true >>"$journal"
set -C # so that of two that are started at once, one starts the plan (open(2), O_EXCL)
starts=
if { true >"$journal.begun"; } 2>/dev/null; then starts=yes; fi
set +C

tail -c "+$((offset + 1))" -f "$journal" 3<&- &
tail=$!
# Ends when whoever follows has had enough, and when the connection is lost.
{ read -r line <&3; kill "$tail"; } >/dev/null 2>&1 &
exec 3<&-

if [ -z "$starts" ]; then
  if [ -s "$journal.errors" ]; then cat "$journal.errors" >&2; fi
  # Nothing more comes of a plan that was killed, or that could not write.
  {
    until [ -e "$journal.over" ]; do sleep 1; done
    if [ ! -e "$journal.done" ]; then
      sleep 1 # for `tail` to print the rest
      kill "$tail"
    fi
  } </dev/null >/dev/null 2>&1 &
  over=$!
  exec 2>/dev/null
  wait "$tail"
  kill "$over"
  exit
fi

# From here on nothing but `tail` holds the connection. What the plan prints goes through a pipe that the plan makes (journal.sh);
# a process that is left behind and holds that pipe holds nothing else.
exec </dev/null >/dev/null 2>"$journal.errors"
sh "$plan" "$journal.done" >>"$journal" 2>&1
true >"$journal.over"
if [ ! -e "$journal.done" ]; then
  sleep 1 # for `tail` to print the rest
  kill "$tail"
fi
exec 2>/dev/null
wait "$tail" # sshd takes standard input away from what a process leaves behind

# A mark: what runs in the shell of a step's program before each of its commands, and after the last one.
#
# Sourced there by a file of the command's own (program.ts), which sets
#     _rf_found   the status that the last command has left
#     _rf_id      of the command that comes now; empty after the last one
#     _rf_text    of that command
#     _rf_limit   in s
#     _rf_errors  the file to which it writes standard error apart; `-`: to none
#     _rf_plan    the beginning of the names of the plan's pipe and state
#     _rf_nonce   of the journal
#
# The program must not see that it was here: `$?` and, in bash, `$_` are as before, no option or trap is changed or tripped, no
# variable stays, and nothing forks. Its shell may be dash, bash or busybox's ash in any state: with functions named read
# and printf, with set -e, -u, -f, -C or -a, another IFS, and descriptors closed. So the journal is opened by its path.
# A script that is run again by another shell is not traced there: that one's number is not the step's.
#
# `#` and the nonce stand apart here, so that no print of this file, or of one that sources it, reads as a mark.
IFS=' ' \command \read -r _rf_was _rf_seq _rf_number _rf_pid _rf_deadline _rf_apart _rf_rest <"$_rf_plan.state"
IFS=' ' \command \read -r _rf_now _rf_rest </proc/uptime
_rf_how=exited
\command \test -e "$_rf_plan.state.limit$_rf_seq" && _rf_how=limit
case $$:$_rf_id in
  "$_rf_pid:")
    \command \printf 'last %s %s %s %s %s %s\n' \
      "$_rf_seq" "$_rf_number" "$_rf_pid" "$_rf_deadline" "$_rf_apart" "$_rf_found" >|"$_rf_plan.state"
    ;;
  "$_rf_pid:"*)
    case $_rf_was:$_rf_apart in
      busy:-) ;;
      busy:*)
        \command \printf '\n#%s %s stderr %s\n' "$_rf_nonce" "$((_rf_number + 1))" "$_rf_seq" >>"$_rf_plan.pipe"
        \command -p cat "$_rf_apart" >>"$_rf_plan.pipe"
        ;;
    esac
    # Again where it failed: busybox's printf gives up, with nothing written, when a child ends while it waits for room.
    for _rf_try in 1 2 3; do
      case $_rf_was in
        busy)
          \command \printf '\n#%s %s end %s %s %s %s\n\n#%s %s command %s %s\n%s\n#%s %s run %s %s\n' \
            "$_rf_nonce" "$((_rf_number + 2))" "$_rf_seq" "$_rf_now" "$_rf_found" "$_rf_how" \
            "$_rf_nonce" "$((_rf_number + 3))" "$((_rf_seq + 1))" "$_rf_id" "$_rf_text" \
            "$_rf_nonce" "$((_rf_number + 4))" "$((_rf_seq + 1))" "$_rf_now" >>"$_rf_plan.pipe"
          ;;
        *)
          \command \printf '\n#%s %s command %s %s\n%s\n#%s %s run %s %s\n' \
            "$_rf_nonce" "$((_rf_number + 3))" "$((_rf_seq + 1))" "$_rf_id" "$_rf_text" \
            "$_rf_nonce" "$((_rf_number + 4))" "$((_rf_seq + 1))" "$_rf_now" >>"$_rf_plan.pipe"
          ;;
      esac && \break
    done
    \command \printf 'busy %s %s %s %s %s -\n' \
      "$((_rf_seq + 1))" "$((_rf_number + 4))" "$_rf_pid" "$((${_rf_now%.*} + _rf_limit))" "$_rf_errors" >|"$_rf_plan.state"
    ;;
esac
\eval "\\unset _rf_found _rf_id _rf_text _rf_limit _rf_errors _rf_plan _rf_nonce _rf_was _rf_seq _rf_number _rf_pid \
  _rf_deadline _rf_apart _rf_rest _rf_now _rf_how _rf_try; \\return $_rf_found" && :

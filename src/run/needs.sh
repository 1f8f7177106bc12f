# What an experiment needs of its guest: asked before its first step, each by a command of the journal whose ID is the kind and whose
# SUBJECT is the name. A status of 0 says that it is there, 2 that it can't be known, and any other that it is lacking.
#
# Sourced by a plan beside journal.sh; the plan calls, in a shell of its own, `rf_need` for each, and then goes on only where there
# is no PLAN.skipped. That stays, for the plans that build on this one.

# rf_need KIND NAME TEXT LIMIT
rf_need() {
  rf_command "$1 $2" "$3" "$4"
  case $rf_status in
    0) ;;
    2) [ "$1" = kernel ] || true >"$rf_plan.skipped" ;;
    *) true >"$rf_plan.skipped" ;;
  esac
}

# kernel_has NAME: of an option the kernel's configuration tells, where it is there; of a module what is loaded, what the kernel was
# built with, and what modprobe finds. A kernel without a folder of modules tells nothing of what it was built with.
kernel_has() {
  kernel_release=$(uname -r)
  case $1 in
    CONFIG_*)
      for config in /proc/config.gz "/boot/config-$kernel_release" "/lib/modules/$kernel_release/config"; do
        [ -r "$config" ] || continue
        case $config in
          *.gz) zcat "$config" ;;
          *) cat "$config" ;;
        esac | grep -E "^$1=[ym]"
        return
      done
      return 2
      ;;
  esac
  if [ -d "/sys/module/$(echo "$1" | tr - _)" ]; then
    echo "$1 is loaded"
    return
  fi
  if [ ! -r "/lib/modules/$kernel_release/modules.builtin" ] || ! command -v modprobe >/dev/null; then
    echo "nothing tells whether this kernel has $1"
    return 2
  fi
  modprobe -n -v "$1"
}

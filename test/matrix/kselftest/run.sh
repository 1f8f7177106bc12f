#!/bin/sh
# Runs selftests of one folder by the kernel's own runner, which says in TAP what came of each: run.sh FOLDER SCRIPT...
BASE_DIR=$REFIGURE_STUDY/selftests
export BASE_DIR
# The library that altnames.sh reads asks for a packet generator, unless it is told that none is needed.
export REQUIRE_MZ=no
. "$BASE_DIR/kselftest/runner.sh"

# The runner's own needs --foreground, which the guest's timeout does not know.
tap_timeout() {
  timeout "$kselftest_timeout" $1
}

cd "$BASE_DIR/$1" || exit
shift
run_many "$@"

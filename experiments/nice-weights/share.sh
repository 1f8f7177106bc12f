# Two loops that only compute share one processor, the second with a nice value. What is printed is how long each has had it, in
# ticks of 10 ms (proc(5), /proc/PID/stat, utime).
sh -c 'while :; do :; done' &
plain=$!
sh -c 'while :; do :; done' &
polite=$!
renice -n "$nice" -p "$polite"
sleep 8
cut -d ' ' -f 14 "/proc/$plain/stat" "/proc/$polite/stat"
kill "$plain" "$polite"

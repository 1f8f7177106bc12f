# The same shaper each time, and in it the queue that is asked for, with what it does by default.
ip netns exec router tc qdisc replace dev r2 root handle 1: tbf rate 4mbit burst 1600 limit 1000000
ip netns exec router tc qdisc replace dev r2 parent 1:1 handle 10: "$queue"
ip netns exec busy iperf3 -c 10.3.0.1 -t 14 -i 0 -J | jq -c .end >/tmp/load.json &
sleep 3
ip netns exec quiet ping -c 50 -i 0.2 10.3.0.1
wait "$!"
cat /tmp/load.json
ip netns exec router tc qdisc delete dev r2 root

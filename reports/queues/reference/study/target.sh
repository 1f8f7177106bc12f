# A packet of 1514 bytes takes 24 ms at 500 kbit/s, and 3 ms at 4000 kbit/s.
ip netns exec router tc qdisc replace dev r2 root handle 1: tbf rate "${rate}kbit" burst 1600 limit 1000000
ip netns exec router tc qdisc replace dev r2 parent 1:1 handle 10: fq_codel target "${target}ms"
ip netns exec busy iperf3 -c 10.3.0.1 -t 14 -i 0 -J | jq -c .end >/tmp/load.json &
sleep 3
ip netns exec quiet ping -c 100 -i 0.1 10.3.0.1
wait "$!"
cat /tmp/load.json
ip netns exec router tc qdisc delete dev r2 root

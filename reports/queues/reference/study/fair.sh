# The busy host has four flows, the quiet one has one. cake brings a shaper of its own, and makes its target as long as a packet
# takes at that rate: 12 ms at 1 Mbit/s. fq_codel has to be told.
case $queue in
  cake-by-flow) ip netns exec router tc qdisc replace dev r2 root cake bandwidth 1mbit flows ;;
  cake-by-host) ip netns exec router tc qdisc replace dev r2 root cake bandwidth 1mbit dual-srchost ;;
  *) ip netns exec router tc qdisc replace dev r2 root handle 1: tbf rate 1mbit burst 1600 limit 1000000 ;;
esac
case $queue in
  pfifo) ip netns exec router tc qdisc replace dev r2 parent 1:1 handle 10: pfifo ;;
  fq_codel) ip netns exec router tc qdisc replace dev r2 parent 1:1 handle 10: fq_codel target 15ms ;;
esac
ip netns exec busy iperf3 -c 10.3.0.1 -p 5202 -P 4 -t 25 -i 0 -J | jq -c .end.sum_received >/tmp/busy.json &
ip netns exec quiet iperf3 -c 10.3.0.1 -p 5201 -t 25 -i 0 -J | jq -c .end.sum_received
wait "$!"
cat /tmp/busy.json
ip netns exec router tc qdisc delete dev r2 root

# Two flows through one buffer, of as many bandwidth-delay products as `buffer` says: 2 Mbit/s for 100 ms are 25000 bytes.
# `flow` is the one that is reported; the other one competes.
if [ "$flow" = bbr ]; then other=cubic; else other=bbr; fi
ip netns exec router tc qdisc replace dev r1 root tbf rate 2mbit burst 3000 limit "$(echo "$buffer" | awk '{ print $1 * 25000 }')"
ip netns exec far tc qdisc replace dev f1 root netem delay 50ms limit 5000
ip netns exec receiver tc qdisc replace dev d0 root netem delay 50ms limit 5000
ip netns exec sender iperf3 -c 10.3.0.2 -p 5202 -C "$other" -t 40 -i 0 -J | jq -c .end >/tmp/other.json &
ip netns exec sender iperf3 -c 10.3.0.2 -p 5201 -C "$flow" -t 40 -i 0 -J | jq -c .end
wait "$!"
cat /tmp/other.json

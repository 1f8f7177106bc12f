# Section 2.1, step 2: moving an interface resets its state, so it is started and given its address now.
ip netns exec ns0 ip link set lo up
ip netns exec ns0 ip link set tap0 up
ip netns exec ns0 ip address add 10.1.1.1/24 dev tap0
ip netns exec ns1 ip link set lo up
ip netns exec ns1 ip link set tap1 up
ip netns exec ns1 ip addr add 10.1.1.2/24 dev tap1
ip netns exec ns0 ip a
ip netns exec ns1 ip a

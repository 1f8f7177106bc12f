# Section 2.2, step 5: now they answer; and the neighbour table tells by which device.
ip netns exec ns0 ping -c 4 10.1.1.2
ip netns exec ns1 ping -c 4 10.1.1.1
ip netns exec ns0 ip neigh
ip netns exec ns1 ip neigh

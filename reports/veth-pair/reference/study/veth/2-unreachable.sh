# Section 2.2, step 2: the link alone changes nothing for the pings.
ip netns exec ns0 ping -c 4 10.1.1.2
ip netns exec ns1 ping -c 4 10.1.1.1

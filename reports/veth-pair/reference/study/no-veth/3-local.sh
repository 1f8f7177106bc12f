# Section 2.1, step 3: each namespace reaches its own address.
ip netns exec ns0 ping -c 4 10.1.1.1
ip netns exec ns1 ping -c 4 10.1.1.2

# Section 2.1, step 4: and not the other's.
ip netns exec ns0 ping -c 4 10.1.1.2

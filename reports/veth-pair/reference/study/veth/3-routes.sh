# Section 2.2, step 3: because the route still leads to the tap.
ip netns exec ns0 ip route
ip netns exec ns1 ip route

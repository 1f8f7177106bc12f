# Section 2.2, step 4: so it is turned to the veth end, in both namespaces.
ip netns exec ns0 ip route change 10.1.1.0/24 via 0.0.0.0 dev veth0
ip netns exec ns1 ip route change 10.1.1.0/24 via 0.0.0.0 dev veth1
ip netns exec ns0 ip route
ip netns exec ns1 ip route
